"""Which addresses and ports may be connected to."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from activities.egress.rules import EGRESS_ALLOW, EgressRules
from activities.egress.special_addresses import (
    METADATA_ADDRESSES,
    SPECIAL_NETWORKS,
    special_network,
)
from tests.support.addresses import DOES_NOT_ADMIT, PUBLIC, REFUSED
from tests.support.egress_rules import PERMISSIVE, why_not


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


# Ports.


@pytest.mark.parametrize("port", [80, 443, 1024, 3000, 8025, 8080, 65535])
def test_ports_of_web_servers_need_no_entry(port: int) -> None:
    assert why_not("8.8.8.8", port=port) is None
    assert why_not("2606:4700::1111", port=port) is None


@pytest.mark.parametrize("port", [0, 1, 22, 25, 53, 79, 81, 110, 442, 444, 587, 993, 1023])
def test_other_low_ports_are_refused(port: int) -> None:
    rule = f"port {port} is below 1024 and neither 80 nor 443"
    assert why_not("8.8.8.8", port=port) == f"{rule}{DOES_NOT_ADMIT}"


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
