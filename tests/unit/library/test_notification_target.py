"""The target of a notification."""

import pytest

from tests.support.samples import SECRET, notification, refusal

LONGEST_HOST = ".".join(["x" * 63] * 3 + ["x" * 61])
assert len(LONGEST_HOST) == 253


@pytest.mark.parametrize(
    ("target", "authority"),
    [
        ("http://orders.example.com", "orders.example.com:80"),
        ("https://orders.example.com/notify?a=b&c=%E6%94%AF", "orders.example.com:443"),
        ("https://Orders.Example.COM/Notify", "orders.example.com:443"),
        ("HTTPS://orders.example.com/", "orders.example.com:443"),
        ("https://orders.example.com:443/", "orders.example.com:443"),
        ("http://orders.example.com:8080?a=b", "orders.example.com:8080"),
        ("http://orders.example.com:65535/", "orders.example.com:65535"),
        ("http://localhost:1/", "localhost:1"),
        ("http://order_service:8000/", "order_service:8000"),
        ("http://127.0.0.1:8000/", "127.0.0.1:8000"),
        ("http://[::1]/", "[::1]:80"),
        ("http://[2001:DB8::1]:8080/", "[2001:db8::1]:8080"),
        ("http://xn--fiq228c.example/", "xn--fiq228c.example:80"),
        ("https://orders.example.com/@me?to=a@b.example", "orders.example.com:443"),
        ("https://orders.example.com/" + "x" * (2048 - 27), "orders.example.com:443"),
        (f"http://{'x' * 63}.example/", f"{'x' * 63}.example:80"),
        (f"http://{LONGEST_HOST}/", f"{LONGEST_HOST}:80"),
        (f"http://{LONGEST_HOST}.:8080/", f"{LONGEST_HOST}.:8080"),
        ("http://-a-._b_.0-9.example/", "-a-._b_.0-9.example:80"),
    ],
)
def test_a_target_is_kept_as_it_is_and_known_by_host_and_port(target: str, authority: str) -> None:
    given = notification(target=target)
    assert given.target == target
    assert given.authority == authority


@pytest.mark.parametrize(
    ("target", "rule"),
    [
        # Hosts that readers disagree on.
        ("http://good.example\\.evil.example/", "some parsers read its host as"),
        ("http://0x7f.1/", "127.0.0.1"),
        ("http://2130706433/", "127.0.0.1"),
        ("http://017700000001/", "127.0.0.1"),
        ("http://127.1/", "127.0.0.1"),
        ("http://127.1:80/", "127.0.0.1"),
        ("http://127.0.0.1./", "127.0.0.1"),
        ("http://0/", "0.0.0.0"),  # noqa: S104 -- a name, and refused
        ("http://%6c%6f%63%61%6c%68%6f%73%74/", "localhost"),
        ("http:orders.example.com/", "some parsers read its host as"),
        ("http:/orders.example.com/", "some parsers read its host as"),
        ("http:///orders.example.com/", "some parsers read its host as"),
        # What is no host and port.
        ("http://", "not a URL"),
        ("http:///", "not a URL"),
        ("http://[::1/", "not a URL"),
        ("http://[::1]evil.example/", "not a URL"),
        ("http://[fe80::1%25eth0]/", "not a URL"),
        ("http://256.1.1.1/", "not a URL"),
        ("http://orders.example.com:65536/", "not a URL"),
        ("http://orders.example.com:-1/", "not a URL"),
        ("http://orders.example.com:http/", "not a URL"),
        ("http://a..example.com/", "1 to 63"),
        ("http://a..example.com:8080/", "1 to 63"),
        ("http://.example.com/", "1 to 63"),
        ("http://./", "1 to 63"),
        ("http://example.com../", "1 to 63"),
        (f"http://{'x' * 64}.example.com/", "1 to 63"),
        (f"http://example.{'x' * 64}/", "1 to 63"),
        (f"http://{LONGEST_HOST}x/", "253 in all"),
        (f"http://{LONGEST_HOST}x:8080/", "253 in all"),
        (f"http://{LONGEST_HOST}x./", "253 in all"),
        *((f"http://a{mark}b/", "letters, digits") for mark in "!$&'()*+,;=~`{}\""),
        ("http://[::1]:0/", "port 0"),
        # What is not http.
        ("ftp://orders.example.com/", "http:// or https://"),
        ("file:///etc/passwd", "http:// or https://"),
        ("ws://orders.example.com/", "http:// or https://"),
        ("orders.example.com/notify", "not a URL"),
        ("//orders.example.com/", "not a URL"),
        ("", "printable ASCII"),
        # What does not go over the wire as it is written.
        ("https://orders.example.com/#paid", "fragment"),
        ("https://orders.example.com/#", "fragment"),
        ("https://bücher.example/", "printable ASCII"),
        ("https://orders.example.com/支付", "printable ASCII"),
        (" https://orders.example.com/", "printable ASCII"),
        ("https://orders.example.com/ ", "printable ASCII"),
        ("https://orders.example.com/a b", "printable ASCII"),
        ("https://orders.example.com/\tb", "printable ASCII"),
        ("https://orders.example.com/\r\nhost: evil", "printable ASCII"),
        ("https://orders.example.com/\n", "printable ASCII"),
        ("https://orders.example.com/\x00", "printable ASCII"),
        ("https://orders.example.com/\x7f", "printable ASCII"),
        ("https://orders.example.com/\ud800", ""),
        ("https://orders.example.com/" + "x" * (2049 - 27), "2048"),
        (None, "None"),
        (5, "5"),
    ],
)
def test_a_target_that_could_mislead_or_fail_is_refused(target: object, rule: str) -> None:
    message = refusal(target=target)
    assert "Notification.target is " in message
    assert rule in message


@pytest.mark.parametrize("path", ["", "/", "/notify?a=b"])
def test_port_0_is_refused(path: str) -> None:
    assert "port 0" in refusal(target=f"http://orders.example.com:0{path}")


@pytest.mark.parametrize(
    "target",
    [
        f"http://{SECRET}@orders.example.com/",
        f"http://user:{SECRET}@orders.example.com/",
        f"http://:{SECRET}@orders.example.com/",
        f"http://good.example\\{SECRET}@evil.example/",
        f"http:user:{SECRET}@orders.example.com/",
        f"user:{SECRET}@orders.example.com",
        f"ftp://user:{SECRET}@orders.example.com/",
        f"http://user:{SECRET}@orders.example.com/ ",
        f"http://user:{SECRET}@orders.example.com/{'x' * 2048}",
        f"http://user:{SECRET}@orders.example.com:0/",
        [f"http://user:{SECRET}@orders.example.com/"],
        {"url": f"http://user:{SECRET}@orders.example.com/"},
        f"http://user:{SECRET}@orders.example.com/".encode() + b"\xff",
    ],
    ids=lambda target: ascii(target)[:50],
)
def test_a_target_that_may_hold_a_password_is_not_shown(target: object) -> None:
    message = refusal(target=target)
    assert "Notification.target: " in message
    assert SECRET not in message


@pytest.mark.parametrize("userinfo", ["user@", "user:password@", ":@", "@", "\\@"])
def test_a_user_or_password_is_refused(userinfo: str) -> None:
    assert "user or password" in refusal(target=f"http://{userinfo}orders.example.com/")


@pytest.mark.parametrize("field", ["target", "report_to"])
@pytest.mark.parametrize("end", ["#part", " ", "é", "&x=@"])
def test_the_query_of_a_bad_target_is_not_shown(field: str, end: str) -> None:
    """It may hold a secret."""
    if end == "&x=@":
        assert SECRET not in refusal(**{field: f"ftp://orders.test/?token={SECRET}{end}"})
    else:
        message = refusal(**{field: f"http://orders.test/?token={SECRET}{end}"})
        assert "http://orders.test/?…" in message
        assert SECRET not in message
