"""The addresses of the Internet Protocol that are not everyone's, as data; pure.

The tables are the IANA IPv4 and IPv6 special-purpose address registries (RFC 6890, RFC 8190) as
they stood at the end of 2025, and what other registries hold beside them. They are written out
because ``ipaddress.is_global`` answers from older or newer ones, by the patch release of Python.
"""

from collections.abc import Mapping
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from types import MappingProxyType
from typing import Final, NamedTuple

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_Rows = tuple[tuple[str, str, str, bool | None], ...]


class SpecialNetwork(NamedTuple):
    """One row of a registry."""

    network: Network
    name: str
    """What its addresses are, as the end of a sentence: "10.0.0.7 is <name>"."""
    source: str
    """The document that made it so."""
    globally_reachable: bool | None
    """The registry's column of that name; ``None`` where it says N/A or, for a block whose
    allocation has ended, nothing."""


# https://www.iana.org/assignments/iana-ipv4-special-registry
_IPV4_REGISTRY: Final[_Rows] = (
    ("0.0.0.0/8", "this network", "RFC 791", False),
    ("0.0.0.0/32", "this host on this network", "RFC 1122", False),
    ("10.0.0.0/8", "private", "RFC 1918", False),
    ("100.64.0.0/10", "shared address space", "RFC 6598", False),
    ("127.0.0.0/8", "loopback", "RFC 1122", False),
    ("169.254.0.0/16", "link-local", "RFC 3927", False),
    ("172.16.0.0/12", "private", "RFC 1918", False),
    ("192.0.0.0/24", "an IETF protocol assignment", "RFC 6890", False),
    ("192.0.0.0/29", "for IPv4 service continuity", "RFC 7335", False),
    ("192.0.0.8/32", "the IPv4 dummy address", "RFC 7600", False),
    ("192.0.0.9/32", "Port Control Protocol anycast", "RFC 7723", True),
    ("192.0.0.10/32", "TURN anycast", "RFC 8155", True),
    ("192.0.0.170/32", "for NAT64 discovery", "RFC 8880", False),
    ("192.0.0.171/32", "for NAT64 discovery", "RFC 8880", False),
    ("192.0.2.0/24", "for documentation", "RFC 5737", False),
    ("192.31.196.0/24", "AS112-v4", "RFC 7535", True),
    ("192.52.193.0/24", "AMT", "RFC 7450", True),
    ("192.88.99.0/24", "deprecated 6to4 relay anycast", "RFC 7526", None),
    ("192.88.99.2/32", "6a44 relay anycast", "RFC 6751", False),
    ("192.168.0.0/16", "private", "RFC 1918", False),
    ("192.175.48.0/24", "direct delegation AS112 service", "RFC 7534", True),
    ("198.18.0.0/15", "for benchmarking", "RFC 2544", False),
    ("198.51.100.0/24", "for documentation", "RFC 5737", False),
    ("203.0.113.0/24", "for documentation", "RFC 5737", False),
    ("240.0.0.0/4", "reserved", "RFC 1112", False),
    ("255.255.255.255/32", "limited broadcast", "RFC 919", False),
)

# https://www.iana.org/assignments/iana-ipv6-special-registry
_IPV6_REGISTRY: Final[_Rows] = (
    ("::1/128", "loopback", "RFC 4291", False),
    ("::/128", "unspecified", "RFC 4291", False),
    ("::ffff:0:0/96", "IPv4-mapped", "RFC 4291", False),
    ("64:ff9b::/96", "IPv4-IPv6 translation", "RFC 6052", True),
    ("64:ff9b:1::/48", "local IPv4-IPv6 translation", "RFC 8215", False),
    ("100::/64", "discard-only", "RFC 6666", False),
    ("100:0:0:1::/64", "of the dummy IPv6 prefix", "RFC 9780", False),
    ("2001::/23", "an IETF protocol assignment", "RFC 2928", False),
    ("2001::/32", "Teredo", "RFC 4380", None),
    ("2001:1::1/128", "Port Control Protocol anycast", "RFC 7723", True),
    ("2001:1::2/128", "TURN anycast", "RFC 8155", True),
    ("2001:1::3/128", "DNS-SD service registration anycast", "RFC 9665", True),
    ("2001:2::/48", "for benchmarking", "RFC 5180", False),
    ("2001:3::/32", "AMT", "RFC 7450", True),
    ("2001:4:112::/48", "AS112-v6", "RFC 7535", True),
    ("2001:10::/28", "deprecated ORCHID", "RFC 4843", None),
    ("2001:20::/28", "ORCHIDv2", "RFC 7343", True),
    ("2001:30::/28", "a drone's remote ID", "RFC 9374", True),
    ("2001:db8::/32", "for documentation", "RFC 3849", False),
    ("2002::/16", "6to4", "RFC 3056", None),
    ("2620:4f:8000::/48", "direct delegation AS112 service", "RFC 7534", True),
    ("3fff::/20", "for documentation", "RFC 9637", False),
    ("5f00::/16", "a segment routing SID", "RFC 9602", False),
    ("fc00::/7", "unique-local", "RFC 4193", False),
    ("fe80::/10", "link-local", "RFC 4291", False),
)

# The last three are all that is not 2000::/3, which is the only block that IANA assigns global
# unicast addresses from: https://www.iana.org/assignments/ipv6-address-space
_BESIDE_THE_REGISTRIES: Final[_Rows] = (
    ("224.0.0.0/4", "multicast", "RFC 5771", False),
    ("ff00::/8", "multicast", "RFC 4291", False),
    ("fec0::/10", "deprecated site-local", "RFC 3879", False),
    ("::/3", "not global unicast", "RFC 4291", False),
    ("4000::/2", "not global unicast", "RFC 4291", False),
    ("8000::/1", "not global unicast", "RFC 4291", False),
)

SPECIAL_NETWORKS: Final[tuple[SpecialNetwork, ...]] = tuple(
    SpecialNetwork(ip_network(network), name, source, globally_reachable)
    for network, name, source, globally_reachable in (
        _IPV4_REGISTRY + _IPV6_REGISTRY + _BESIDE_THE_REGISTRIES
    )
)

METADATA_ADDRESSES: Final[Mapping[Address, str]] = MappingProxyType(
    {
        ip_address(address): service
        for address, service in (
            ("169.254.169.254", "a cloud's metadata service"),
            ("169.254.169.253", "the DNS server of AWS"),
            ("169.254.170.2", "the metadata service of AWS ECS"),
            ("169.254.170.23", "the metadata service of AWS EKS"),
            ("fd00:ec2::254", "the metadata service of AWS"),
            ("fd00:ec2::253", "the DNS server of AWS"),
            ("fd00:ec2::23", "the metadata service of AWS EKS"),
            ("100.96.0.96", "the metadata service of Volcengine"),
            ("100.100.100.200", "the metadata service of Alibaba Cloud"),
            # Globally reachable by the registries, and the host's own service on every Azure VM.
            ("168.63.129.16", "the metadata service of Azure"),
            ("169.254.0.23", "the metadata service of Tencent Cloud"),
            ("169.254.42.42", "the metadata service of Scaleway"),
            ("192.0.0.192", "the metadata service of Oracle Cloud Classic"),
            ("fd00:42::42", "the metadata service of Scaleway"),
            ("fd00:a9fe:a9fe::1", "the metadata service of Akamai Cloud"),
            ("fd00:c1::a9fe:a9fe", "the metadata service of Oracle Cloud"),
            ("fd20:ce::254", "the metadata service of Google Cloud"),
            ("fe80::a9fe:a9fe", "the metadata service of OpenStack"),
        )
    }
)
"""The services of a cloud that answer its own machines, credentials included, and what they are.

No two clouds mind each other: each address is refused wherever the worker runs.
"""


def special_network(address: Address) -> SpecialNetwork | None:
    """The most specific entry that ``address`` falls into; ``None`` if it is an ordinary one.

    What an IPv6 address embeds is not looked at.
    """
    return max(
        (special for special in SPECIAL_NETWORKS if address in special.network),
        key=lambda special: special.network.prefixlen,
        default=None,
    )
