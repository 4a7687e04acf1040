"""What a target does behind a proxy that does its part is the target's own."""

import asyncio
import ssl

import pytest

from tidings import FailureKind

from .certificates import Authority
from .loopback import (
    OK,
    SECRET_QUERY,
    Behaviour,
    Receiver,
    blurting,
    echoing,
    failure,
    hanging_up,
    post,
    saying,
    serving,
    silence,
)
from .proxy import ForwardProxy, sending_through


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.make(tmp_path_factory.mktemp("authority"))


@pytest.fixture(autouse=True)
def trust(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))


@pytest.fixture
def target_tls(authority: Authority) -> ssl.SSLContext:
    return authority.server("orders.test")


@pytest.fixture(params=["http", "https"])
def proxy_tls(request: pytest.FixtureRequest, authority: Authority) -> ssl.SSLContext | None:
    """Of a proxy of either scheme."""
    return authority.server("localhost") if request.param == "https" else None


def told(status: int, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Whatever", *headers, "Content-Length: 2", "", "no"]
    return "\r\n".join(lines).encode()


@pytest.mark.parametrize(
    "answer",
    [
        told(200),
        told(404),
        told(502),
        told(407, 'Proxy-Authenticate: Basic realm="x"'),
        told(503, "X-Squid-Error: ERR_CONNECT_FAIL 111"),
        told(502, "Proxy-Status: gateway; error=dns_timeout"),
    ],
)
async def test_every_answer_through_a_tunnel_is_the_targets(
    answer: bytes, proxy_tls: ssl.SSLContext | None, target_tls: ssl.SSLContext
) -> None:
    """Whatever it has in front of it: our own proxy cannot see in."""
    async with (
        serving(Receiver(answer=answer), target_tls) as at,
        sending_through(ForwardProxy(), proxy_tls) as client,
    ):
        received = await post(client, f"https://orders.test:{at.port}/")
    assert (received.status_code, received.body) == (int(answer[9:12]), b"no")


@pytest.mark.parametrize(
    "answer",
    [
        told(200),
        told(404),
        told(502),
        told(504, "Via: 1.1 proxy"),
        told(502, "Proxy-Status: p; received-status=502"),
        told(502, "Proxy-Status: cdn; error=dns_timeout, p; received-status=502"),
        told(502, "Proxy-Status: cdn; error=dns_timeout", "Proxy-Status: p"),
        told(502, 'Proxy-Status: p; details="no; error=dns_timeout"'),
    ],
)
async def test_an_answer_that_no_proxy_marks_as_its_own_is_the_targets(answer: bytes) -> None:
    async with (
        serving(Receiver(answer=answer)) as at,
        sending_through(ForwardProxy()) as client,
    ):
        received = await post(client, f"http://orders.test:{at.port}/")
    assert received.status_code == int(answer[9:12])


async def test_a_target_without_trust_is_a_connection_failure(
    proxy_tls: ssl.SSLContext | None, authority: Authority
) -> None:
    tls = authority.server("orders.test", self_signed=True)
    async with (
        serving(Receiver(), tls) as at,
        sending_through(ForwardProxy(), proxy_tls) as client,
    ):
        error = await failure(client, f"https://orders.test:{at.port}/")
    assert error.kind is FailureKind.CONNECTION
    assert "self-signed" in error.detail


@pytest.mark.parametrize("behaviour", [hanging_up, echoing, blurting(told(400))])
async def test_a_target_that_breaks_the_handshake_is_a_connection_failure(
    behaviour: Behaviour, proxy_tls: ssl.SSLContext | None
) -> None:
    async with (
        serving(behaviour) as at,
        sending_through(ForwardProxy(), proxy_tls) as client,
    ):
        error = await failure(client, f"https://orders.test:{at.port}/", timeout=2)
    assert error.kind is FailureKind.CONNECTION
    assert not error.detail.endswith((":", "None"))


async def test_a_target_that_is_silent_in_the_handshake_is_a_timeout(
    proxy_tls: ssl.SSLContext | None,
) -> None:
    async with serving(silence) as at, sending_through(ForwardProxy(), proxy_tls) as client:
        error = await failure(client, f"https://orders.test:{at.port}/", timeout=0.5)
    assert error.kind is FailureKind.TIMEOUT
    assert error.detail == "no connection within 0.5 s"


@pytest.mark.parametrize(
    ("behaviour", "kind"),
    [
        (hanging_up, FailureKind.PROTOCOL),
        (saying(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n12"), FailureKind.PROTOCOL),
        (saying(b"SSH-2.0-OpenSSH\r\n"), FailureKind.PROTOCOL),
        (echoing, FailureKind.PROTOCOL),
        (silence, FailureKind.TIMEOUT),
    ],
)
async def test_what_a_target_does_in_a_tunnel_is_its_own(
    behaviour: Behaviour,
    kind: FailureKind,
    proxy_tls: ssl.SSLContext | None,
    target_tls: ssl.SSLContext,
) -> None:
    async with (
        serving(behaviour, target_tls) as at,
        sending_through(ForwardProxy(), proxy_tls) as client,
    ):
        url = f"https://orders.test:{at.port}/?q={SECRET_QUERY}"
        error = await failure(client, url, timeout=0.5)
    assert error.kind is kind


async def test_a_tunnel_that_breaks_at_its_second_request_is_no_failure_of_the_proxy(
    target_tls: ssl.SSLContext,
) -> None:
    """The target may have that request."""

    async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in (OK, b""):
            await reader.readuntil(b"hello")
            writer.write(answer)
            await writer.drain()

    proxy = ForwardProxy()
    async with serving(answer_once, target_tls) as at, sending_through(proxy) as client:
        await post(client, f"https://orders.test:{at.port}/")
        error = await failure(client, f"https://orders.test:{at.port}/")
    assert error.kind is FailureKind.PROTOCOL
    assert len(proxy.heads) == 1
