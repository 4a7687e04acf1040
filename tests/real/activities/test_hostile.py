"""Random answers, none of which breaks more than its own attempt."""

import asyncio
import contextlib
import gc
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.http.exchange import MAX_BODY_READ, Answer
from activities.http.failure import NoAnswerError
from tests.support.raw_receiver import SECRET, Listener, new_guarded_client, post, receiving
from tidings import FailureKind

BYTES: Final = st.binary(max_size=300)
LINE: Final = st.binary(max_size=60).map(lambda line: line.replace(b"\r", b"").replace(b"\n", b""))
NUMBER: Final = st.integers(-1, 2**65).map(b"%d".__mod__) | st.sampled_from([b"0", b"5", b"0x5"])
NAME: Final = st.sampled_from(
    b"Content-Length Transfer-Encoding Connection Upgrade Content-Encoding Set-Cookie Set-Cookie2 "
    b"Location Retry-After Content-Type Trailer Keep-Alive Link Proxy-Status X-Squid-Error "
    b"WWW-Authenticate Content-Disposition Server".split()
)
VALUE: Final = (
    LINE
    | NUMBER
    | st.sampled_from(
        [
            b"chunked",
            b"gzip, chunked",
            b"close",
            b"keep-alive",
            b"upgrade",
            b"websocket",
            b"h2c",
            b"http://xn--zzzz/",
            b"http://[::1",
            b"text/html; charset=\xff",
            b"a=b; expires=9999999999; max-age=-1; domain=..",
            b"Thu, 99 Jan 99999 00:00:00 GMT",
        ]
    )
)
HEADER: Final = st.tuples(NAME | LINE, st.sampled_from([b": ", b":", b" : ", b""]), VALUE).map(
    b"".join
)
STATUS: Final = st.tuples(
    st.sampled_from([b"HTTP/1.1 ", b"HTTP/1.0 ", b"HTTP/0.9 ", b"HTTP/2 ", b"ICY "]),
    st.integers(0, 1200).map(b"%03d".__mod__) | NUMBER,
    st.sampled_from([b" OK", b"", b" \xff", b" \x1b[2J", "\u6210\u529f".encode("gbk")]) | LINE,
).map(b"".join)
CHUNK: Final = st.tuples(
    st.sampled_from([b"5", b"0", b"ffffffffffffffff", b"-1", b"5;a=b", b""]), BYTES
).map(b"\r\n".join)
MESSAGE: Final = st.builds(
    lambda status, headers, body: b"\r\n".join([status, *headers, b"", body]),
    STATUS,
    st.lists(HEADER, max_size=8),
    BYTES | st.lists(CHUNK, max_size=4).map(b"\r\n".join),
)
ANSWER: Final = BYTES | MESSAGE | st.lists(MESSAGE, max_size=3).map(b"".join)


class Answering:
    """Sends one answer on each connection, then hangs up."""

    answer = b""

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\nhello")
        writer.write(self.answer)
        await writer.drain()


@asynccontextmanager
async def nothing_left(sockets: list[socket.socket]) -> AsyncIterator[None]:
    """Fails if the block leaves tasks, sockets or unhandled errors behind."""
    loop = asyncio.get_running_loop()
    unhandled: list[dict[str, Any]] = []
    handler = loop.get_exception_handler()
    loop.set_exception_handler(lambda _, context: unhandled.append(context))
    before = asyncio.all_tasks()
    try:
        yield
        await asyncio.sleep(0.05)
        gc.collect()
        await asyncio.sleep(0)
    finally:
        loop.set_exception_handler(handler)
    assert unhandled == []
    assert asyncio.all_tasks() - before == set()
    assert [each for each in sockets if each.fileno() != -1] == []


async def check(client: httpx.AsyncClient, receiver: Listener) -> None:
    """Checks that an exchange ends in an answer, or in a printable failure of the target."""
    exchanged = asyncio.wait_for(post(client, receiver.url(), timeout=1), 5)
    (outcome,) = await asyncio.gather(exchanged, return_exceptions=True)
    if isinstance(outcome, Answer):
        assert 0 <= outcome.status_code <= 999
        assert len(outcome.body) <= MAX_BODY_READ
        return
    assert isinstance(outcome, NoAnswerError)
    assert outcome.kind in {FailureKind.PROTOCOL, FailureKind.TIMEOUT}
    assert outcome.detail.isprintable()
    assert 0 < len(outcome.detail) <= 300
    assert SECRET not in outcome.detail


@pytest.mark.parametrize("how", ["answer", "header"])
async def test_no_answer_breaks_the_client(how: str, sockets: list[socket.socket]) -> None:
    loop = asyncio.get_running_loop()
    answering = Answering()

    async with nothing_left(sockets), contextlib.AsyncExitStack() as stack:
        receiver = await stack.enter_async_context(receiving(answering))
        client = await stack.enter_async_context(new_guarded_client())

        @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
        @given(ANSWER if how == "answer" else HEADER)
        def try_one(answer: bytes) -> None:
            found = b"HTTP/1.1 302 Found\r\n" + answer + b"\r\nContent-Length: 0\r\n\r\n"
            answering.answer = answer if how == "answer" else found
            asyncio.run_coroutine_threadsafe(check(client, receiver), loop).result(10)

        await asyncio.to_thread(try_one)
