"""Answers and failures of a target behind a proxy that works."""

import asyncio
import ssl

import pytest

from tests.support.certificates import Authority
from tests.support.proxy import ForwardProxy, sending_through
from tests.support.raw_receiver import (
    ANSWER,
    OK,
    SECRET,
    Behaviour,
    Recorder,
    answer_of,
    blurting,
    echoing,
    hanging_up,
    no_answer,
    post,
    receiving,
    replying,
    silence,
)
from tidings import FailureKind


@pytest.mark.parametrize(
    "answer",
    [
        answer_of(200),
        answer_of(404),
        answer_of(502),
        answer_of(407, 'Proxy-Authenticate: Basic realm="x"'),
        answer_of(503, "X-Squid-Error: ERR_CONNECT_FAIL 111"),
        answer_of(502, "Proxy-Status: gateway; error=dns_timeout"),
    ],
)
async def test_every_answer_through_a_tunnel_is_the_targets(
    answer: bytes, proxy_tls: ssl.SSLContext | None, target_tls: ssl.SSLContext
) -> None:
    """Whatever marks it has: our own proxy cannot see into the tunnel."""
    async with (
        receiving(Recorder(answer=answer), tls=target_tls) as at,
        sending_through(ForwardProxy(), proxy_tls) as client,
    ):
        received = await post(client, f"https://orders.test:{at.port}/")
    assert (received.status_code, received.body) == (int(answer[9:12]), b"no")


@pytest.mark.parametrize(
    "answer",
    [
        answer_of(200),
        answer_of(404),
        answer_of(502),
        answer_of(504, "Via: 1.1 proxy"),
        answer_of(502, "Proxy-Status: p; received-status=502"),
        answer_of(502, "Proxy-Status: cdn; error=dns_timeout, p; received-status=502"),
        answer_of(502, "Proxy-Status: cdn; error=dns_timeout", "Proxy-Status: p"),
        answer_of(502, 'Proxy-Status: p; details="no; error=dns_timeout"'),
    ],
)
async def test_an_answer_without_a_proxys_mark_is_the_targets(answer: bytes) -> None:
    async with (
        receiving(Recorder(answer=answer)) as at,
        sending_through(ForwardProxy()) as client,
    ):
        received = await post(client, f"http://orders.test:{at.port}/")
    assert received.status_code == int(answer[9:12])


async def test_a_target_without_trust_is_a_connection_failure(
    proxy_tls: ssl.SSLContext | None, authority: Authority
) -> None:
    tls = authority.server("orders.test", self_signed=True)
    async with (
        receiving(Recorder(), tls=tls) as at,
        sending_through(ForwardProxy(), proxy_tls) as client,
    ):
        error = await no_answer(client, f"https://orders.test:{at.port}/")
    assert error.kind is FailureKind.CONNECTION
    assert "self-signed" in error.detail


@pytest.mark.parametrize("behaviour", [hanging_up, echoing, blurting(answer_of(400))])
async def test_a_broken_handshake_is_a_connection_failure(
    behaviour: Behaviour, proxy_tls: ssl.SSLContext | None
) -> None:
    async with (
        receiving(behaviour) as at,
        sending_through(ForwardProxy(), proxy_tls) as client,
    ):
        error = await no_answer(client, f"https://orders.test:{at.port}/", timeout=2)
    assert error.kind is FailureKind.CONNECTION
    assert not error.detail.endswith((":", "None"))


async def test_silence_in_the_handshake_is_a_timeout(
    proxy_tls: ssl.SSLContext | None,
) -> None:
    async with receiving(silence) as at, sending_through(ForwardProxy(), proxy_tls) as client:
        error = await no_answer(client, f"https://orders.test:{at.port}/", timeout=0.5)
    assert error.kind is FailureKind.TIMEOUT
    assert error.detail == "no connection within 0.5 s"


@pytest.mark.parametrize(
    ("behaviour", "timeout", "kind"),
    [
        (hanging_up, 5, FailureKind.PROTOCOL),
        (replying(OK + b"Content-Length: 9\r\n\r\n12"), 5, FailureKind.PROTOCOL),
        (replying(b"SSH-2.0-OpenSSH\r\n"), 5, FailureKind.PROTOCOL),
        (echoing, 5, FailureKind.PROTOCOL),
        (silence, 0.5, FailureKind.TIMEOUT),
    ],
)
async def test_a_failure_in_a_tunnel_is_the_targets(
    behaviour: Behaviour,
    timeout: float,
    kind: FailureKind,
    proxy_tls: ssl.SSLContext | None,
    target_tls: ssl.SSLContext,
) -> None:
    async with (
        receiving(behaviour, tls=target_tls) as at,
        sending_through(ForwardProxy(), proxy_tls) as client,
    ):
        url = f"https://orders.test:{at.port}/?q={SECRET}"
        error = await no_answer(client, url, timeout=timeout)
    assert error.kind is kind


async def test_a_tunnel_that_breaks_later_is_not_the_proxys_failure(
    target_tls: ssl.SSLContext,
) -> None:
    """The target may have read that request."""

    async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in (ANSWER, b""):
            await reader.readuntil(b"hello")
            writer.write(answer)
            await writer.drain()

    proxy = ForwardProxy()
    async with receiving(answer_once, tls=target_tls) as at, sending_through(proxy) as client:
        await post(client, f"https://orders.test:{at.port}/")
        error = await no_answer(client, f"https://orders.test:{at.port}/")
    assert error.kind is FailureKind.PROTOCOL
    assert len(proxy.heads) == 1
