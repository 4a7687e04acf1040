"""The rules for connections: the addresses and ports that the worker may connect to; pure."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Self

from activities.egress.embedded import reached
from activities.egress.entry import EGRESS_ALLOW, Entry, normal, parse_entry
from activities.egress.special_addresses import METADATA_ADDRESSES, Address, special_network

__all__ = ["EGRESS_ALLOW", "EgressRules"]


@dataclass(frozen=True, kw_only=True)
class EgressRules:
    """The rules of a worker.

    By default they admit every globally reachable address, at ports 80, 443 and from 1024 on.
    ``TIDINGS_EGRESS_ALLOW`` admits more. Nothing admits a cloud's metadata service.
    """

    entries: tuple[Entry, ...] = ()
    """The entries that have an address, a network or a host name."""
    ports: frozenset[int] = frozenset()
    """Further ports, for every address except those that are admitted at certain ports only."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads the setting: any number of entries, separated by commas, white space or both.

        An entry is an IP address, a CIDR network or a host name, which stands for all names under
        it too (``.example.com`` and ``*.example.com`` mean the same). Each may have ``:PORT``; an
        IPv6 address with a port is in brackets. With a port, the entry admits that port only;
        without one, it admits 80, 443 and all from 1024 on. ``:PORT`` alone adds to these ports,
        but admits no address.

        Raises ``ValueError`` with a message that names the entry and what is expected.
        """
        entries = [parse_entry(entry) for entry in re.split(r"[\s,]+", text) if entry]
        return cls(
            entries=tuple(entry for entry in entries if entry.subject is not None),
            ports=frozenset(
                entry.port for entry in entries if entry.subject is None and entry.port is not None
            ),
        )

    def refusal(self, *, host: str, address: str, port: int) -> str | None:
        """The reason against a connection to ``address`` and ``port``; ``None`` if it is allowed.

        ``address`` is one of the addresses of ``host``, with or without a scope (``%eth0``).
        ``host`` is as in the target's URL: in any case, perhaps with a final dot, or an IP literal
        with or without brackets. An international name has to be in its ASCII form, or no entry
        admits it.

        The reason is one sentence for a person. If an IPv6 address has IPv4 addresses inside, each
        that a packet may reach has to pass.
        """
        try:
            scoped = ip_address(address)
        except ValueError:
            return f"{address!r} is not an IP address, so {EGRESS_ALLOW} cannot admit it"
        outer = type(scoped)(int(scoped))  # without its scope: fe80::1%eth0 is not equal to fe80::1
        candidates = tuple(reached(outer))
        for candidate in candidates:
            if candidate in METADATA_ADDRESSES:
                service = METADATA_ADDRESSES[candidate]
                return f"{_named(candidate, outer)} is {service}, which nothing may admit"
        name = normal(host)
        refusals = (self._refusal_of_address(each, outer, name, port) for each in candidates)
        return next(filter(None, refusals), None)

    def refusal_unresolved(self, *, host: str, port: int) -> str | None:
        """As ``refusal``, if only a proxy resolves ``host``.

        The address is known only of an IP literal and of ``localhost`` (RFC 6761). Of any other
        name, only the port is checked.
        """
        name = normal(host)
        try:
            address = str(ip_address(name.strip("[]")))
        except ValueError:
            if name != "localhost" and not name.endswith(".localhost"):
                ports = {entry.port for entry in self.entries if entry.names(name)}
                return None if port in ports else self._refusal_of_port(port)
            address = "127.0.0.1"
        return self.refusal(host=host, address=address, port=port)

    def _refusal_of_address(
        self, address: Address, outer: Address, host: str, port: int
    ) -> str | None:
        covering = [entry for entry in self.entries if entry.covers(address, outer, host)]
        if any(entry.port == port for entry in covering):
            return None
        special = special_network(address)
        at_any_port = any(entry.port is None for entry in covering)
        if special and not special.globally_reachable and not at_any_port:
            at_port = f" at port {port}" if covering else ""
            return (
                f"{_named(address, outer)} is in {special}, "
                f"and {EGRESS_ALLOW} does not admit it{at_port}"
            )
        return self._refusal_of_port(port)

    def _refusal_of_port(self, port: int) -> str | None:
        if port in {80, 443} or port >= 1024 or port in self.ports:
            return None
        rule = f"port {port} is below 1024 and neither 80 nor 443"
        return f"{rule}, and {EGRESS_ALLOW} does not admit it"


def _named(address: Address, outer: Address) -> str:
    return str(address) if address == outer else f"{address}, embedded in {outer},"
