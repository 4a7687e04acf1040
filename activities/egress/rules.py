"""Which addresses and ports the worker may connect to, whatever a target's URL asks for; pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Network, ip_address, ip_network
from typing import Final, Self

from activities.egress.special_addresses import (
    METADATA_ADDRESSES,
    Address,
    Network,
    special_network,
)

EGRESS_ALLOW: Final = "TIDINGS_EGRESS_ALLOW"
"""The setting that admits what is refused by default."""

_EXPECTED: Final = (
    "an IP address, a CIDR network, or a host name (which admits all names under it), each with "
    "or without :PORT (with an IPv6 address in brackets: [fd00::/8]:8025), or :PORT alone"
)
# In this order: in brackets, without a colon, or an IPv6 address, which holds any colon there is.
_SUBJECT_AND_PORT: Final = re.compile(r"(\[[^\[\]%]+\]|[^\[\]:%]*|[^\[\]%]+)(?::([0-9]{1,5}))?")
# A name that ends in a number would be an IPv4 address to some resolvers, such as 10.1 or 0x7f.1.
_HOST_NAME: Final = re.compile(
    r"(?:\*?\.)?((?=.{1,253}$)(?!(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)$)"
    r"(?:(?!-)[a-z0-9_-]{1,63}(?<!-)\.)*(?!-)[a-z0-9_-]{1,63}(?<!-))"
)

# IPv6 addresses that are an IPv4 address in other clothes, and how far from the right its 32 bits
# are: IPv4-compatible, -mapped (both RFC 4291 section 2.5.5), -translated (RFC 2765 section 2.1),
# NAT64 (RFC 6052) and 6to4 (RFC 3056).
_STAND_INS: Final = (
    (IPv6Network("::/96"), 0),
    (IPv6Network("::ffff:0:0/96"), 0),
    (IPv6Network("::ffff:0:0:0/96"), 0),
    (IPv6Network("64:ff9b::/96"), 0),
    (IPv6Network("2002::/16"), 80),
)
_LOCAL_NAT64: Final = IPv6Network("64:ff9b:1::/48")
_TEREDO: Final = IPv6Network("2001::/32")
_32_BITS: Final = 0xFFFF_FFFF


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry of the setting, but for those that are a port alone."""

    admitted: Network | str
    """A network, or a host name in lower case that stands for all names under it too."""
    port: int | None
    """The only port it holds for; ``None`` is every port that needs no entry."""

    def covers(self, address: Address, outer: Address, host: str) -> bool:
        """Whether it speaks of ``address``, which is embedded in ``outer`` if it is not the same.

        ``host`` is what the target's URL calls it, as ``_normal`` has it.
        """
        if isinstance(self.admitted, str):
            return self.names(host)
        return address in self.admitted or outer in self.admitted

    def names(self, host: str) -> bool:
        """Whether it speaks of ``host`` by name."""
        return isinstance(self.admitted, str) and f".{host}".endswith(f".{self.admitted}")


@dataclass(frozen=True, kw_only=True)
class EgressRules:
    """What may be connected to.

    That is every globally reachable address at ports 80, 443 and from 1024 on, and what
    ``TIDINGS_EGRESS_ALLOW`` admits beside it.
    """

    entries: tuple[Entry, ...] = ()
    ports: frozenset[int] = frozenset()
    """Further ports, for every address that is not admitted at certain ports only."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads the setting: entries separated by commas, white space or both; none is fine.

        An entry is an IP address, a CIDR network or a host name, which stands for all names under
        it too (``.example.com`` and ``*.example.com`` mean the same), each with or without
        ``:PORT``; an IPv6 one with a port is in brackets. With a port it admits at that port only,
        without one at 80, 443 and from 1024 on. ``:PORT`` alone adds to these, and admits no
        address.

        Raises ``ValueError`` with a message that names the entry and what is expected.
        """
        entries: list[Entry] = []
        ports: set[int] = set()
        for entry in filter(None, re.split(r"[\s,]+", text)):
            subject, port = _split(entry)
            if subject:
                entries.append(Entry(admitted=_admitted(subject, entry), port=port))
            elif port is not None:
                ports.add(port)
        return cls(entries=tuple(entries), ports=frozenset(ports))

    def refusal(self, *, host: str, address: str, port: int) -> str | None:
        """Why there must be no connection to ``address`` and ``port``; ``None`` if there may be.

        ``address`` is one that ``host`` has been resolved to, with or without a scope (``%eth0``).
        ``host`` is as in the target's URL: of either case, perhaps with a final dot, or an IP
        literal with or without brackets. An international name has to be in its ASCII form, or no
        entry admits it.

        The answer is one sentence for a person. Every IPv4 address that an IPv6 one may lead to
        has to pass. A cloud's metadata service never does.
        """
        try:
            scoped = ip_address(address)
        except ValueError:
            return f"{address!r} is no IP address, so {EGRESS_ALLOW} cannot admit it"
        outer = type(scoped)(int(scoped))  # fe80::1%eth0 does not equal fe80::1
        reached = tuple(_reached(outer))
        for one in reached:
            if one in METADATA_ADDRESSES:
                service = METADATA_ADDRESSES[one]
                return f"{_shown(one, outer)} is {service}, which nothing may admit"
        name = _normal(host)
        whys = (self._refusal_of_one(one, outer, name, port) for one in reached)
        return next(filter(None, whys), None)

    def refusal_unresolved(self, *, host: str, port: int) -> str | None:
        """As ``refusal``, where only a proxy gets to know what ``host`` is resolved to.

        What can be told is the address of an IP literal or of ``localhost`` (RFC 6761); of any
        other name only the port.
        """
        name = _normal(host)
        try:
            address = str(ip_address(name.strip("[]")))
        except ValueError:
            if name != "localhost" and not name.endswith(".localhost"):
                ports = {entry.port for entry in self.entries if entry.names(name)}
                return None if port in ports else self._refusal_of_port(port)
            address = "127.0.0.1"
        return self.refusal(host=host, address=address, port=port)

    def _refusal_of_one(self, address: Address, outer: Address, host: str, port: int) -> str | None:
        covering = [entry for entry in self.entries if entry.covers(address, outer, host)]
        if any(entry.port == port for entry in covering):
            return None
        special = special_network(address)
        at_any_port = any(entry.port is None for entry in covering)
        if special and not special.globally_reachable and not at_any_port:
            rule = f"is {special.name} ({special.network}, {special.source})"
            where = f" at port {port}" if covering else ""
            return f"{_shown(address, outer)} {rule}, and {EGRESS_ALLOW} does not admit it{where}"
        return self._refusal_of_port(port)

    def _refusal_of_port(self, port: int) -> str | None:
        if port in {80, 443} or port >= 1024 or port in self.ports:
            return None
        rule = f"port {port} is below 1024 and neither 80 nor 443"
        return f"{rule}, and {EGRESS_ALLOW} does not admit it"


def _reached(address: Address) -> Iterator[Address]:
    """What a packet to ``address`` may arrive at: itself or what it stands for, and further ones.

    RFC 8215 leaves open where its prefix ends, so that all embeddings of RFC 6052 section 2.2
    count. Teredo (RFC 4380 section 4) holds a server, and a client with its bits inverted. ISATAP
    (RFC 5214 section 6.1) is told by the interface id alone, under any prefix.
    """
    if isinstance(address, IPv4Address):
        yield address
        return
    bits = int(address)
    is_own = bits <= 1  # "::" and "::1" are in ::/96, and no IPv4 addresses
    shift = next((shift for network, shift in _STAND_INS if address in network), None)
    yield address if is_own or shift is None else IPv4Address(bits >> shift & _32_BITS)
    if address in _LOCAL_NAT64:
        yield IPv4Address(bits & _32_BITS)
        without_u = bits >> 64 << 56 | bits & (1 << 56) - 1  # bits 64 to 71 are never part of it
        for shift_of_prefix in (40, 32, 24):  # /48, /56, /64
            yield IPv4Address(without_u >> shift_of_prefix & _32_BITS)
    if address in _TEREDO:
        yield IPv4Address(bits >> 64 & _32_BITS)
        yield IPv4Address(~bits & _32_BITS)
    if bits >> 32 & 0xFDFF_FFFF == 0x5EFE:
        yield IPv4Address(bits & _32_BITS)


def _split(entry: str) -> tuple[str, int | None]:
    """An entry's subject ("" if it is a port alone), and its port."""
    match = _SUBJECT_AND_PORT.fullmatch(entry)
    if match is None:
        raise ValueError(f"{EGRESS_ALLOW}: {entry!r} is not {_EXPECTED}")
    subject, digits = match.groups()
    port = None if digits is None else int(digits)
    if port is not None and not 1 <= port <= 65535:
        raise ValueError(f"{EGRESS_ALLOW}: {entry!r} has port {port}, which is not 1 to 65535")
    return subject, port


def _admitted(subject: str, entry: str) -> Network | str:
    plain = subject.strip("[]")
    try:
        network = ip_network(plain, strict=False)
    except ValueError:
        match = _HOST_NAME.fullmatch(_normal(subject))
        if match is None:
            raise ValueError(f"{EGRESS_ALLOW}: {entry!r} is not {_EXPECTED}") from None
        return match[1]
    address, _, _ = plain.partition("/")
    if ip_address(address) != network.network_address:
        raise ValueError(
            f"{EGRESS_ALLOW}: {entry!r} has bits set beyond its prefix; "
            f"it probably means {network}, or {address} alone"
        )
    return network


def _normal(host: str) -> str:
    """In lower case and without the final dot; "" if not ASCII.

    In lower case some other letters are ASCII (U+212A is "k"), and are not what was admitted.
    """
    return host.lower().removesuffix(".") if host.isascii() else ""


def _shown(address: Address, outer: Address) -> str:
    return str(address) if address == outer else f"{address}, embedded in {outer},"
