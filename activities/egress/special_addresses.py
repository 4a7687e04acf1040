"""The addresses that are not for everyone, from tables that are read once at import.

``ipaddress.is_global`` is not enough: its answer depends on the patch release of Python. The
tables are CSV files beside this module:

``iana-ipv4-special-registry-1.csv`` and ``iana-ipv6-special-registry-1.csv``
    IANA's special-purpose address registries (RFC 6890, RFC 8190), as IANA publishes them.
``other-special-networks.csv``
    Networks that those registries do not have: multicast, and all IPv6 outside of 2000::/3, the
    only block with global unicast addresses (https://www.iana.org/assignments/ipv6-address-space).
``metadata-services.csv``
    The services of clouds that answer a cloud's own machines, often with credentials. An address
    that one cloud uses is refused in every cloud.

Compare the copies with IANA's originals like this::

    cd activities/egress
    for file in iana-*.csv; do
        original=https://www.iana.org/assignments/${file%-1.csv}/$file
        curl -s $original | diff --strip-trailing-cr $file -
    done

To update a copy, save the original over it and run the tests: for a new row, they want addresses
in ``tests/support/addresses.py``. The copies are of July 2026.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_TABLES: Final = Path(__file__).parent
_NETWORKS: Final = (
    "iana-ipv4-special-registry-1.csv",
    "iana-ipv6-special-registry-1.csv",
    "other-special-networks.csv",
)
_FOOTNOTE: Final = re.compile(r"\s*\[[0-9]+\]")


class SpecialNetwork(NamedTuple):
    """One address block of a table."""

    network: Network
    name: str
    source: str
    """The documents that made it special: ``RFC 1918``."""
    globally_reachable: bool
    """True only if the table says so; some rows are empty or say N/A."""

    def __str__(self) -> str:
        return f"{self.network} ({self.name}, {self.source})"


def special_network(address: Address) -> SpecialNetwork | None:
    """The most specific block that has ``address``; ``None`` if it is an ordinary address.

    The IPv4 address inside an IPv6 one does not count here.
    """
    return max(
        (special for special in SPECIAL_NETWORKS if address in special.network),
        key=lambda special: special.network.prefixlen,
        default=None,
    )


def _rows(table: str) -> Iterator[dict[str, str]]:
    with (_TABLES / table).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _special_networks(row: Mapping[str, str]) -> Iterator[SpecialNetwork]:
    """The blocks of a row, which may be several: ``192.0.0.170/32, 192.0.0.171/32``."""
    rfcs = re.findall(r"\[RFC([0-9]+)\]", row["RFC"])
    for block in _FOOTNOTE.sub("", row["Address Block"]).split(", "):
        yield SpecialNetwork(
            network=ip_network(block),
            name=row["Name"],
            source=", ".join(f"RFC {rfc}" for rfc in rfcs),
            globally_reachable=_FOOTNOTE.sub("", row["Globally Reachable"]) == "True",
        )


SPECIAL_NETWORKS: Final[tuple[SpecialNetwork, ...]] = tuple(
    network for table in _NETWORKS for row in _rows(table) for network in _special_networks(row)
)

METADATA_ADDRESSES: Final[Mapping[Address, str]] = MappingProxyType(
    {ip_address(row["Address"]): row["Service"] for row in _rows("metadata-services.csv")}
)
"""The service at each address, by name."""
