"""One entry of ``TIDINGS_EGRESS_ALLOW``: an address, a network or a host name, perhaps a port."""

import re
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Final

from activities.egress.special_addresses import Address, Network

EGRESS_ALLOW: Final = "TIDINGS_EGRESS_ALLOW"
"""The setting that admits connections beyond the default."""

_EXPECTED: Final = (
    "an IP address, a CIDR network, or a host name (which admits all names under it), each with "
    "or without :PORT (with an IPv6 address in brackets: [fd00::/8]:8025), or :PORT alone"
)
# The order of the alternatives matters: in brackets; without a colon; an IPv6 address, which takes
# every colon that is left.
_SUBJECT_AND_PORT: Final = re.compile(r"(\[[^\[\]%]+\]|[^\[\]:%]*|[^\[\]%]+)(?::([0-9]{1,5}))?")
# Some resolvers take a name that ends in a number for an IPv4 address, such as 10.1 or 0x7f.1.
_HOST_NAME: Final = re.compile(
    r"(?:\*?\.)?((?=.{1,253}$)(?!(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)$)"
    r"(?:(?!-)[a-z0-9_-]{1,63}(?<!-)\.)*(?!-)[a-z0-9_-]{1,63}(?<!-))"
)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry of the setting."""

    subject: Network | str | None
    """A network; or a host name in lower case, which stands for all names under it too.

    ``None`` if the entry is a port alone.
    """
    port: int | None
    """The only port that the entry admits; ``None`` stands for the ports of every address."""

    def covers(self, address: Address, outer: Address, host: str) -> bool:
        """True if the entry speaks of ``address``.

        ``outer`` is the address that has ``address`` inside, or ``address`` itself. ``host`` is
        the host in the target's URL, as ``normal`` returns it.
        """
        if isinstance(self.subject, str):
            return self.names(host)
        return self.subject is not None and (address in self.subject or outer in self.subject)

    def names(self, host: str) -> bool:
        """True if the entry speaks of ``host`` by name."""
        return isinstance(self.subject, str) and f".{host}".endswith(f".{self.subject}")


def parse_entry(text: str) -> Entry:
    """Reads one entry.

    Raises ``ValueError`` with a message that names the entry and what is expected.
    """
    match = _SUBJECT_AND_PORT.fullmatch(text)
    if match is None or text == "":
        raise ValueError(f"{EGRESS_ALLOW}: {text!r} is not {_EXPECTED}")
    subject, digits = match.groups()
    port = None if digits is None else int(digits)
    if port is not None and not 1 <= port <= 65535:
        raise ValueError(f"{EGRESS_ALLOW}: {text!r} has port {port}, which is not 1 to 65535")
    return Entry(subject=_subject(subject, text) if subject else None, port=port)


def normal(host: str) -> str:
    """``host`` in lower case and without its final dot; empty if it is not ASCII.

    Lower case turns some other letters into ASCII (U+212A into "k"). Such a name is not the one
    that was admitted.
    """
    return host.lower().removesuffix(".") if host.isascii() else ""


def _subject(subject: str, text: str) -> Network | str:
    plain = subject.strip("[]")
    try:
        network = ip_network(plain, strict=False)
    except ValueError:
        match = _HOST_NAME.fullmatch(normal(subject))
        if match is None:
            raise ValueError(f"{EGRESS_ALLOW}: {text!r} is not {_EXPECTED}") from None
        return match[1]
    address, _, _ = plain.partition("/")
    if ip_address(address) != network.network_address:
        raise ValueError(
            f"{EGRESS_ALLOW}: {text!r} has bits set beyond its prefix; "
            f"it probably means {network}, or {address} alone"
        )
    return network
