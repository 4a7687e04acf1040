"""Addresses, each with the row of the registries that has it."""

# ruff: noqa: S104 -- the addresses are judged, and nothing is bound to them
from typing import Final

from activities.egress.rules import EGRESS_ALLOW

# Of each row, the first and the last address that no more specific row has.
REFUSED_BY: Final = {
    'in 0.0.0.0/32 ("This host on this network", RFC 1122)': "0.0.0.0",
    'in 0.0.0.0/8 ("This network", RFC 791)': "0.0.0.1 0.255.255.255",
    "in 10.0.0.0/8 (Private-Use, RFC 1918)": "10.0.0.0 10.0.0.7 10.255.255.255",
    "in 100.64.0.0/10 (Shared Address Space, RFC 6598)": "100.64.0.0 100.127.255.255",
    "in 127.0.0.0/8 (Loopback, RFC 1122)": "127.0.0.0 127.0.0.1 127.255.255.255",
    "in 169.254.0.0/16 (Link Local, RFC 3927)": "169.254.0.0 169.254.255.255",
    "in 172.16.0.0/12 (Private-Use, RFC 1918)": "172.16.0.0 172.31.255.255",
    "in 192.0.0.0/29 (IPv4 Service Continuity Prefix, RFC 7335)": "192.0.0.0 192.0.0.7",
    "in 192.0.0.8/32 (IPv4 dummy address, RFC 7600)": "192.0.0.8",
    "in 192.0.0.0/24 (IETF Protocol Assignments, RFC 6890)": "192.0.0.11 192.0.0.255",
    "in 192.0.0.170/32 (NAT64/DNS64 Discovery, RFC 8880, RFC 7050)": "192.0.0.170",
    "in 192.0.0.171/32 (NAT64/DNS64 Discovery, RFC 8880, RFC 7050)": "192.0.0.171",
    "in 192.0.2.0/24 (Documentation (TEST-NET-1), RFC 5737)": "192.0.2.0 192.0.2.255",
    "in 192.88.99.0/24 (Deprecated (6to4 Relay Anycast), RFC 7526)": "192.88.99.0 192.88.99.255",
    "in 192.88.99.2/32 (6a44-relay anycast address, RFC 6751)": "192.88.99.2",
    "in 192.168.0.0/16 (Private-Use, RFC 1918)": "192.168.0.0 192.168.255.255",
    "in 198.18.0.0/15 (Benchmarking, RFC 2544)": "198.18.0.0 198.19.255.255",
    "in 198.51.100.0/24 (Documentation (TEST-NET-2), RFC 5737)": "198.51.100.0 198.51.100.255",
    "in 203.0.113.0/24 (Documentation (TEST-NET-3), RFC 5737)": "203.0.113.0 203.0.113.255",
    "in 224.0.0.0/4 (Multicast, RFC 5771)": "224.0.0.0 239.255.255.255",
    "in 240.0.0.0/4 (Reserved, RFC 1112)": "240.0.0.0 255.255.255.254",
    "in 255.255.255.255/32 (Limited Broadcast, RFC 8190, RFC 919)": "255.255.255.255",
    "in ::/128 (Unspecified Address, RFC 4291)": "::",
    "in ::1/128 (Loopback Address, RFC 4291)": "::1",
    "in ::/3 (Not Global Unicast, RFC 4291)": (
        "0:0:0:1:: 64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff 64:ff9b::1:0:0 64:ff9b:2:: "
        "100:0:0:2:: 1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
    ),
    "in 64:ff9b:1::/48 (IPv4-IPv6 Translat., RFC 8215)": (
        "64:ff9b:1:: 64:ff9b:1:ffff:ffff:ffff:ffff:ffff"
    ),
    "in 100::/64 (Discard-Only Address Block, RFC 6666)": "100:: 100::ffff:ffff:ffff:ffff",
    "in 100:0:0:1::/64 (Dummy IPv6 Prefix, RFC 9780)": "100:0:0:1:: 100::1:ffff:ffff:ffff:ffff",
    "in 2001::/32 (TEREDO, RFC 4380, RFC 8190)": "2001:: 2001:0:ffff:ffff:ffff:ffff:ffff:ffff",
    "in 2001::/23 (IETF Protocol Assignments, RFC 2928)": (
        "2001:1:: 2001:1::4 2001:4:113:: 2001:40:: 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"
    ),
    "in 2001:2::/48 (Benchmarking, RFC 5180)": "2001:2:: 2001:2:0:ffff:ffff:ffff:ffff:ffff",
    "in 2001:10::/28 (Deprecated (previously ORCHID), RFC 4843)": (
        "2001:10:: 2001:1f:ffff:ffff:ffff:ffff:ffff:ffff"
    ),
    "in 2001:db8::/32 (Documentation, RFC 3849)": (
        "2001:db8:: 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"
    ),
    "in 3fff::/20 (Documentation, RFC 9637)": "3fff:: 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
    "in 4000::/2 (Not Global Unicast, RFC 4291)": "4000:: 7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "in 5f00::/16 (Segment Routing (SRv6) SIDs, RFC 9602)": (
        "5f00:: 5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
    ),
    "in 8000::/1 (Not Global Unicast, RFC 4291)": (
        "8000:: fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff fe00::"
    ),
    "in fc00::/7 (Unique-Local, RFC 4193, RFC 8190)": (
        "fc00:: fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
    ),
    "in fe80::/10 (Link-Local Unicast, RFC 4291)": "fe80:: febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "in fec0::/10 (Deprecated (Site-Local Unicast), RFC 3879)": (
        "fec0:: feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
    ),
    "in ff00::/8 (Multicast, RFC 4291)": "ff00:: ff0e::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
}
REFUSED: Final = {
    address: rule for rule, addresses in REFUSED_BY.items() for address in addresses.split()
}

PUBLIC_BY: Final = {
    "in a row that is globally reachable": (
        "192.0.0.9 192.0.0.10 192.31.196.0 192.31.196.255 192.52.193.0 192.52.193.255 "
        "192.175.48.0 192.175.48.255 64:ff9b::100:0 64:ff9b::dfff:ffff 2001:1::1 2001:1::2 "
        "2001:1::3 2001:3:: 2001:3:ffff:ffff:ffff:ffff:ffff:ffff 2001:4:112:: "
        "2001:4:112:ffff:ffff:ffff:ffff:ffff 2001:20:: 2001:2f:ffff:ffff:ffff:ffff:ffff:ffff "
        "2001:30:: 2001:3f:ffff:ffff:ffff:ffff:ffff:ffff 2620:4f:8000:: "
        "2620:4f:8000:ffff:ffff:ffff:ffff:ffff"
    ),
    "just outside of a row that is not": (
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
"""The end of a refusal."""
