"""An attempt ends at its deadline, whatever the receiver does."""

import asyncio
import time

import httpx
import pytest

from tests.support.raw_receiver import (
    END_OF_HEAD,
    OK,
    Behaviour,
    dripping,
    new_guarded_client,
    no_answer,
    receiving,
)
from tidings import FailureKind

TIMEOUT = 0.5
"""The timeout of an attempt, in seconds: enough to connect on a busy machine."""
ALLOWED = 1.0
"""The tolerance in seconds. A busy machine is late, but here nothing ends without a deadline."""
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
MIB = 1 << 20


def endless(head: bytes, more: bytes) -> Behaviour:
    """Sends ``head``, and then ``more`` until the client hangs up."""

    async def send(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(END_OF_HEAD)
        writer.write(head)
        while not writer.is_closing():
            writer.write(more * (0x10000 // len(more)))
            await writer.drain()
            await asyncio.sleep(0.001)  # the client runs in the same event loop

    return send


def deaf(answer: bytes) -> Behaviour:
    """Sends ``answer``, and never reads."""

    async def ignore(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.pause_reading()  # type: ignore[attr-defined]  # a socket's transport
        writer.write(answer)
        await asyncio.sleep(60)

    return ignore


async def failure_at_the_deadline(behaviour: Behaviour, content: bytes = b"hello") -> FailureKind:
    """The kind of failure of an attempt, which has to come in time."""
    async with receiving(behaviour) as receiver, new_guarded_client() as client:
        began = time.monotonic()
        error = await no_answer(client, receiver.url(), timeout=TIMEOUT, content=content)
        took = time.monotonic() - began
        assert took < TIMEOUT + ALLOWED
        if error.kind is FailureKind.TIMEOUT:
            assert error.detail == f"no complete answer within {TIMEOUT} s"
            assert took >= TIMEOUT
        assert not held(client)
    return error.kind


def held(client: httpx.AsyncClient) -> bool:
    """True if a connection is still in use or kept."""
    connector = client._transport._open_connector  # type: ignore[attr-defined]  # the real one
    return bool(connector._acquired or connector._conns)


@pytest.mark.parametrize("every", [TIMEOUT, TIMEOUT / 20], ids=["slowly", "quickly"])
@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"HTTP/1.1 200 ", id="status"),
        pytest.param(OK, id="headers"),
        pytest.param(OK + b"X-Long: ", id="header"),
        pytest.param(OK + b"Content-Length: 1000\r\n\r\n", id="body"),
        pytest.param(OK + b"\r\n", id="body until the end"),
        pytest.param(CHUNKED + b"fffff\r\n", id="chunk"),
        pytest.param(CHUNKED + b"5;extension=", id="extension"),
        pytest.param(CHUNKED + b"0\r\nTrailer: ", id="trailer"),
    ],
)
async def test_a_dripping_answer_is_held_to_the_deadline(head: bytes, every: float) -> None:
    assert await failure_at_the_deadline(dripping(head, every=every)) is FailureKind.TIMEOUT


@pytest.mark.parametrize("every", [TIMEOUT, TIMEOUT / 20], ids=["slowly", "quickly"])
async def test_dripping_garbage_fails_at_its_first_byte(every: float) -> None:
    assert await failure_at_the_deadline(dripping(b"", every=every)) is FailureKind.PROTOCOL


@pytest.mark.parametrize(
    ("head", "more"),
    [
        pytest.param(b"", b"x", id="garbage"),
        pytest.param(b"HTTP/1.1 200 ", b"x", id="reason"),
        pytest.param(OK, b"X-Line: 1\r\n", id="headers"),
        pytest.param(OK, b"x", id="name"),
        pytest.param(OK + b"X-Line: ", b"x", id="value"),
        pytest.param(OK + b"X-Line: 1\r\n", b" folded\r\n", id="folded"),
        pytest.param(CHUNKED + b"0\r\n", b"X-Line: 1\r\n", id="trailers"),
        pytest.param(CHUNKED + b"0\r\nX-Line: ", b"x", id="trailer"),
        pytest.param(CHUNKED, b"f", id="chunk size"),
    ],
)
async def test_endless_headers_fail_before_the_deadline(head: bytes, more: bytes) -> None:
    """All of them would stay in memory until then."""
    async with receiving(endless(head, more)) as receiver, new_guarded_client() as client:
        error = await no_answer(client, receiver.url(), timeout=20)
        assert error.kind is FailureKind.PROTOCOL
        assert not held(client)


@pytest.mark.parametrize("content", [b"hello", b"x" * MIB], ids=["little", "much"])
@pytest.mark.parametrize(
    "answer",
    [b"", OK, OK + b"Content-Length: 9\r\n\r\nhalf"],
    ids=["silent", "in the headers", "in the body"],
)
async def test_a_receiver_that_never_reads_is_held_to_the_deadline(
    answer: bytes, content: bytes
) -> None:
    assert await failure_at_the_deadline(deaf(answer), content) is FailureKind.TIMEOUT


async def test_a_handshake_that_never_ends_is_held_to_the_deadline() -> None:
    async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x16\x03\x03\xff\xff")  # the header of a record that never comes
        while await reader.read(MIB):
            pass

    async with receiving(stall) as receiver, new_guarded_client() as client:
        url = receiver.url().replace("http:", "https:")
        began = time.monotonic()
        error = await no_answer(client, url, timeout=TIMEOUT)
        took = time.monotonic() - began
    assert error.kind in {FailureKind.TIMEOUT, FailureKind.CONNECTION}
    assert took < TIMEOUT + ALLOWED
