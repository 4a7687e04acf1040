"""A forward proxy on loopback: absolute URLs for http, tunnels for https."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from activities.egress.rules import EgressRules
from activities.http.exchange import new_client
from activities.http.proxy import Proxy
from activities.http.transport import GuardedTransport
from tests.support.raw_receiver import (
    END_OF_HEAD,
    Behaviour,
    Listener,
    read_body,
    read_head,
    receiving,
)

USER = "cust0mer"
PASSWORD = "pa55word"
_REFUSED = (
    b"HTTP/1.1 407 Proxy Authentication Required\r\n"
    b'Proxy-Authenticate: Basic realm="proxy"\r\nContent-Length: 0\r\n\r\n'
)


@dataclass(kw_only=True)
class ForwardProxy:
    """Connects to loopback for every name, at the requested port."""

    credentials: bytes | None = None
    """``user:password`` if it requires them."""
    instead_of_tunnel: Behaviour | None = None
    """The behaviour for a CONNECT request, which it reads once more."""
    instead_of_forwarding: Behaviour | None = None
    """The behaviour for a request to forward, which it reads once more."""
    established: bytes = b"HTTP/1.1 200 Connection established\r\n\r\n"
    """The answer to a CONNECT request."""
    heads: list[list[str]] = field(default_factory=list)
    """The heads of all requests to the proxy."""

    @property
    def first_lines(self) -> list[str]:
        return [head[0] for head in self.heads]

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = await read_head(reader)
            self.heads.append(head)
            is_tunnel = head[0].startswith("CONNECT ")
            instead = self.instead_of_tunnel if is_tunnel else self.instead_of_forwarding
            if instead is not None:
                await instead(_pushed_back(head), writer)
                return
            if not self._admits(head):
                writer.write(_REFUSED)
                return
            if is_tunnel:
                _, _, port = head[0].split()[1].rpartition(":")
                await self._tunnel(reader, writer, int(port))
                return
            await _forward(head, reader, writer)

    async def _tunnel(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int
    ) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        writer.write(self.established)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_copy(reader, back))
                group.create_task(_copy(there, writer))
        finally:
            back.close()

    def _admits(self, head: list[str]) -> bool:
        if self.credentials is None:
            return True
        return f"proxy-authorization: Basic {base64.b64encode(self.credentials).decode()}" in head


def client_through(
    proxy: Listener, *, scheme: str | None = None, userinfo: str = f"{USER}:{PASSWORD}@"
) -> httpx.AsyncClient:
    """A client behind a proxy on loopback, with no permission to reach loopback otherwise."""
    url = f"{scheme or proxy.scheme}://{userinfo}localhost:{proxy.port}"
    return new_client(GuardedTransport(EgressRules(), proxy=Proxy.parse(url)))


@asynccontextmanager
async def sending_through(
    proxy: ForwardProxy, tls: ssl.SSLContext | None = None, *, userinfo: str = f"{USER}:{PASSWORD}@"
) -> AsyncIterator[httpx.AsyncClient]:
    """Runs a proxy; yields a client behind it."""
    async with (
        receiving(proxy, tls=tls) as receiver,
        client_through(receiver, userinfo=userinfo) as client,
    ):
        yield client


def _head(lines: list[str]) -> bytes:
    return "\r\n".join(lines).encode() + END_OF_HEAD


def _pushed_back(head: list[str]) -> asyncio.StreamReader:
    """A reader of the head once more, and of nothing after it."""
    reader = asyncio.StreamReader()
    reader.feed_data(_head(head))
    return reader


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copies until one side ends, which ends the other."""
    with suppress(OSError):
        while read := await reader.read(1 << 16):
            writer.write(read)
            await writer.drain()
    writer.close()


async def _forward(
    head: list[str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Forwards one request without the proxy's credentials, and its answer back."""
    method, url, version = head[0].split()
    parts = urlsplit(url)
    target = parts._replace(scheme="", netloc="").geturl() or "/"
    kept = [line for line in head[1:] if not line.startswith("proxy-authorization:")]
    there, back = await asyncio.open_connection("127.0.0.1", parts.port or 80)
    try:
        back.write(_head([f"{method} {target} {version}", *kept]) + await read_body(reader, head))
        answer = await read_head(there)
        writer.write(_head(answer) + await read_body(there, answer))
        await writer.drain()
    finally:
        back.close()
