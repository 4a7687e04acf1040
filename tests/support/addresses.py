"""Addresses, and the row of the registries that each falls into."""

# ruff: noqa: S104 -- the addresses are judged, and nothing is bound to them
from typing import Final

from activities.egress.rules import EGRESS_ALLOW

# The registries: the first and the last address of every row that a more specific one leaves it.
REFUSED_BY: Final = {
    "this host on this network (0.0.0.0/32, RFC 1122)": "0.0.0.0",
    "this network (0.0.0.0/8, RFC 791)": "0.0.0.1 0.255.255.255",
    "private (10.0.0.0/8, RFC 1918)": "10.0.0.0 10.0.0.7 10.255.255.255",
    "shared address space (100.64.0.0/10, RFC 6598)": "100.64.0.0 100.127.255.255",
    "loopback (127.0.0.0/8, RFC 1122)": "127.0.0.0 127.0.0.1 127.255.255.255",
    "link-local (169.254.0.0/16, RFC 3927)": "169.254.0.0 169.254.255.255",
    "private (172.16.0.0/12, RFC 1918)": "172.16.0.0 172.31.255.255",
    "for IPv4 service continuity (192.0.0.0/29, RFC 7335)": "192.0.0.0 192.0.0.7",
    "the IPv4 dummy address (192.0.0.8/32, RFC 7600)": "192.0.0.8",
    "an IETF protocol assignment (192.0.0.0/24, RFC 6890)": "192.0.0.11 192.0.0.255",
    "for NAT64 discovery (192.0.0.170/32, RFC 8880)": "192.0.0.170",
    "for NAT64 discovery (192.0.0.171/32, RFC 8880)": "192.0.0.171",
    "for documentation (192.0.2.0/24, RFC 5737)": "192.0.2.0 192.0.2.255",
    "deprecated 6to4 relay anycast (192.88.99.0/24, RFC 7526)": "192.88.99.0 192.88.99.255",
    "6a44 relay anycast (192.88.99.2/32, RFC 6751)": "192.88.99.2",
    "private (192.168.0.0/16, RFC 1918)": "192.168.0.0 192.168.255.255",
    "for benchmarking (198.18.0.0/15, RFC 2544)": "198.18.0.0 198.19.255.255",
    "for documentation (198.51.100.0/24, RFC 5737)": "198.51.100.0 198.51.100.255",
    "for documentation (203.0.113.0/24, RFC 5737)": "203.0.113.0 203.0.113.255",
    "multicast (224.0.0.0/4, RFC 5771)": "224.0.0.0 239.255.255.255",
    "reserved (240.0.0.0/4, RFC 1112)": "240.0.0.0 255.255.255.254",
    "limited broadcast (255.255.255.255/32, RFC 919)": "255.255.255.255",
    "unspecified (::/128, RFC 4291)": "::",
    "loopback (::1/128, RFC 4291)": "::1",
    "not global unicast (::/3, RFC 4291)": (
        "0:0:0:1:: 64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff 64:ff9b::1:0:0 64:ff9b:2:: "
        "100:0:0:2:: 1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
    ),
    "local IPv4-IPv6 translation (64:ff9b:1::/48, RFC 8215)": (
        "64:ff9b:1:: 64:ff9b:1:ffff:ffff:ffff:ffff:ffff"
    ),
    "discard-only (100::/64, RFC 6666)": "100:: 100::ffff:ffff:ffff:ffff",
    "of the dummy IPv6 prefix (100:0:0:1::/64, RFC 9780)": (
        "100:0:0:1:: 100::1:ffff:ffff:ffff:ffff"
    ),
    "Teredo (2001::/32, RFC 4380)": "2001:: 2001:0:ffff:ffff:ffff:ffff:ffff:ffff",
    "an IETF protocol assignment (2001::/23, RFC 2928)": (
        "2001:1:: 2001:1::4 2001:4:113:: 2001:40:: 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"
    ),
    "for benchmarking (2001:2::/48, RFC 5180)": "2001:2:: 2001:2:0:ffff:ffff:ffff:ffff:ffff",
    "deprecated ORCHID (2001:10::/28, RFC 4843)": "2001:10:: 2001:1f:ffff:ffff:ffff:ffff:ffff:ffff",
    "for documentation (2001:db8::/32, RFC 3849)": (
        "2001:db8:: 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"
    ),
    "for documentation (3fff::/20, RFC 9637)": "3fff:: 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
    "not global unicast (4000::/2, RFC 4291)": "4000:: 7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "a segment routing SID (5f00::/16, RFC 9602)": "5f00:: 5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "not global unicast (8000::/1, RFC 4291)": (
        "8000:: fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff fe00::"
    ),
    "unique-local (fc00::/7, RFC 4193)": "fc00:: fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "link-local (fe80::/10, RFC 4291)": "fe80:: febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "deprecated site-local (fec0::/10, RFC 3879)": "fec0:: feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "multicast (ff00::/8, RFC 4291)": "ff00:: ff0e::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
}
REFUSED: Final = {
    address: rule for rule, addresses in REFUSED_BY.items() for address in addresses.split()
}

PUBLIC_BY: Final = {
    "a row that is globally reachable": (
        "192.0.0.9 192.0.0.10 192.31.196.0 192.31.196.255 192.52.193.0 192.52.193.255 "
        "192.175.48.0 192.175.48.255 64:ff9b::100:0 64:ff9b::dfff:ffff 2001:1::1 2001:1::2 "
        "2001:1::3 2001:3:: 2001:3:ffff:ffff:ffff:ffff:ffff:ffff 2001:4:112:: "
        "2001:4:112:ffff:ffff:ffff:ffff:ffff 2001:20:: 2001:2f:ffff:ffff:ffff:ffff:ffff:ffff "
        "2001:30:: 2001:3f:ffff:ffff:ffff:ffff:ffff:ffff 2620:4f:8000:: "
        "2620:4f:8000:ffff:ffff:ffff:ffff:ffff"
    ),
    "just outside one that is not": (
        "1.0.0.0 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 "
        "128.0.0.0 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 "
        "192.0.1.0 192.0.1.255 192.0.3.0 192.88.98.255 192.88.100.0 192.167.255.255 192.169.0.0 "
        "198.17.255.255 198.20.0.0 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0 "
        "223.255.255.255 168.63.129.15 168.63.129.17 2000:: "
        "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff 2001:200:: "
        "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff 2001:db9:: "
        "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff 2003:: 2606:4700::1111 "
        "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff 3fff:1000:: "
        "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
    ),
}
PUBLIC: Final = [address for addresses in PUBLIC_BY.values() for address in addresses.split()]

DOES_NOT_ADMIT: Final = f", and {EGRESS_ALLOW} does not admit it"
"""How a refusal ends."""
