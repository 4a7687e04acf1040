"""A server that refuses every gRPC call, as a Temporal server refuses an unknown API key."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

_PREFACE: Final = 24
_HEAD: Final = 9
_HEADERS, _SETTINGS = 1, 4
_ACK, _END = 0x1, 0x5
"""Flags of a frame: acknowledged settings; whole headers that end their stream."""


@asynccontextmanager
async def refusing(status: int, message: str) -> AsyncIterator[str]:
    """The address of such a server; ``status`` is a gRPC status code."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readexactly(_PREFACE)
            writer.write(_frame(_SETTINGS, 0, 0))
            while True:
                head = await reader.readexactly(_HEAD)
                await reader.readexactly(int.from_bytes(head[:3], "big"))
                kind, flags, stream = head[3], head[4], int.from_bytes(head[5:], "big")
                if kind == _SETTINGS and not flags & _ACK:
                    writer.write(_frame(_SETTINGS, _ACK, 0))
                elif kind == _HEADERS:
                    writer.write(_frame(_HEADERS, _END, stream, _refusal(status, message)))
        except asyncio.IncompleteReadError:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


def _frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    """A frame of HTTP/2 (RFC 9113 section 4.1)."""
    head = len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big")
    return head + payload


def _refusal(status: int, message: str) -> bytes:
    """An answer of headers only, without compression (RFC 7541 section 6.2.2)."""
    headers = {
        "content-type": "application/grpc",
        "grpc-status": str(status),
        "grpc-message": message,
    }
    ok = b"\x88"
    return ok + b"".join(b"\x00" + _text(name) + _text(value) for name, value in headers.items())


def _text(text: str) -> bytes:
    assert len(text) < 127
    return bytes([len(text)]) + text.encode()
