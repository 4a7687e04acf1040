"""Addresses and ports that are admitted without any setting."""

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
from tests.support.egress_rules import PERMISSIVE, refusal_of


@pytest.mark.parametrize(("address", "rule"), REFUSED.items())
def test_a_row_that_is_not_globally_reachable_is_refused(address: str, rule: str) -> None:
    assert refusal_of(address) == f"{address} is {rule}{DOES_NOT_ADMIT}"


@pytest.mark.parametrize("address", PUBLIC)
def test_every_other_address_is_admitted(address: str) -> None:
    assert refusal_of(address) is None


def test_every_row_of_the_tables_is_tested_above() -> None:
    """The other two rows stand for IPv4 addresses; see ``test_egress_embedded``."""
    tested = {special_network(ip_address(address)) for address in (*REFUSED, *PUBLIC)}
    assert {row.network for row in set(SPECIAL_NETWORKS) - tested} == {
        ip_network("::ffff:0:0/96"),
        ip_network("2002::/16"),
    }


def test_a_scope_changes_nothing() -> None:
    assert refusal_of("fe80::1%eth0") == refusal_of("fe80::1")
    assert refusal_of("fe80::a9fe:a9fe%eth0") == refusal_of("fe80::a9fe:a9fe")
    assert refusal_of("fe80::1%eth0", EgressRules.parse("fe80::/10")) is None


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("", id="empty"),
        pytest.param("localhost", id="name"),
        pytest.param("10.0.0.07", id="leading-zero"),
        pytest.param("10.1", id="short-form"),
        pytest.param("1.2.3.4%eth0", id="ipv4-with-a-scope"),
        pytest.param("[::1]", id="in-brackets"),
    ],
)
def test_a_text_that_is_not_an_address_is_refused(address: str) -> None:
    refusal = f"{address!r} is not an IP address, so {EGRESS_ALLOW} cannot admit it"
    assert refusal_of(address, PERMISSIVE) == refusal


# Metadata services.


@pytest.mark.parametrize(("address", "service"), METADATA_ADDRESSES.items(), ids=str)
def test_nothing_admits_a_metadata_service(
    address: IPv4Address | IPv6Address, service: str
) -> None:
    rules = EgressRules.parse(f"0.0.0.0/0 ::/0 example.com {address} [{address}]:80 :25")
    for port in (25, 80, 443, 8080):
        assert refusal_of(str(address), rules, port) == (
            f"{address} is {service}, which nothing may admit"
        )


def test_the_best_known_metadata_address_is_of_several_clouds() -> None:
    refusal = "169.254.169.254 is a cloud's metadata service, which nothing may admit"
    assert refusal_of("169.254.169.254") == refusal


# Ports.


@pytest.mark.parametrize("port", [80, 443, 1024, 3000, 8025, 8080, 65535])
def test_ports_of_web_servers_need_no_entry(port: int) -> None:
    assert refusal_of("8.8.8.8", port=port) is None
    assert refusal_of("2606:4700::1111", port=port) is None


@pytest.mark.parametrize("port", [0, 1, 22, 25, 53, 79, 81, 110, 442, 444, 587, 993, 1023])
def test_other_low_ports_are_refused(port: int) -> None:
    rule = f"port {port} is below 1024 and neither 80 nor 443"
    assert refusal_of("8.8.8.8", port=port) == f"{rule}{DOES_NOT_ADMIT}"


# Networks for which some or all patch releases of Python answer differently.
KNOWN_DIFFERENCES: Final[dict[str, str]] = {
    "192.0.0.0/24": "older releases know only two parts of it, newer ones two exceptions",
    "192.88.99.0/24": "deprecated, so the registry has no value for it",
    "224.0.0.0/4": "multicast, which may be global for Python",
    "168.63.129.16/32": "a metadata service",
    "2001::/23": "older releases do not know its exceptions",
    "2002::/16": "older releases admit all of 6to4, newer ones nothing of it",
    "3fff::/20": "allocated in 2024",
    "::/3": "embedded IPv4 addresses, NAT64 and blocks that are not allocated",
    "4000::/2": "not allocated",
    "8000::/1": "multicast, site-local addresses and blocks that are not allocated",
}


@given(
    st.ip_addresses(v=4)
    | st.ip_addresses(v=6)
    | st.ip_addresses(v=6, network="2000::/3")
    | st.sampled_from([ip_address(address) for address in (*REFUSED, *PUBLIC)])
)
def test_the_standard_library_agrees_with_known_exceptions(
    address: IPv4Address | IPv6Address,
) -> None:
    differing: list[IPv4Network | IPv6Network] = [ip_network(text) for text in KNOWN_DIFFERENCES]
    assume(not any(address in network for network in differing))
    assert (refusal_of(str(address)) is None) is address.is_global
