"""A receiver on loopback with any behaviour, and requests to it."""

import asyncio
import itertools
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
import pytest

from activities.egress.rules import EgressRules
from activities.http.exchange import Answer, exchange, new_client
from activities.http.failure import NoAnswerError
from activities.http.transport import GuardedTransport
from activities.request import Request

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

OK = b"HTTP/1.1 200 OK\r\n"
ANSWER = OK + b"Content-Length: 2\r\n\r\nok"
END_OF_HEAD = b"\r\n\r\n"
SECRET = "s3cret"
"""A secret in a target's query, which no failure shows."""
SIGNATURE = "v1,c2lnbmF0dXJl"


@dataclass(kw_only=True)
class Listener:
    host: str
    port: int = 0
    scheme: str
    accepted: int = 0
    """The number of connections so far; over TLS, of those with a complete handshake."""
    open: int = 0
    most_open: int = 0
    """The highest value of ``open`` so far."""

    def url(self, host: str | None = None, path: str = f"/path?token={SECRET}") -> str:
        """A URL of the receiver; ``host`` is a name for it, by default its address."""
        return f"{self.scheme}://{host or self.host}:{self.port}{path}"


@asynccontextmanager
async def receiving(
    behaviour: Behaviour, host: str = "127.0.0.1", *, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Listener]:
    """A server that behaves so on each connection, and ends with the block."""
    receiver = Listener(
        host=f"[{host}]" if ":" in host else host, scheme="https" if tls else "http"
    )
    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        receiver.accepted += 1
        receiver.open += 1
        receiver.most_open = max(receiver.most_open, receiver.open)
        try:
            await behaviour(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client hangs up in several tests
        finally:
            receiver.open -= 1
            writer.close()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        serving.add(task)
        task.add_done_callback(serving.discard)

    server = await asyncio.start_server(accept, host, 0, ssl=tls, backlog=256)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


async def read_head(reader: asyncio.StreamReader) -> list[str]:
    """The lines before the body, with the header names in lower case."""
    first, *headers = (await reader.readuntil(END_OF_HEAD)).decode().splitlines()[:-1]
    split = (line.partition(":") for line in headers)
    return [first, *(f"{name.lower()}:{value}" for name, _, value in split)]


async def read_body(reader: asyncio.StreamReader, head: list[str]) -> bytes:
    lengths = [line for line in head if line.startswith("content-length: ")]
    return await reader.readexactly(int(lengths[0].split()[1]))


@dataclass(kw_only=True)
class Recorder:
    """Gives every request the same answer, and records them."""

    answer: bytes = ANSWER
    heads: list[list[str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = await read_head(reader)
            self.heads.append(head)
            self.bodies.append(await read_body(reader, head))
            writer.write(self.answer)
            await writer.drain()


def answer_of(status: int, *headers: str) -> bytes:
    """An answer with the body ``no``."""
    lines = [f"HTTP/1.1 {status} Whatever", *headers, "Content-Length: 2", "", "no"]
    return "\r\n".join(lines).encode()


def replying(*parts: bytes) -> Behaviour:
    """Answers one request, then hangs up."""

    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(END_OF_HEAD)
        writer.write(b"".join(parts))
        await writer.drain()

    return reply


def blurting(answer: bytes) -> Behaviour:
    """Answers any bytes, then hangs up."""

    async def blurt(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1 << 16)
        writer.write(answer)
        await writer.drain()

    return blurt


def dripping(head: bytes, drops: bytes = b"x", *, every: float) -> Behaviour:
    """Sends ``head``, and then without an end one byte every so many seconds."""

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(END_OF_HEAD)
        writer.write(head)
        for drop in itertools.cycle(drops):
            writer.write(bytes([drop]))
            await writer.drain()
            await asyncio.sleep(every)

    return drip


async def silence(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Reads without answering, until the client hangs up."""
    while await reader.read(1 << 16):
        pass


async def hanging_up(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Hangs up after the first byte."""
    await reader.read(1)


async def echoing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Sends back the bytes of the request."""
    writer.write(await reader.read(1 << 16))
    await writer.drain()


def new_guarded_client(
    allow: str = "127.0.0.1, localhost", *, connections_per_host: int = 0
) -> httpx.AsyncClient:
    rules = EgressRules.parse(allow)
    return new_client(GuardedTransport(rules, connections_per_host=connections_per_host))


async def post(
    client: httpx.AsyncClient,
    url: str,
    *,
    timeout: float = 5,
    content: bytes = b"hello",
    method: str = "POST",
) -> Answer:
    request = Request(
        method=method,
        url=url,
        headers={"Content-Type": "text/plain", "webhook-signature": SIGNATURE},
        content=content,
        timeout=timedelta(seconds=timeout),
    )
    return await exchange(client, request)


async def no_answer(
    client: httpx.AsyncClient,
    url: str,
    *,
    timeout: float = 5,
    content: bytes = b"hello",
    method: str = "POST",
) -> NoAnswerError:
    """The failure of an exchange."""
    with pytest.raises(NoAnswerError) as raised:
        await post(client, url, timeout=timeout, content=content, method=method)
    assert SECRET not in f"{raised.value} {raised.value!r}"
    assert raised.value.detail.isprintable()
    return raised.value
