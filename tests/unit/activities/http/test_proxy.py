"""The URL of a proxy, as it is read from its setting."""

import pytest

from activities.http.proxy import Proxy

SECRET = "pa55word"


@pytest.mark.parametrize(
    ("text", "authority", "url"),
    [
        ("http://proxy.test:3128", "proxy.test:3128", "http://proxy.test:3128"),
        ("https://proxy.test:3128/", "proxy.test:3128", "https://proxy.test:3128"),
        ("HTTP://Proxy.TEST:3128", "proxy.test:3128", "http://proxy.test:3128"),
        # As in any URL; `http://proxy:80` and `http://proxy` are the same.
        ("http://proxy.test", "proxy.test:80", "http://proxy.test:80"),
        ("http://proxy.test:80", "proxy.test:80", "http://proxy.test:80"),
        ("https://proxy.test", "proxy.test:443", "https://proxy.test:443"),
        ("http://proxy.test:1", "proxy.test:1", "http://proxy.test:1"),
        ("http://proxy.test:65535", "proxy.test:65535", "http://proxy.test:65535"),
        ("http://10.0.0.1:3128", "10.0.0.1:3128", "http://10.0.0.1:3128"),
        ("http://[fd00::1]:3128", "[fd00::1]:3128", "http://[fd00::1]:3128"),
        ("http://squid_1:3128", "squid_1:3128", "http://squid_1:3128"),
        ("http://bücher.test:1", "xn--bcher-kva.test:1", "http://xn--bcher-kva.test:1"),
        ("http://user:word@proxy.test:1", "proxy.test:1", "http://proxy.test:1"),
        ("http://user:w%40rd@proxy.test:1", "proxy.test:1", "http://proxy.test:1"),
        ("http://user@proxy.test:1", "proxy.test:1", "http://proxy.test:1"),
        ("http://user:a:b@[::1]:1", "[::1]:1", "http://[::1]:1"),
    ],
)
def test_a_proxy_has_a_host_a_port_and_perhaps_credentials(
    text: str, authority: str, url: str
) -> None:
    proxy = Proxy.parse(text)
    assert (proxy.authority, proxy.url) == (authority, url)


@pytest.mark.parametrize(
    "text",
    [
        # Another scheme, or no scheme.
        *(f"{scheme}://user:{SECRET}@proxy.test:1080" for scheme in ("socks5", "socks5h", "ftp")),
        f"user:{SECRET}@proxy.test:3128",
        f"//user:{SECRET}@proxy.test:3128",
        f"{SECRET}.proxy.test:3128",
        f" http://user:{SECRET}@proxy.test:3128",
        f"http:user:{SECRET}@proxy.test:3128",
        # No host, or a malformed one.
        "",
        "http",
        "http://",
        "http:///",
        "http://:3128",
        f"http://user:{SECRET}@",
        f"http://user:{SECRET}@:3128",
        f"http://user:{SECRET}@[::1:3128",
        f"http://user:{SECRET}@[fe80::1%25eth0]:3128",
        f"http://user:{SECRET}@proxy test:3128",
        f"http://user:{SECRET}@proxy,other:3128",
        f"http://user:{SECRET}@%70roxy.test:3128",
        f"http://user:{SECRET}@proxy.test\\x:3128",
        f"http://user:{SECRET}@proxy.test,http://other.test",
        # A malformed port.
        f"http://user:{SECRET}@proxy.test:0",
        f"http://user:{SECRET}@proxy.test:-1",
        f"http://user:{SECRET}@proxy.test:65536",
        f"http://user:{SECRET}@proxy.test:99999",
        f"http://user:{SECRET}@proxy.test:http",
        # More than a proxy needs, perhaps a password that is not percent-encoded.
        f"http://user:{SECRET}@proxy.test:3128/path",
        f"http://user:{SECRET}@proxy.test:3128/?query",
        f"http://user:{SECRET}@proxy.test:3128#fragment",
        f"http://user:/{SECRET}@proxy.test:3128",
        f"http://user:?{SECRET}@proxy.test:3128",
        f"http://user:#{SECRET}@proxy.test:3128",
        f"http://user/{SECRET}@proxy.test:3128",
        # A user with a colon, which Basic cannot express (RFC 7617).
        f"http://us%3Aer:{SECRET}@proxy.test:3128",
        f"http://user:{SECRET}@proxy.test:3128\n",
        f"http://user:{SECRET}\x00@proxy.test:3128",
    ],
)
def test_a_malformed_proxy_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ValueError, match=r"^it") as raised:
        Proxy.parse(text)
    assert SECRET not in f"{raised.value} {raised.value.__cause__}"
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


def test_credentials_are_in_no_repr() -> None:
    proxy = Proxy.parse(f"http://cust0mer:{SECRET}@proxy.test:3128")
    for text in (repr(proxy), str(proxy), f"{proxy}", repr([proxy]), proxy.authority):
        assert SECRET not in text
        assert "cust0mer" not in text
        assert "proxy.test" in text
