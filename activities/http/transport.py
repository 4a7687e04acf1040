"""The HTTP transport: a connection pool, the egress guard at its sockets, and a proxy."""

import os
import socket
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

import aiohttp
import httpx
import yarl
from httpx_aiohttp import AiohttpTransport

from activities.egress.rules import EgressRules
from activities.http.connection import (
    Connecting,
    Connector,
    FirstAddresses,
    Response,
    Stage,
    current,
    remember,
)
from activities.http.proxy import Proxy
from activities.http.url import host_of, port_of
from tidings.errors import InvalidInputError

READ_BUFFER: Final = 16 * 1024
"""The most of an answer that waits in this process to be read, in bytes, at each of two places."""
RECEIVE_BUFFER: Final = 64 * 1024
"""The most of an answer that waits in the kernel: who sends gigabytes is made to wait."""

_DNS_CACHE_SECONDS: Final = 10
_KEEP_ALIVE_SECONDS: Final = 4
"""Shorter than the 5 s of many servers: one that they have closed would cost an attempt."""

_CERTIFICATE_SETTINGS: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR")


class EgressRefusedError(httpx.ConnectError):
    """The target's address must not be connected to; the message is for a person."""


class GuardedTransport(AiohttpTransport):
    """httpx over aiohttp's pool, whose cost does not grow with the number of connections.

    The guard decides where a socket is made, on the address that it is to connect to, so that no
    name, however it resolves, and no way of writing an address leads around it.
    """

    def __init__(
        self, rules: EgressRules, *, proxy: Proxy | None = None, connections_per_host: int = 0
    ) -> None:
        """``connections_per_host`` is the most to one host and port; 0 is no limit.

        The worker bounds the attempts in flight, so the whole pool needs no limit: a full one
        would make one target wait for another. Raises ``InvalidInputError`` where the certificates
        that ``SSL_CERT_FILE`` or ``SSL_CERT_DIR`` names cannot be read.
        """
        super().__init__(client=self._session, trust_env=False)
        self._tls = _tls_context()
        self._rules = rules
        self._proxy = proxy
        self._connections_per_host = connections_per_host

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request; raises ``EgressRefusedError`` where it must not be sent."""
        connecting = Connecting(host=host_of(request.url), url=f"{request.url}", proxy=self._proxy)
        remember(request, connecting)
        if self._proxy is not None:
            self._check_unresolved(request.url)
        token = current.set(connecting)
        try:
            return await super().handle_async_request(request)
        except httpx.TransportError as error:
            if connecting.refusals and not connecting.permitted:
                raise EgressRefusedError(connecting.refusals[0]) from error
            raise
        finally:
            current.reset(token)

    def _check_unresolved(self, url: httpx.URL) -> None:
        """What can be told of a target without its address, which only the proxy resolves."""
        host = host_of(url)
        with suppress(OSError):  # 127.1 or 0x7f000001, which many resolvers take for an address
            host = socket.inet_ntoa(socket.inet_aton(host.removesuffix(".")))
        refusal = self._rules.refusal_unresolved(host=host, port=port_of(url))
        if refusal is not None:
            raise EgressRefusedError(refusal)

    def _session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=Connector(
                limit=0,
                limit_per_host=self._connections_per_host,
                ssl=self._tls,
                resolver=FirstAddresses(),
                ttl_dns_cache=_DNS_CACHE_SECONDS,
                keepalive_timeout=_KEEP_ALIVE_SECONDS,
                socket_factory=self._make_socket,
            ),
            proxy=self._proxy.url if self._proxy is not None else None,
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers={"content-type"},
            response_class=Response,
            auto_decompress=False,
            read_bufsize=READ_BUFFER,
            middlewares=[_once_and_as_written],
            trace_configs=[_trace()],
            trust_env=False,
        )

    def _make_socket(self, address_info: aiohttp.AddrInfoType) -> socket.socket:
        family, kind, protocol, _, (address, port, *_) = address_info
        connecting = current.get()
        if self._proxy is None:  # else this is the proxy, which its setting admits
            refusal = self._rules.refusal(host=connecting.host, address=address, port=port)
            if refusal is not None:
                connecting.refusals.append(refusal)
                raise OSError(refusal)
        connecting.permitted += 1
        made = socket.socket(family, kind, protocol)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        return made


async def _once_and_as_written(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Sends each request once, and to its URL as it is written.

    aiohttp would write ``%2F`` in a query as ``/``, and would send a PUT again by itself where a
    kept connection has gone: but one attempt is one request.
    """
    connecting = current.get()
    if connecting.is_sent:
        raise aiohttp.ServerDisconnectedError
    connecting.is_sent = True
    request.url = yarl.URL(connecting.url, encoded=True)
    return await handler(request)


def _tls_context() -> ssl.SSLContext:
    try:
        return httpx.create_ssl_context()
    except OSError as error:  # ssl.SSLError is one too
        named = ", ".join(
            f"{name}={os.environ[name]}" for name in _CERTIFICATE_SETTINGS if name in os.environ
        )
        raise InvalidInputError(f"no certificates can be read ({named}): {error}") from None


def _trace() -> aiohttp.TraceConfig:
    """What keeps the stage of a request true."""

    def reaching(stage: Stage) -> Callable[..., Awaitable[None]]:
        async def reach(*_: object) -> None:
            current.get().stage = stage

        return reach

    trace = aiohttp.TraceConfig()
    trace.on_connection_queued_start.append(reaching(Stage.QUEUED))
    trace.on_connection_create_start.append(reaching(Stage.CONNECTING))
    trace.on_connection_create_end.append(reaching(Stage.CONNECTED))
    trace.on_connection_reuseconn.append(reaching(Stage.CONNECTED))
    return trace
