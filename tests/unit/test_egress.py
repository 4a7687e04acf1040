# ruff: noqa: S104 -- the addresses are judged, and nothing is bound to them
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from activities.egress import EGRESS_ALLOW, EgressRules
from activities.special_addresses import METADATA_ADDRESSES, SPECIAL_NETWORKS, special_network

DEFAULT = EgressRules()
PERMISSIVE = EgressRules.parse("0.0.0.0/0 ::/0 example.com :25")
DOES_NOT_ADMIT = f", and {EGRESS_ALLOW} does not admit it"


def why_not(address: str, rules: EgressRules = DEFAULT, port: int = 443) -> str | None:
    return rules.refusal(host="hook.example.com", address=address, port=port)


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


@pytest.mark.parametrize(("address", "rule"), REFUSED.items())
def test_what_is_not_globally_reachable_is_refused(address: str, rule: str) -> None:
    assert why_not(address) == f"{address} is {rule}{DOES_NOT_ADMIT}"


@pytest.mark.parametrize("address", PUBLIC)
def test_everything_else_is_not(address: str) -> None:
    assert why_not(address) is None


def test_no_row_of_a_registry_is_left_out_above() -> None:
    """Those of IPv4 in other clothes are further down."""
    told = {special_network(ip_address(address)) for address in (*REFUSED, *PUBLIC)}
    assert {row.network for row in set(SPECIAL_NETWORKS) - told} == {
        ip_network("::ffff:0:0/96"),
        ip_network("2002::/16"),
    }


def test_a_scope_changes_nothing() -> None:
    assert why_not("fe80::1%eth0") == why_not("fe80::1")
    assert why_not("fe80::a9fe:a9fe%eth0") == why_not("fe80::a9fe:a9fe")
    assert why_not("fe80::1%eth0", EgressRules.parse("fe80::/10")) is None


@pytest.mark.parametrize("address", ["", "localhost", "10.0.0.07", "10.1", "1.2.3.4%eth0", "[::1]"])
def test_what_is_no_address_is_refused(address: str) -> None:
    refusal = f"{address!r} is no IP address, so {EGRESS_ALLOW} cannot admit it"
    assert why_not(address, PERMISSIVE) == refusal


# IPv4 in the clothes of IPv6.


def embedded(before: str, after: str = "") -> Callable[[IPv4Address], str]:
    """The address whose bytes are ``before``, those of the IPv4 one, ``after``; both in hex."""

    def wrap(address: IPv4Address) -> str:
        wrapped = bytes.fromhex(before) + address.packed + bytes.fromhex(after)
        return str(IPv6Address(wrapped.ljust(16, b"\0")))

    return wrap


def embedded_around_u(prefix: str, length: int) -> Callable[[IPv4Address], str]:
    """RFC 6052 section 2.2: ``prefix`` has ``length`` bits, and byte 8 is no part of anything."""

    def wrap(address: IPv4Address) -> str:
        whole = (bytes.fromhex(prefix)[: length // 8] + address.packed).ljust(15, b"\0")
        return str(IPv6Address(whole[:8] + b"\0" + whole[8:]))

    return wrap


def teredo_client(address: IPv4Address) -> str:
    return embedded("20010000 08080808 0000f227")(IPv4Address(int(address) ^ 0xFFFF_FFFF))


STAND_INS: Final = {
    "compatible": embedded("00" * 12),
    "mapped": embedded("00" * 10 + "ffff"),
    "translated": embedded("00" * 8 + "ffff0000"),
    "nat64": embedded("0064ff9b" + "00" * 8),
    "6to4": embedded("2002", "0000 00000000 00000001"),
    "isatap": embedded("2a001450400100000000 5efe"),
    "isatap-u": embedded("2a001450400100000200 5efe"),
}
INSIDE_SPECIAL_ONES: Final = {
    "local-nat64-48": embedded_around_u("0064ff9b0001", 48),
    "local-nat64-56": embedded_around_u("0064ff9b000103", 56),
    "local-nat64-64": embedded_around_u("0064ff9b00010344", 64),
    "local-nat64-96": embedded("0064ff9b0001000000000000"),
    "teredo-server": embedded("20010000", "0000f227 f7f7f7f7"),
    "teredo-client": teredo_client,
}
DISGUISES: Final = STAND_INS | INSIDE_SPECIAL_ONES


@pytest.mark.parametrize(
    ("disguise", "known"),
    [
        ("compatible", "::c000:221"),
        ("mapped", "::ffff:c000:221"),
        ("translated", "::ffff:0:c000:221"),
        ("nat64", "64:ff9b::c000:221"),
        ("6to4", "2002:c000:221::1"),
        ("isatap", "2a00:1450:4001::5efe:c000:221"),
        ("isatap-u", "2a00:1450:4001:0:200:5efe:c000:221"),
        # The table of RFC 6052 section 2.4, under the prefix of RFC 8215.
        ("local-nat64-48", "64:ff9b:1:c000:2:2100::"),
        ("local-nat64-56", "64:ff9b:1:3c0:0:221::"),
        ("local-nat64-64", "64:ff9b:1:344:c0:2:2100::"),
        ("local-nat64-96", "64:ff9b:1::c000:221"),
        ("teredo-server", "2001:0:c000:221:0:f227:f7f7:f7f7"),
        ("teredo-client", "2001:0:808:808:0:f227:3fff:fdde"),
    ],
)
def test_the_disguises_of_these_tests_are_those_of_the_rfcs(disguise: str, known: str) -> None:
    assert ip_address(DISGUISES[disguise](IPv4Address("192.0.2.33"))) == ip_address(known)


@pytest.mark.parametrize("disguise", STAND_INS)
@pytest.mark.parametrize("inner", ["10.0.0.7", "127.0.0.1", "192.168.255.255", "224.0.0.0"])
def test_a_disguise_is_seen_through(disguise: str, inner: str) -> None:
    outer = DISGUISES[disguise](IPv4Address(inner))
    told = f"{inner}, embedded in {outer}, is {REFUSED[inner]}{DOES_NOT_ADMIT}"
    assert why_not(outer) == told
    assert why_not(outer, EgressRules.parse(f"{inner}/32")) is None


@pytest.mark.parametrize("disguise", STAND_INS)
def test_a_public_address_in_disguise_is_still_public(disguise: str) -> None:
    outer = DISGUISES[disguise](IPv4Address("8.8.8.8"))
    assert why_not(outer) is None
    assert why_not(outer, port=25) is not None


@pytest.mark.parametrize("disguise", INSIDE_SPECIAL_ONES)
@pytest.mark.parametrize("inner", ["8.8.8.8", "10.0.0.7"])
def test_where_the_outer_address_counts_too_ipv4_does_not_admit_it(
    disguise: str, inner: str
) -> None:
    outer = DISGUISES[disguise](IPv4Address(inner))
    refusal = why_not(outer, EgressRules.parse("0.0.0.0/0"))
    assert refusal is not None
    assert refusal.startswith(f"{outer} is ")
    assert refusal.endswith(DOES_NOT_ADMIT)
    assert why_not(outer, EgressRules.parse("2001::/32 64:ff9b:1::/48")) is None


# Metadata services.


@pytest.mark.parametrize(("address", "service"), METADATA_ADDRESSES.items(), ids=str)
def test_nothing_admits_a_metadata_service(
    address: IPv4Address | IPv6Address, service: str
) -> None:
    rules = EgressRules.parse(f"0.0.0.0/0 ::/0 example.com {address} [{address}]:80 :25")
    for port in (25, 80, 443, 8080):
        assert why_not(str(address), rules, port) == (
            f"{address} is {service}, which nothing may admit"
        )


def test_the_best_known_of_them_is_told_so() -> None:
    refusal = "169.254.169.254 is a cloud's metadata service, which nothing may admit"
    assert why_not("169.254.169.254") == refusal


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("inner", ["169.254.169.254", "168.63.129.16", "100.100.100.200"])
def test_nothing_admits_one_in_disguise(disguise: str, inner: str) -> None:
    outer = DISGUISES[disguise](IPv4Address(inner))
    refusal = why_not(outer, PERMISSIVE)
    assert refusal is not None
    assert refusal.startswith(f"{inner}, embedded in {outer}, is ")
    assert refusal.endswith(", which nothing may admit")
    assert why_not(outer, EgressRules.parse(f"{outer} {inner}")) == refusal


def test_a_disguise_in_a_disguise_is_seen_through() -> None:
    """A 6to4 address whose interface id is one of ISATAP."""
    assert why_not("2002:808:808::5efe:a9fe:a9fe", PERMISSIVE) is not None
    assert why_not("2002:808:808::5efe:a00:7") is not None


# Ports.


@pytest.mark.parametrize("port", [80, 443, 1024, 3000, 8025, 8080, 65535])
def test_ports_of_web_servers_need_no_entry(port: int) -> None:
    assert why_not("8.8.8.8", port=port) is None
    assert why_not("2606:4700::1111", port=port) is None


@pytest.mark.parametrize("port", [0, 1, 22, 25, 53, 79, 81, 110, 442, 444, 587, 993, 1023])
def test_other_low_ports_are_refused(port: int) -> None:
    rule = f"port {port} is below 1024 and neither 80 nor 443"
    assert why_not("8.8.8.8", port=port) == f"{rule}{DOES_NOT_ADMIT}"


# Any address.

ANY_IPV4 = st.ip_addresses(v=4) | st.sampled_from(
    [ip for ip in map(ip_address, [*REFUSED, *METADATA_ADDRESSES]) if isinstance(ip, IPv4Address)]
)


@given(ANY_IPV4, st.sampled_from(sorted(DISGUISES)), st.sampled_from([80, 25]))
def test_no_disguise_gets_a_refused_address_through(
    address: IPv4Address, disguise: str, port: int
) -> None:
    for rules in (DEFAULT, EgressRules.parse("10.0.0.0/8 192.168.0.0/16:25 127.0.0.1 :25")):
        if why_not(str(address), rules, port) is not None:
            assert why_not(DISGUISES[disguise](address), rules, port) is not None


# Where ``is_global`` is another matter, in some or all patch releases of Python.
KNOWN_DIFFERENCES: Final[dict[str, str]] = {
    "192.0.0.0/24": "older releases know two parts of it only, newer ones two exceptions",
    "192.88.99.0/24": "deprecated, and so without a value in the registry",
    "224.0.0.0/4": "multicast is not unicast, but may be global",
    "168.63.129.16/32": "a metadata service",
    "2001::/23": "older releases know no exceptions",
    "2002::/16": "older releases let all of 6to4 pass, newer ones none of it",
    "3fff::/20": "allocated in 2024",
    "::/3": "IPv4 in other clothes, NAT64 and what is not allocated",
    "4000::/2": "not allocated",
    "8000::/1": "multicast, site-local addresses and what is not allocated",
}


@given(
    st.ip_addresses(v=4)
    | st.ip_addresses(v=6)
    | st.ip_addresses(v=6, network="2000::/3")
    | st.sampled_from([ip_address(address) for address in (*REFUSED, *PUBLIC)])
)
def test_the_standard_library_agrees_but_for_known_differences(
    address: IPv4Address | IPv6Address,
) -> None:
    differing: list[IPv4Network | IPv6Network] = [ip_network(text) for text in KNOWN_DIFFERENCES]
    assume(not any(address in network for network in differing))
    assert (why_not(str(address)) is None) is address.is_global
