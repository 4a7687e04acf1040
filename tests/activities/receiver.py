"""A receiver on loopback that does as told, and the requests that go to it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest

from activities.egress import EgressRules
from activities.failure import NoAnswerError
from activities.http import Answer, exchange, new_client
from activities.transport import GuardedTransport

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

OK = b"HTTP/1.1 200 OK\r\n"
OK_EMPTY = OK + b"Content-Length: 0\r\n\r\n"


@dataclass(kw_only=True)
class Receiver:
    host: str
    port: int
    accepted: int = 0
    """The connections so far."""
    open: int = 0
    most_open: int = 0
    """Of all times."""

    def url(self, host: str | None = None) -> str:
        """``host`` is what the URL calls it, which is its address unless told."""
        return f"http://{host or self.host}:{self.port}/path?token=s3cret"


@asynccontextmanager
async def receiving(behaviour: Behaviour, host: str = "127.0.0.1") -> AsyncIterator[Receiver]:
    """A server that does what it is told to each connection, and ends with the context."""
    receiver = Receiver(host=f"[{host}]" if ":" in host else host, port=0)
    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        receiver.accepted += 1
        receiver.open += 1
        receiver.most_open = max(receiver.most_open, receiver.open)
        try:
            await behaviour(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # that the client hangs up is what several tests are about
        finally:
            receiver.open -= 1
            writer.close()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        serving.add(task)
        task.add_done_callback(serving.discard)

    server = await asyncio.start_server(accept, host, 0)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


@asynccontextmanager
async def listening(behaviour: Behaviour) -> AsyncIterator[str]:
    """The URL of such a server."""
    async with receiving(behaviour) as receiver:
        yield receiver.url()


def replying(*parts: bytes) -> Behaviour:
    """One answer, and the end of the connection."""

    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"".join(parts))
        await writer.drain()

    return reply


async def keep_answering(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A connection that is kept, with an empty answer to each request of ``post``."""
    while await reader.readuntil(b"\r\n\r\nhello"):
        writer.write(OK_EMPTY)


async def silence(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """No answer at all, until the client hangs up."""
    while await reader.read(1 << 16):
        pass


def new_guarded_client(
    allow: str = "127.0.0.1, localhost", *, connections_per_host: int = 0
) -> httpx.AsyncClient:
    rules = EgressRules.parse(allow)
    return new_client(GuardedTransport(rules, connections_per_host=connections_per_host))


async def post(
    client: httpx.AsyncClient, url: str, *, timeout: float = 5, content: bytes = b"hello"
) -> Answer:
    return await exchange(
        client,
        method="POST",
        url=url,
        headers={"content-type": "text/plain", "x-mine": "1"},
        content=content,
        timeout=timedelta(seconds=timeout),
    )


async def no_answer(
    client: httpx.AsyncClient, url: str, *, timeout: float = 5, content: bytes = b"hello"
) -> NoAnswerError:
    with pytest.raises(NoAnswerError) as raised:
        await post(client, url, timeout=timeout, content=content)
    assert "s3cret" not in raised.value.detail
    assert raised.value.detail.isprintable()
    return raised.value
