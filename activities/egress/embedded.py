"""IPv4 addresses inside IPv6 addresses; pure."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from typing import Final

from activities.egress.special_addresses import Address

# IPv4-compatible (RFC 4291 section 2.5.5), IPv4-translated (RFC 2765 section 2.1), NAT64 (RFC 6052)
_IPV4_IN_LAST_32_BITS: Final = (
    IPv6Network("::/96"),
    IPv6Network("::ffff:0:0:0/96"),
    IPv6Network("64:ff9b::/96"),
)
_LOCAL_NAT64: Final = IPv6Network("64:ff9b:1::/48")
_ISATAP: Final = 0x5EFE
_ISATAP_MASK: Final = 0xFDFF_FFFF
"""All of the upper half of an interface id but its u bit (RFC 5214 section 6.1)."""


def reached(address: Address) -> Iterator[Address]:
    """The addresses at which a packet to ``address`` may arrive.

    The first is ``address`` itself, or the IPv4 address that it only stands for. Others follow if
    a relay or translator may send the packet on to an IPv4 address inside of it.
    """
    if isinstance(address, IPv4Address):
        yield address
        return
    yield _stands_for(address) or address
    if address in _LOCAL_NAT64:
        yield from _local_nat64(address)
    yield from address.teredo or ()  # the server, and the client
    if int(address) >> 32 & _ISATAP_MASK == _ISATAP:  # under any prefix
        yield _ipv4(int(address))


def _stands_for(address: IPv6Address) -> IPv4Address | None:
    if int(address) <= 1:  # "::" and "::1" are in ::/96, but they have no IPv4 address
        return None
    if any(address in network for network in _IPV4_IN_LAST_32_BITS):
        return _ipv4(int(address))
    return address.ipv4_mapped or address.sixtofour


def _local_nat64(address: IPv6Address) -> Iterator[IPv4Address]:
    """The IPv4 addresses that a local NAT64 may find in ``address``.

    RFC 8215 does not say how long the translator's prefix is, so all lengths of RFC 6052
    section 2.2 count.
    """
    bits = int(address)
    yield _ipv4(bits)  # /96
    without_u = bits >> 64 << 56 | bits & (1 << 56) - 1  # bits 64 to 71 never belong to it
    for shift in (40, 32, 24):  # /48, /56, /64
        yield _ipv4(without_u >> shift)


def _ipv4(bits: int) -> IPv4Address:
    """The IPv4 address in the last 32 of ``bits``."""
    return IPv4Address(bits & 0xFFFF_FFFF)
