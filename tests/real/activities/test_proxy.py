"""Requests through a proxy: what the proxy sees, what the target gets, what is refused."""

import asyncio
import ssl
import time
from pathlib import Path

import pytest

from tests.support.certificates import Authority
from tests.support.proxy import ForwardProxy, sending_through
from tests.support.raw_receiver import (
    SIGNATURE,
    Recorder,
    dripping,
    new_guarded_client,
    no_answer,
    post,
    receiving,
)
from tests.support.until import until
from tidings import FailureKind


async def test_an_http_target_is_requested_by_its_url(proxy_tls: ssl.SSLContext | None) -> None:
    """Only the proxy resolves the target's name."""
    proxy, target = ForwardProxy(), Recorder()
    async with receiving(target) as at, sending_through(proxy, proxy_tls) as client:
        answer = await post(client, f"http://orders.test:{at.port}/path?a=%E6%94%AF")
    assert answer.body == b"ok"
    assert proxy.first_lines == [f"POST http://orders.test:{at.port}/path?a=%E6%94%AF HTTP/1.1"]
    head = target.heads[0]
    assert head[0] == "POST /path?a=%E6%94%AF HTTP/1.1"
    assert f"host: orders.test:{at.port}" in head
    assert f"webhook-signature: {SIGNATURE}" in head
    assert target.bodies == [b"hello"]


async def test_an_https_target_is_reached_through_one_tunnel(
    proxy_tls: ssl.SSLContext | None, target_tls: ssl.SSLContext
) -> None:
    """The proxy learns host and port of the target, and nothing of the request."""
    proxy, target = ForwardProxy(), Recorder()
    async with receiving(target, tls=target_tls) as at, sending_through(proxy, proxy_tls) as client:
        for _ in range(2):
            answer = await post(client, f"https://orders.test:{at.port}/path?a=%E6%94%AF")
            assert answer.body == b"ok"
    assert proxy.first_lines == [f"CONNECT orders.test:{at.port} HTTP/1.1"]
    asked = "\n".join(proxy.heads[0]).lower()
    assert f"host: orders.test:{at.port}" in asked
    assert not [each for each in ("webhook", "text/plain", "tidings", "/path") if each in asked]
    assert [head[0] for head in target.heads] == ["POST /path?a=%E6%94%AF HTTP/1.1"] * 2
    assert f"webhook-signature: {SIGNATURE}" in target.heads[0]
    assert target.bodies == [b"hello"] * 2


async def test_a_tunnel_to_an_ipv6_address_has_it_in_brackets(authority: Authority) -> None:
    proxy, target = ForwardProxy(), Recorder()
    async with (
        receiving(target, tls=authority.server("2606:4700::1111")) as at,
        sending_through(proxy) as client,
    ):
        await post(client, f"https://[2606:4700::1111]:{at.port}/")
    assert proxy.first_lines == [f"CONNECT [2606:4700::1111]:{at.port} HTTP/1.1"]


@pytest.mark.parametrize(
    ("userinfo", "credentials"),
    [
        ("user:password@", b"user:password"),
        ("us%40er:p%40ss%3Aw%2Fo%25rd%3F%23@", b"us@er:p@ss:w/o%rd?#"),
        ("user:pass:word@", b"user:pass:word"),
        ("user@", b"user:"),
        (":password@", b":password"),
        ("us%C3%A9r:%E5%AF%86%E7%A0%81@", "usér:密码".encode()),
        ("usér:密码@", "usér:密码".encode()),
        ("user:%FF%00@", b"user:\xff\x00"),
        ("user:100%@", b"user:100%"),
    ],
)
@pytest.mark.parametrize("target_scheme", ["http", "https"])
async def test_credentials_reach_the_proxy_and_nobody_else(
    userinfo: str, credentials: bytes, target_scheme: str, target_tls: ssl.SSLContext
) -> None:
    """They are the bytes that the URL percent-encodes, in any charset (RFC 7617)."""
    proxy, target = ForwardProxy(credentials=credentials), Recorder()
    tls = target_tls if target_scheme == "https" else None
    async with (
        receiving(target, tls=tls) as at,
        sending_through(proxy, userinfo=userinfo) as client,
    ):
        await post(client, f"{target_scheme}://orders.test:{at.port}/")
    assert not [line for line in target.heads[0] if "authorization" in line]


async def test_without_credentials_none_are_sent(target_tls: ssl.SSLContext) -> None:
    proxy, target = ForwardProxy(), Recorder()
    async with (
        receiving(target, tls=target_tls) as at,
        sending_through(proxy, userinfo="") as client,
    ):
        await post(client, f"https://orders.test:{at.port}/")
    assert not [line for line in proxy.heads[0] if "authorization" in line.lower()]


@pytest.mark.parametrize("spell", [str.upper, str.lower])
async def test_a_proxy_of_the_environment_is_never_used(
    spell: type[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The passwords of a .netrc are not used either."""
    other, target = ForwardProxy(), Recorder()
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password s3cret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    async with receiving(other) as elsewhere, receiving(target) as at:
        for name in ("http_proxy", "https_proxy", "all_proxy", "ws_proxy"):
            monkeypatch.setenv(spell(name), f"http://127.0.0.1:{elsewhere.port}")
        async with new_guarded_client("127.0.0.1") as client:
            await post(client, f"http://127.0.0.1:{at.port}/")
    assert other.heads == []
    assert not [line for line in target.heads[0] if "authorization" in line]


async def test_no_variable_leads_around_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("no_proxy", "orders.test")
    proxy, target = ForwardProxy(), Recorder()
    async with receiving(target) as at, sending_through(proxy) as client:
        await post(client, f"http://orders.test:{at.port}/")
    assert len(proxy.heads) == 1


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.8.9.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "0.0.0.0"),  # noqa: S104
        *("[::1]", "[::]", "[fd00::1]", "[fe80::1]", "[::ffff:10.0.0.1]", "[64:ff9b::a00:1]"),
        *("169.254.169.254", "[fd00:ec2::254]", "100.100.100.200", "[::ffff:169.254.169.254]"),
        *("localhost", "LOCALHOST", "localhost.", "a.localhost", "b.a.localhost."),
        *("127.0.0.1.", "127.1", "127.1.", "0", "0x7f000001", "0x7f.1", "0X7F.1"),
        *("2130706433", "017700000001"),
        *("orders.test:22", "orders.test:1", "orders.test:1023", "8.8.8.8:25"),
    ],
)
@pytest.mark.parametrize("target_scheme", ["http", "https"])
async def test_the_guard_refuses_without_asking_the_proxy(
    connects: list[str], host: str, target_scheme: str
) -> None:
    async with sending_through(ForwardProxy()) as client:
        error = await no_answer(client, f"{target_scheme}://{host}/?q=s3cret")
    assert error.kind is FailureKind.EGRESS_REFUSED
    assert "TIDINGS_EGRESS_ALLOW" in error.detail or "nothing may admit" in error.detail
    assert connects == []


@pytest.mark.parametrize(
    "host", ["orders.test", "8.8.8.8", "[2606:4700::1111]", "xn--fiq228c.test", "localhost.test"]
)
async def test_the_guard_permits_names_and_public_addresses(host: str) -> None:
    """The proxy is on loopback. Its setting permits it, and no other address there."""
    proxy, target = ForwardProxy(), Recorder()
    async with receiving(target) as at, sending_through(proxy) as client:
        await post(client, f"http://{host}:{at.port}/")
        error = await no_answer(client, f"http://localhost:{at.port}/")
    assert error.kind is FailureKind.EGRESS_REFUSED
    assert proxy.first_lines == [f"POST http://{host}:{at.port}/ HTTP/1.1"]


@pytest.mark.parametrize(
    "dripped",
    [
        b"HTTP/1.1 200 OK\r\nX-Slow: y\r\n" * 9,
        b"H" * 99,
        b"HTTP/1.1 502 No\r\nContent-Length: 100000\r\n\r\n" + b"x" * 99,
    ],
    ids=["headers", "status line", "body"],
)
@pytest.mark.parametrize("target_scheme", ["http", "https"])
async def test_a_dripping_proxy_is_held_to_the_deadline(
    dripped: bytes, target_scheme: str, proxy_tls: ssl.SSLContext | None
) -> None:
    drip = dripping(b"", dripped, every=0.02)
    proxy = ForwardProxy(instead_of_tunnel=drip, instead_of_forwarding=drip)
    async with sending_through(proxy, proxy_tls) as client:
        began = time.monotonic()
        error = await no_answer(client, f"{target_scheme}://orders.test/", timeout=0.3)
        took = time.monotonic() - began
    assert took < 2
    assert error.kind in {FailureKind.PROXY, FailureKind.TIMEOUT, FailureKind.PROTOCOL}


async def test_attempts_that_wait_for_the_proxy_end_together(
    target_tls: ssl.SSLContext,
) -> None:
    """A proxy that forgets some tunnels still makes others."""
    forgetful = 0

    async def forget(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal forgetful
        forgetful += 1
        await asyncio.sleep(30)
        writer.close()

    proxy, target = ForwardProxy(instead_of_tunnel=forget), Recorder()
    async with receiving(target, tls=target_tls) as at, sending_through(proxy) as client:
        waiting = [
            asyncio.create_task(no_answer(client, f"https://orders.test:{at.port}/", timeout=1))
            for _ in range(30)
        ]
        await until(lambda: forgetful == len(waiting))
        proxy.instead_of_tunnel = None
        await post(client, f"https://orders.test:{at.port}/")
        kinds = {error.kind for error in await asyncio.gather(*waiting)}
    assert kinds == {FailureKind.PROXY}
