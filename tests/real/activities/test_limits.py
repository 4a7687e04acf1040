"""The cost of an answer, however long it is."""

import asyncio
import contextlib
import gc
import socket
import threading
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Final

import httpx
import pytest

from activities.http.exchange import MAX_BODY_READ
from activities.http.failure import NoAnswerError
from tests.support.raw_receiver import OK, post, receiving, replying
from tidings import FailureKind

KIB: Final = 1024
GIGABYTE: Final = 1_000_000_000
WITH_LENGTH: Final = OK + b"Content-Length: %d\r\n\r\n" % GIGABYTE
CHUNKED: Final = OK + b"Transfer-Encoding: chunked\r\n\r\n"
UNTIL_THE_END: Final = OK + b"\r\n"
CHUNK: Final = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
SMALL_CHUNKS: Final = b"1\r\nx\r\n" * 4096
BLOCK: Final = b"x" * 0x4000


class Flood:
    """Sends a gigabyte on each connection, in threads and without memory of its own."""

    def __init__(self, head: bytes, block: bytes) -> None:
        self.head = head
        self.block = block
        self.taken: list[int] = []
        """The number of bytes that each connection has taken."""
        self._server = socket.create_server(("127.0.0.1", 0), backlog=64)
        # Otherwise the kernel takes megabytes at this end.
        self._server.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16 * KIB)
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.getsockname()[1]}/"

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            self._threads.append(threading.Thread(target=self._send, args=[connection]))
            self._threads[-1].start()

    def _send(self, connection: socket.socket) -> None:
        taken = 0
        with connection:
            try:
                connection.recv(64 * KIB)
                connection.sendall(self.head)
                while taken < GIGABYTE:
                    taken += connection.send(self.block)
            except OSError:
                pass  # the client has hung up
        self.taken.append(taken)

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=10)
        self._server.close()


@asynccontextmanager
async def flooding(head: bytes, block: bytes) -> AsyncIterator[Flood]:
    flood = Flood(head, block)
    try:
        yield flood
    finally:
        await asyncio.to_thread(flood.close)  # the client needs the event loop to hang up


@dataclass
class Allocated:
    peak: int = 0
    """The most bytes allocated in the block."""


@contextmanager
def allocating() -> Iterator[Allocated]:
    allocated = Allocated()
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    try:
        yield allocated
        allocated.peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


floods = pytest.mark.parametrize(
    ("head", "block"),
    [
        (WITH_LENGTH, BLOCK),
        (CHUNKED, CHUNK),
        (CHUNKED, SMALL_CHUNKS),
        (UNTIL_THE_END, BLOCK),
    ],
    ids=["with its length", "chunked", "in small chunks", "until the end"],
)


@floods
async def test_of_a_gigabyte_only_the_limit_is_read(
    client: httpx.AsyncClient, head: bytes, block: bytes
) -> None:
    """The receiver can send some hundred KiB more, which buffers on the way take."""
    async with flooding(head, block) as flood:
        await post(client, flood.url)
        with allocating() as allocated:
            answer = await post(client, flood.url)
    assert (answer.body, answer.truncated) == (b"x" * MAX_BODY_READ, True)
    assert len(flood.taken) == 2  # the connection was not used again
    assert max(flood.taken) < 1024 * KIB
    assert allocated.peak < (2 if block is SMALL_CHUNKS else 1) * 1024 * KIB


@pytest.mark.parametrize(
    ("head", "block"), [(WITH_LENGTH, BLOCK), (CHUNKED, CHUNK)], ids=["with its length", "chunked"]
)
async def test_twenty_at_once_cost_no_more_each(
    client: httpx.AsyncClient, head: bytes, block: bytes
) -> None:
    async with flooding(head, block) as flood:
        await post(client, flood.url)
        with allocating() as allocated:
            answers = await asyncio.gather(
                *(post(client, flood.url, timeout=20) for _ in range(20))
            )
    assert {(len(answer.body), answer.truncated) for answer in answers} == {(MAX_BODY_READ, True)}
    assert max(flood.taken) < 1024 * KIB
    assert allocated.peak < 20 * 512 * KIB


BYTES = "1,048,576 bytes came as one"
LINES = "16,384 lines came before the body"


@pytest.mark.parametrize(
    ("head", "block", "limit"),
    [
        pytest.param(CHUNKED + b"1;", BLOCK, BYTES, id="extension"),
        pytest.param(CHUNKED + b"1", b";name=value" * 0x600, BYTES, id="extensions"),
        pytest.param(CHUNKED, b"0" * 0x4000, BYTES, id="length of a chunk"),
        pytest.param(b"", b"\r\n" * 0x2000, BYTES, id="empty lines"),
        pytest.param(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 0x300, LINES, id="100"),
        pytest.param(
            b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" * 0x200, LINES, id="103"
        ),
        pytest.param(OK, b"A: 1\r\n" * 0x1000, LINES, id="headers"),
        pytest.param(OK + b"A: 1", b"\r\n 1" * 0x1000, LINES, id="folded header"),
    ],
)
async def test_framing_without_an_end_is_hung_up_on(
    client: httpx.AsyncClient, head: bytes, block: bytes, limit: str
) -> None:
    """Parsing it until the deadline would keep a core busy."""
    async with flooding(head, block) as flood:
        for _ in range(2):
            with pytest.raises(NoAnswerError, match=limit) as failed:
                await post(client, flood.url, timeout=20)
            assert failed.value.kind is FailureKind.PROTOCOL
    assert max(flood.taken) < 3 * 1024 * KIB


async def test_the_limit_counts_anew_for_each_answer(
    client: httpx.AsyncClient,
) -> None:
    """Twenty bodies of the limit are more bytes than one answer may have."""
    answer = OK + b"Content-Length: %d\r\n\r\n" % MAX_BODY_READ + b"x" * MAX_BODY_READ

    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):  # the client has no more requests
            while await reader.readuntil(b"\r\n\r\nhello"):
                writer.write(answer)
                await writer.drain()

    async with receiving(reply) as receiver:
        for _ in range(20):
            assert len((await post(client, receiver.url())).body) == MAX_BODY_READ
        assert receiver.accepted == 1


async def test_a_body_of_just_the_limit_is_whole(client: httpx.AsyncClient) -> None:
    body = b"x" * MAX_BODY_READ
    for more, truncated in ((b"", False), (b"x", True)):
        length = b"Content-Length: %d\r\n\r\n" % len(body + more)
        async with receiving(replying(OK, length, body, more)) as receiver:
            answer = await post(client, receiver.url())
        assert (answer.body, answer.truncated) == (body, truncated)


async def test_a_connection_with_more_to_read_is_closed(client: httpx.AsyncClient) -> None:
    """Otherwise the rest of one answer would be taken for the next."""
    closed = asyncio.Event()

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\nhello")
        try:
            writer.write(OK + b"Content-Length: 70000\r\n\r\n" + b"x" * 69_000)
            await writer.drain()
            await reader.read()
        finally:
            closed.set()

    async with receiving(flood) as receiver:
        for count in (1, 2):
            assert (await post(client, receiver.url())).truncated
            await asyncio.wait_for(closed.wait(), 5)
            closed.clear()
            assert receiver.accepted == count


@pytest.mark.parametrize("coding", [b"gzip", b"deflate", b"br", b"zstd", b"gzip, gzip"])
async def test_a_compressed_body_is_not_unpacked(client: httpx.AsyncClient, coding: bytes) -> None:
    """64 KiB can hold gigabytes."""
    head = b"Content-Encoding: " + coding + b"\r\nContent-Length: 4\r\n\r\n"
    async with receiving(replying(OK, head, b"\x1f\x8b\x08\x00")) as receiver:
        assert (await post(client, receiver.url())).body == b"\x1f\x8b\x08\x00"


async def test_a_compressed_transfer_coding_is_not_unpacked(client: httpx.AsyncClient) -> None:
    head = b"Transfer-Encoding: gzip, chunked\r\n\r\n"
    chunk = b"4\r\n\x1f\x8b\x08\x00\r\n0\r\n\r\n"
    async with receiving(replying(OK, head, chunk)) as receiver:
        assert (await post(client, receiver.url())).body == b"\x1f\x8b\x08\x00"
