"""A forward proxy on loopback, for http by absolute URLs and for https by tunnels."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from activities.egress import EgressRules
from activities.http import new_client
from activities.proxy import Proxy
from activities.transport import GuardedTransport

from .loopback import Behaviour, Endpoint, serving

USER = "cust0mer"
PASSWORD = "pa55word"
_REFUSED = (
    b"HTTP/1.1 407 Proxy Authentication Required\r\n"
    b'Proxy-Authenticate: Basic realm="proxy"\r\nContent-Length: 0\r\n\r\n'
)


@dataclass(kw_only=True)
class ForwardProxy:
    """Leads every name to loopback, at the port that it was asked for."""

    credentials: bytes | None = None
    """``user:password``, if it wants them."""
    instead_of_tunnel: Behaviour | None = None
    """What it does when it is asked for a tunnel, with that request still to be read."""
    instead_of_forwarding: Behaviour | None = None
    """What it does with a request to forward, which is still to be read."""
    connections: int = 0
    heads: list[list[str]] = field(default_factory=list)
    """What it was asked, with the case of request lines, and credentials, as they came."""

    @property
    def first_lines(self) -> list[str]:
        return [head[0] for head in self.heads]

    @asynccontextmanager
    async def running(self, tls: ssl.SSLContext | None = None) -> AsyncIterator[Endpoint]:
        async with serving(self._serve, tls) as endpoint:
            yield endpoint

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while True:
            read = await reader.readuntil(b"\r\n\r\n")
            head = read.decode().splitlines()[:-1]
            self.heads.append(head)
            is_tunnel = head[0].startswith("CONNECT ")
            instead = self.instead_of_tunnel if is_tunnel else self.instead_of_forwarding
            if instead is not None:
                await instead(_pushed_back(read), writer)
                return
            if not self._admits(head):
                writer.write(_REFUSED)
                return
            if is_tunnel:
                _, _, port = head[0].split()[1].rpartition(":")
                await _tunnel(reader, writer, int(port))
                return
            await _forward(head, reader, writer)

    def _admits(self, head: list[str]) -> bool:
        if self.credentials is None:
            return True
        wanted = f"Basic {base64.b64encode(self.credentials).decode()}"
        return f"proxy-authorization: {wanted}" in [_lowered(line) for line in head]


def client_through(
    endpoint: Endpoint, *, scheme: str = "http", userinfo: str = f"{USER}:{PASSWORD}@"
) -> httpx.AsyncClient:
    """A client that sends everything through a proxy on loopback, and may reach nothing there."""
    proxy = Proxy.parse(f"{scheme}://{userinfo}localhost:{endpoint.port}")
    return new_client(GuardedTransport(EgressRules(), proxy=proxy))


@asynccontextmanager
async def sending_through(
    proxy: ForwardProxy, tls: ssl.SSLContext | None = None, *, userinfo: str = f"{USER}:{PASSWORD}@"
) -> AsyncIterator[httpx.AsyncClient]:
    """As ``client_through``, with the proxy."""
    scheme = "https" if tls is not None else "http"
    async with (
        proxy.running(tls) as endpoint,
        client_through(endpoint, scheme=scheme, userinfo=userinfo) as client,
    ):
        yield client


def _lowered(line: str) -> str:
    name, colon, value = line.partition(":")
    return f"{name.lower()}{colon}{value}"


def _pushed_back(read: bytes) -> asyncio.StreamReader:
    """A reader that has ``read`` again, and nothing after it."""
    reader = asyncio.StreamReader()
    reader.feed_data(read)
    return reader


async def _tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    there, back = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_copy(reader, back))
            group.create_task(_copy(there, writer))
    finally:
        back.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hands on until one side has ended, which ends the other."""
    with suppress(OSError):
        while read := await reader.read(64 * 1024):
            writer.write(read)
            await writer.drain()
    writer.close()


async def _forward(
    head: list[str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Hands one request on without what was for the proxy alone, and its answer back."""
    method, url, version = head[0].split()
    parts = urlsplit(url)
    target = parts._replace(scheme="", netloc="").geturl() or "/"
    kept = [line for line in head[1:] if not line.lower().startswith("proxy-authorization:")]
    length = next((int(_lowered(each).split()[1]) for each in head if "ength: " in each), 0)
    there, back = await asyncio.open_connection("127.0.0.1", parts.port or 80)
    try:
        lines = [f"{method} {target} {version}", *kept, "", ""]
        back.write("\r\n".join(lines).encode() + await reader.readexactly(length))
        await back.drain()
        answer = await there.readuntil(b"\r\n\r\n")
        writer.write(answer)
        size = next(
            int(line.split()[1])
            for line in answer.decode().lower().splitlines()
            if line.startswith("content-length: ")
        )
        writer.write(await there.readexactly(size))
        await writer.drain()
    finally:
        back.close()
