"""aiohttp's connections, made safe against the other end.

Private names of aiohttp are used here only: ``_factory``, ``_create_connection`` and
``_start_tls_connection`` of its connector, ``_reading_paused`` of its protocol. pyproject.toml
bounds aiohttp's version, and a unit test checks that they are as expected.
"""

import asyncio
from functools import partial
from typing import Any, Final

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.http import RawResponseMessage
from aiohttp.streams import StreamReader

from activities.http.framing import Pieces
from activities.http.progress import Progress, Stage, current

MAX_RECEIVED: Final = 1024 * 1024
"""The most bytes of an answer that are parsed, framing included.

A body that is read up to its limit in chunks of one byte takes less than half of that. Without the
limit, bytes that never become a body (1xx answers, chunk extensions) would keep a core busy until
the deadline.
"""
READ_BUFFER: Final = 16 * 1024
"""The most bytes of a body that wait in this process to be read, in each of two places."""

MAX_LINES: Final = 16 * 1024
"""The most lines before the body of an answer.

Each header costs several hundred bytes of memory, however short it is. The cost of a header that is
folded over many lines grows with the square of their number.
"""


class Protocol(ResponseHandler):
    """One connection: one answer to each request, and nothing behind it."""

    _progress = Progress()
    _received = 0
    _lines = 0
    _pieces = Pieces()
    _body: StreamReader | None = None

    def set_response_params(self, **params: Any) -> None:
        """Prepares for the next answer, to a target or to CONNECT."""
        self._progress = current.get()
        self._received = self._lines = 0
        self._pieces = Pieces()
        self._body = None
        # aiohttp's limits are made for servers. Here MAX_RECEIVED is the limit.
        params |= {"max_line_size": MAX_RECEIVED, "max_field_size": MAX_RECEIVED}
        params |= {"max_headers": MAX_LINES, "auto_decompress": False}
        super().set_response_params(**params)

    @property
    def is_answered(self) -> bool:
        """True if the answer is complete."""
        return self._body is not None and (self._body.is_eof() or self._pieces.is_body_complete)

    def data_received(self, data: bytes) -> None:
        """Parses ``data``; without it, what had to wait until the body was read."""
        if data:
            self._received += len(data)
            self._pieces.add(data)
        else:
            super().data_received(data)  # the parser keeps back some bytes itself
        self._parse()

    def feed_data(self, data: tuple[RawResponseMessage, StreamReader], size: int = 0) -> None:
        """Takes the head of an answer from the parser."""
        message, body = data
        if 100 <= message.code < 200:
            self._pieces.expect_head()
        else:
            self._body = body
            length = None if message.chunked else message.headers.get("Content-Length")
            self._pieces.expect_body(int(length) if length else None)
        super().feed_data(data, size)

    def set_exception(self, exc: BaseException, *cause: BaseException) -> None:
        """Fails the answer, its body too: aiohttp would let the body wait for ever."""
        super().set_exception(exc, *cause)
        body = self._body
        if body is not None and not body.is_eof() and body.exception() is None:
            body.set_exception(exc)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Parses what had to wait, because an answer may be complete with it."""
        self._parse(waits=False)
        super().connection_lost(exc)

    def _parse(self, *, waits: bool = True) -> None:
        while self._pieces and not (waits and self._reading_paused):
            if self.is_answered:
                self._hang_up()
            elif self._received > MAX_RECEIVED:
                self._refuse(f"more than {MAX_RECEIVED:,} bytes came as one answer")
            elif piece := self._pieces.take():
                self._lines += piece.count(b"\n") if self._body is None else 0
                if self._lines > MAX_LINES:
                    self._refuse(f"more than {MAX_LINES:,} lines came before the body of an answer")
                else:
                    super().data_received(piece)

    def _refuse(self, excess: str) -> None:
        self._progress.excess = excess
        self._hang_up()

    def _hang_up(self) -> None:
        """Closes a connection on which more came than an answer.

        Otherwise the rest would be taken for the answer to the next request.
        """
        self._pieces = Pieces()
        self.force_close()
        if self.transport is not None:
            self.transport.abort()


def _new_protocol(loop: asyncio.AbstractEventLoop) -> ResponseHandler:
    return Protocol(loop)


def drop_unsent(connection: Connection) -> None:
    """Aborts a connection whose other end has not taken the whole request.

    Otherwise a target that never reads would keep the socket and the request for ever.
    """
    transport = connection.transport
    if isinstance(transport, asyncio.WriteTransport) and transport.get_write_buffer_size():
        transport.abort()


class Connector(aiohttp.TCPConnector):
    """A connection pool that makes ``Protocol`` connections and records their progress."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # aiohttp has no public way to choose the protocol class.
        self._factory: partial[ResponseHandler] = partial(_new_protocol, self._loop)

    async def _create_connection(self, *args: Any, **kwargs: Any) -> ResponseHandler:
        current.get().stage = Stage.CONNECTING
        return await super()._create_connection(*args, **kwargs)

    async def _start_tls_connection(
        self, *args: Any, **kwargs: Any
    ) -> tuple[asyncio.BaseTransport, ResponseHandler]:
        # From here on a failure is the target's, not the proxy's.
        current.get().stage = Stage.IN_TUNNEL
        return await super()._start_tls_connection(*args, **kwargs)
