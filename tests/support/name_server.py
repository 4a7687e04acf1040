"""A name server over UDP on loopback that answers some names and keeps silent on the others."""

import asyncio
import struct
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import Final, cast

_TYPES: Final = {4: 1, 16: 28}
"""The types A and AAAA, by the length of their addresses in bytes."""
_ANSWER: Final = 0x8180
"""A response, with recursion wanted and available, and no error (RFC 1035, 4.1.1)."""


class NameServer(asyncio.DatagramProtocol):
    """Answers with the addresses of a name. A name without any gets no answer at all."""

    def __init__(self, addresses: Mapping[str, list[str]]) -> None:
        self.asked: list[str] = []
        """The names in the order of the questions; a name is asked for IPv4 and for IPv6."""
        self.address = ""
        """Host and port."""
        self._addresses = addresses
        self._transport: asyncio.DatagramTransport | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator["NameServer"]:
        """Answers for the length of the block."""
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: self, ("127.0.0.1", 0))
        host, port = transport.get_extra_info("sockname")
        self.address = f"{host}:{port}"
        try:
            yield self
        finally:
            transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keeps the way to answer."""
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answers one question."""
        name, end = _name(data)
        (kind,) = struct.unpack_from("!H", data, end)
        self.asked.append(name)
        if name not in self._addresses:
            return
        found = [ip_address(each) for each in self._addresses[name]]
        records = [each.packed for each in found if _TYPES[len(each.packed)] == kind]
        head = struct.pack(
            "!HHHHHH", *struct.unpack_from("!H", data), _ANSWER, 1, len(records), 0, 0
        )
        answers = (struct.pack("!HHHIH", 0xC00C, kind, 1, 0, len(each)) + each for each in records)
        assert self._transport is not None
        self._transport.sendto(head + data[12 : end + 4] + b"".join(answers), addr)


def _name(question: bytes) -> tuple[str, int]:
    """The name in a question, and where it ends."""
    labels, at = [], 12
    while length := question[at]:
        labels.append(question[at + 1 : at + 1 + length].decode())
        at += 1 + length
    return ".".join(labels).lower(), at + 1
