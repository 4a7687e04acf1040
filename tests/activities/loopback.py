"""Servers on loopback that do what they are told, and what a client of ours makes of them."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
import pytest

from activities.failure import NoAnswerError
from activities.http import Answer, exchange

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
SECRET_QUERY = "t0ken"
SIGNATURE = "v1,c2lnbmF0dXJl"


@dataclass(kw_only=True)
class Endpoint:
    """A server, and how often somebody has connected to it."""

    port: int = 0
    connections: int = 0


@asynccontextmanager
async def serving(
    behaviour: Behaviour, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Endpoint]:
    """A server that does what it is told to each connection, and leaves none behind."""
    endpoint = Endpoint()
    open_ones: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        endpoint.connections += 1
        task = asyncio.current_task()
        assert task is not None
        open_ones.add(task)
        try:
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await behaviour(reader, writer)
        finally:
            open_ones.discard(task)
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    endpoint.port = server.sockets[0].getsockname()[1]
    try:
        async with server:
            yield endpoint
            for task in open_ones:
                task.cancel()
            server.close()
    finally:
        await asyncio.sleep(0)


async def silence(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Takes everything in, and says nothing."""
    while await reader.read(1024):
        pass


async def hanging_up(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Ends the connection once something has come."""
    await reader.read(1)


async def echoing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers with what it was sent."""
    writer.write(await reader.read(64 * 1024))
    await writer.drain()


def saying(answer: bytes) -> Behaviour:
    """Answers every connection's first request so, and hangs up."""

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()

    return say


def blurting(answer: bytes) -> Behaviour:
    """Answers so whatever comes first, and hangs up."""

    async def blurt(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(64 * 1024)
        writer.write(answer)
        await writer.drain()

    return blurt


def dripping(answer: bytes, *, every: float) -> Behaviour:
    """As ``saying``, a byte every so many seconds, and then over and over again."""

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        while True:
            for byte in answer:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(every)

    return drip


@dataclass(kw_only=True)
class Receiver:
    """A target that keeps what it was sent: heads in lower case, and bodies."""

    answer: bytes = OK
    heads: list[list[str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers all requests of a connection."""
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower().splitlines()[:-1]
            self.heads.append(head)
            lengths = [line for line in head if line.startswith("content-length: ")]
            self.bodies.append(await reader.readexactly(int(lengths[0].split()[1])))
            writer.write(self.answer)
            await writer.drain()


async def post(client: httpx.AsyncClient, url: str, *, timeout: float = 5) -> Answer:
    """One exchange, with a signature in its headers."""
    return await exchange(
        client,
        method="POST",
        url=url,
        headers={"content-type": "text/plain", "webhook-signature": SIGNATURE},
        content=b"hello",
        timeout=timedelta(seconds=timeout),
    )


async def failure(client: httpx.AsyncClient, url: str, *, timeout: float = 5) -> NoAnswerError:
    """What one exchange fails with."""
    with pytest.raises(NoAnswerError) as raised:
        await post(client, url, timeout=timeout)
    assert SECRET_QUERY not in f"{raised.value} {raised.value!r}"
    return raised.value
