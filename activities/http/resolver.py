"""The resolving of names: by DNS and the hosts file, without a thread for each look-up."""

import socket
from typing import Final

import aiohttp
from aiohttp.abc import ResolveResult

_MAX_ADDRESSES: Final = 16
"""The most addresses of a name that are used.

aiohttp's work grows with the square of their number. A thousand addresses, which a target's own
DNS server can return, would keep a core busy until the deadline.
"""


class Resolver(aiohttp.AsyncResolver):
    """The first addresses of a name, or the address that a name spells.

    The look-ups share one thread. An attempt gives its look-up up at its deadline, so name servers
    that never answer hold no other look-up up. The system's resolver would keep a thread busy for
    each, for as long as it likes.
    """

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The first addresses of ``host``; raises ``OSError`` if it has none."""
        # The resolver of the system reads 127.1 and 0x7f000001 as addresses, and DNS does not.
        if spelled := _spelled(host, port, family):
            return spelled
        return (await super().resolve(host, port, family))[:_MAX_ADDRESSES]


def _spelled(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    """The address that ``host`` spells in any form; empty if it is a name."""
    try:
        found = socket.getaddrinfo(
            host, port, family, socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST
        )
    except socket.gaierror:
        return []
    return [
        ResolveResult(
            hostname=host,
            host=str(address[0]),
            port=port,
            family=each_family,
            proto=proto,
            flags=socket.AI_NUMERICHOST,
        )
        for each_family, _, proto, _, address in found
    ]
