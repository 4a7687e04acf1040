"""The HTTP transport: aiohttp's pool under httpx's interface, guarded at its sockets."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

import aiohttp
import httpx
import yarl
from multidict import CIMultiDict

from activities.egress.rules import EgressRules
from activities.http.connection import READ_BUFFER, Connector, drop_unsent
from activities.http.failure import AIOHTTP_ERRORS, NoAnswerError, from_aiohttp
from activities.http.progress import Progress, Stage, current
from activities.http.proxy import Proxy
from activities.http.resolver import Resolver
from activities.http.trust import tls_context
from activities.http.url import host_of, port_of
from tidings.state import FailureKind

RECEIVE_BUFFER: Final = 64 * 1024
"""The most bytes of an answer that wait in the kernel. A sender of gigabytes has to wait."""

_DNS_CACHE_SECONDS: Final = 10
_KEEP_ALIVE_SECONDS: Final = 4
"""Less than the 5 s of many servers: a connection that they close would cost an attempt."""
_NO_TIMEOUT: Final = aiohttp.ClientTimeout()
"""``exchange()`` bounds the whole exchange instead."""
_HEADERS_OF_AIOHTTP: Final = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
"""Headers that aiohttp would add where a request has none of that name."""


class GuardedTransport(httpx.AsyncBaseTransport):
    """Sends each request once, over a pool whose cost does not grow with its connections.

    The egress rules decide where a socket is made, on the address that it is to connect to. So
    neither the resolution of a name nor a spelling of an address gets around them.
    """

    def __init__(
        self,
        rules: EgressRules,
        *,
        proxy: Proxy | None = None,
        connections_per_host: int = 0,
        ca: Path | None = None,
    ) -> None:
        """``connections_per_host`` limits the connections to one host and port. 0 means no limit.

        The pool has no limit of its own: a full pool would make one target wait for another, and
        the worker already limits the attempts in flight. ``ca`` is a PEM file or a directory with
        authorities that are trusted beside the others (see ``tls_context``, which may raise
        ``InvalidInputError``).
        """
        self._rules = rules
        self._proxy = proxy
        self._connections_per_host = connections_per_host
        self._tls = tls_context(ca)
        self._open_connector: Connector | None = None
        self._resolver: Resolver | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request and returns its answer's head; raises ``NoAnswerError``."""
        progress = Progress.of(request)
        progress.host, progress.proxy = host_of(request.url), self._proxy
        if self._proxy is not None:
            self._check_unresolved(request.url)
        outgoing = self._outgoing(request, await request.aread())
        token = current.set(progress)
        try:
            answer = await self._send(outgoing, progress)
        except AIOHTTP_ERRORS as error:
            raise from_aiohttp(error, progress) from None
        finally:
            current.reset(token)
        return httpx.Response(
            answer.status, headers=answer.raw_headers, stream=_Body(answer, progress)
        )

    async def aclose(self) -> None:
        """Closes all connections."""
        if self._open_connector is not None:
            await self._open_connector.close()
        if self._resolver is not None:
            await self._resolver.close()

    @property
    def _connector(self) -> Connector:
        """The pool, which can only be made inside the event loop that it is used in."""
        if self._open_connector is None:
            self._resolver = Resolver()
            self._open_connector = Connector(
                limit=0,
                limit_per_host=self._connections_per_host,
                ssl=self._tls,
                resolver=self._resolver,
                ttl_dns_cache=_DNS_CACHE_SECONDS,
                keepalive_timeout=_KEEP_ALIVE_SECONDS,
                socket_factory=self._new_socket,
            )
        return self._open_connector

    def _outgoing(self, request: httpx.Request, content: bytes) -> aiohttp.ClientRequest:
        """``request`` as aiohttp sends it: URL and header names stay as they are written."""
        headers = CIMultiDict(
            (name.decode(), value.decode()) for name, value in request.headers.raw
        )
        proxy_headers = None
        if self._proxy is not None and self._proxy.authorization is not None:
            proxy_headers = CIMultiDict({"Proxy-Authorization": self._proxy.authorization})
            if request.url.scheme == "http":  # without a tunnel, the proxy reads the request itself
                headers.extend(proxy_headers)
        return aiohttp.ClientRequest(
            request.method,
            _as_written(request.url),
            headers=headers,
            skip_auto_headers=_HEADERS_OF_AIOHTTP,
            data=content or None,
            loop=asyncio.get_running_loop(),
            proxy=yarl.URL(self._proxy.url) if self._proxy is not None else None,
            proxy_headers=proxy_headers,
        )

    async def _send(
        self, outgoing: aiohttp.ClientRequest, progress: Progress
    ) -> aiohttp.ClientResponse:
        """Sends the request, and waits for the head of its answer.

        ``aiohttp.ClientSession`` would do this too. It would also send a PUT again by itself if a
        kept connection breaks, but one attempt is one request.
        """
        progress.stage = Stage.QUEUED
        connection = await self._connector.connect(outgoing, [], _NO_TIMEOUT)
        progress.stage = Stage.CONNECTED
        try:
            assert connection.protocol is not None
            connection.add_callback(partial(drop_unsent, connection))
            connection.protocol.set_response_params(read_until_eof=True, read_bufsize=READ_BUFFER)
            answer = await outgoing.send(connection)
            try:
                return await answer.start(connection)
            except BaseException:
                answer.close()
                raise
        except BaseException:
            connection.close()
            raise

    def _check_unresolved(self, url: httpx.URL) -> None:
        """Checks a target whose address only the proxy resolves."""
        host = host_of(url)
        with suppress(OSError):  # 127.1 or 0x7f000001, which many resolvers take for an address
            host = socket.inet_ntoa(socket.inet_aton(host.removesuffix(".")))
        refusal = self._rules.refusal_unresolved(host=host, port=port_of(url))
        if refusal is not None:
            raise NoAnswerError(FailureKind.EGRESS_REFUSED, refusal)

    def _new_socket(self, address_info: aiohttp.AddrInfoType) -> socket.socket:
        """A socket for one resolved address; raises ``OSError`` if the rules refuse it."""
        family, kind, protocol, _, (address, port, *_) = address_info
        progress = current.get()
        if self._proxy is None:  # otherwise the address is the proxy's, which its setting permits
            refusal = self._rules.refusal(host=progress.host, address=address, port=port)
            if refusal is not None:
                progress.refusals.append(refusal)
                raise OSError(refusal)
        progress.permitted += 1
        new = socket.socket(family, kind, protocol)
        new.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        return new


class _Body(httpx.AsyncByteStream):
    """The body of an answer, as it comes over the wire."""

    def __init__(self, answer: aiohttp.ClientResponse, progress: Progress) -> None:
        self._answer = answer
        self._progress = progress

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._answer.content.iter_any():
                yield chunk
        except AIOHTTP_ERRORS as error:
            raise from_aiohttp(error, self._progress) from None

    async def aclose(self) -> None:
        """Gives the connection back, or closes it if the answer was not read to its end."""
        self._answer.release()
        await self._answer.wait_for_close()


def _as_written(url: httpx.URL) -> yarl.URL:
    """``url`` for aiohttp, with every byte as it is; raises ``NoAnswerError`` if it is unusable."""
    if url.scheme not in {"http", "https"}:
        raise NoAnswerError(FailureKind.BAD_TARGET, "the target is neither http nor https")
    try:
        # aiohttp would otherwise write %2F in a query as a slash.
        written = yarl.URL(f"{url}", encoded=True)
        has_host = bool(written.host)  # which fails for an international name that is not valid
    except ValueError:
        has_host = False
    if not has_host:
        detail = "the target is not a URL that can be requested"
        raise NoAnswerError(FailureKind.BAD_TARGET, detail)
    return written
