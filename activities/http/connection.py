"""The connections of the HTTP transport: aiohttp's, made safe against who is at the other end."""

import asyncio
import socket
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import partial
from typing import Any, Final, Self

import aiohttp
import httpx
from aiohttp.abc import ResolveResult
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection

from activities.http.proxy import Proxy

MAX_RECEIVED: Final = 1024 * 1024
"""The most of an answer that is parsed, framing included; the body of one that is read to its
limit in chunks of one byte takes less than half of it. What never becomes a body (1xx answers,
chunk extensions, empty lines) would else keep a core busy until the deadline."""

_MAX_ADDRESSES: Final = 16
"""Of one name. aiohttp's work grows with their square: a thousand, which a target's own DNS server
can answer with, would keep a core busy until the deadline."""


class Stage(Enum):
    """How far a request has come."""

    QUEUED = auto()
    """It waits for one of the connections to its host to become free."""
    CONNECTING = auto()
    """If there is a proxy, then to it, or it to the target."""
    IN_TUNNEL = auto()
    """The proxy has reached the target, with which TLS begins."""
    CONNECTED = auto()


@dataclass(kw_only=True)
class Connecting:
    """How a request came by its connection."""

    host: str
    url: str = field(repr=False)
    refusals: list[str] = field(default_factory=list)
    """Of the addresses that were not connected to, why."""
    permitted: int = 0
    """The addresses that might be connected to."""
    proxy: Proxy | None = None
    stage: Stage | None = None
    """How far it has come; ``None`` before anything was tried."""
    is_sent: bool = False
    is_endless: bool = False
    """Whether more than ``MAX_RECEIVED`` came."""


current: ContextVar[Connecting] = ContextVar("current")
"""That of the request which the running code is about."""

_EXTENSION: Final = "tidings.connecting"


def remember(request: httpx.Request, connecting: Connecting) -> None:
    """Has ``connecting()`` find it."""
    request.extensions = {**request.extensions, _EXTENSION: connecting}


def connecting(request: httpx.Request) -> Connecting | None:
    """How ``request`` came by its connection; ``None`` where another transport sent it."""
    known = request.extensions.get(_EXTENSION)
    return known if isinstance(known, Connecting) else None


class Response(aiohttp.ClientResponse):
    """What aiohttp makes of an answer, made safe against who sends it."""

    async def start(self, connection: Connection) -> Self:
        """See ``aiohttp``."""
        if connection.protocol is not None and connection.protocol.should_close:
            # On a kept connection: it must not be taken for the answer to this request.
            raise aiohttp.ClientConnectionError("an answer came before there was a request")
        connection.add_callback(partial(_drop_unsent, connection))
        await super().start(connection)
        self.reason = ""  # nothing reads it, and one that is not ASCII breaks the transport
        return self


def _drop_unsent(connection: Connection) -> None:
    """Else a target that never reads would keep a socket, and what it is to read, for ever."""
    transport = connection.transport
    if isinstance(transport, asyncio.WriteTransport) and transport.get_write_buffer_size():
        transport.abort()


class _Protocol(ResponseHandler):
    """Hangs up on an answer whose framing does not end."""

    _answered: Connecting | None = None
    _received = 0

    def set_response_params(self, **params: Any) -> None:
        self._answered, self._received = current.get(), 0
        super().set_response_params(**params)

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        if self._received <= MAX_RECEIVED:
            super().data_received(data)
        elif self.transport is not None:
            if self._answered is not None:
                self._answered.is_endless = True
            self.transport.abort()


def _new_protocol(loop: asyncio.AbstractEventLoop) -> ResponseHandler:
    return _Protocol(loop)


class FirstAddresses(aiohttp.ThreadedResolver):
    """The system's own resolver, as far as anyone needs its answers."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The first addresses of ``host``."""
        return (await super().resolve(host, port, family))[:_MAX_ADDRESSES]


class Connector(aiohttp.TCPConnector):
    """Tells when a tunnel stands: what fails from then on is the target's, and not the proxy's."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # aiohttp has no other way to say of what its connections are made.
        self._factory: partial[ResponseHandler] = partial(_new_protocol, self._loop)

    async def _start_tls_connection(
        self, *args: Any, **kwargs: Any
    ) -> tuple[asyncio.BaseTransport, ResponseHandler]:
        current.get().stage = Stage.IN_TUNNEL
        return await super()._start_tls_connection(*args, **kwargs)
