"""IPv4 addresses that are embedded in IPv6 addresses."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.egress.rules import EgressRules
from activities.egress.special_addresses import METADATA_ADDRESSES
from tests.support.addresses import DOES_NOT_ADMIT, REFUSED
from tests.support.egress_rules import DEFAULT, PERMISSIVE, refusal_of


def embedded(before: str, after: str = "") -> Callable[[IPv4Address], str]:
    """The address with the bytes ``before``, the IPv4 address, and ``after``; both are in hex."""

    def wrap(address: IPv4Address) -> str:
        wrapped = bytes.fromhex(before) + address.packed + bytes.fromhex(after)
        return str(IPv6Address(wrapped.ljust(16, b"\0")))

    return wrap


def embedded_around_u(prefix: str, length: int) -> Callable[[IPv4Address], str]:
    """RFC 6052 section 2.2: a prefix of ``length`` bits; byte 8 belongs to nothing."""

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
IN_SPECIAL_NETWORKS: Final = {
    "local-nat64-48": embedded_around_u("0064ff9b0001", 48),
    "local-nat64-56": embedded_around_u("0064ff9b000103", 56),
    "local-nat64-64": embedded_around_u("0064ff9b00010344", 64),
    "local-nat64-96": embedded("0064ff9b0001000000000000"),
    "teredo-server": embedded("20010000", "0000f227 f7f7f7f7"),
    "teredo-client": teredo_client,
}
EMBEDDINGS: Final = STAND_INS | IN_SPECIAL_NETWORKS


@pytest.mark.parametrize(
    ("embedding", "known"),
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
def test_the_embeddings_here_are_those_of_the_rfcs(embedding: str, known: str) -> None:
    assert ip_address(EMBEDDINGS[embedding](IPv4Address("192.0.2.33"))) == ip_address(known)


@pytest.mark.parametrize("embedding", STAND_INS)
def test_an_embedded_address_is_refused_and_admitted(embedding: str) -> None:
    for inner in ("10.0.0.7", "127.0.0.1", "192.168.255.255", "224.0.0.0"):
        outer = EMBEDDINGS[embedding](IPv4Address(inner))
        refusal = f"{inner}, embedded in {outer}, is {REFUSED[inner]}{DOES_NOT_ADMIT}"
        assert refusal_of(outer) == refusal
        assert refusal_of(outer, EgressRules.parse(f"{inner}/32")) is None


@pytest.mark.parametrize("embedding", STAND_INS)
def test_an_embedded_public_address_is_public(embedding: str) -> None:
    outer = EMBEDDINGS[embedding](IPv4Address("8.8.8.8"))
    assert refusal_of(outer) is None
    assert refusal_of(outer, port=25) is not None


@pytest.mark.parametrize("embedding", IN_SPECIAL_NETWORKS)
def test_an_outer_address_that_counts_has_to_be_admitted(embedding: str) -> None:
    for inner in ("8.8.8.8", "10.0.0.7"):
        outer = EMBEDDINGS[embedding](IPv4Address(inner))
        refusal = refusal_of(outer, EgressRules.parse("0.0.0.0/0"))
        assert refusal is not None
        assert refusal.startswith(f"{outer} is ")
        assert refusal.endswith(DOES_NOT_ADMIT)
        assert refusal_of(outer, EgressRules.parse("2001::/32 64:ff9b:1::/48")) is None


@pytest.mark.parametrize("embedding", EMBEDDINGS)
def test_nothing_admits_an_embedded_metadata_service(embedding: str) -> None:
    for inner in ("169.254.169.254", "168.63.129.16", "100.100.100.200"):
        outer = EMBEDDINGS[embedding](IPv4Address(inner))
        refusal = refusal_of(outer, PERMISSIVE)
        assert refusal is not None
        assert refusal.startswith(f"{inner}, embedded in {outer}, is ")
        assert refusal.endswith(", which nothing may admit")
        assert refusal_of(outer, EgressRules.parse(f"{outer} {inner}")) == refusal


def test_an_address_may_embed_two_others() -> None:
    """A 6to4 address with an interface id of ISATAP."""
    assert refusal_of("2002:808:808::5efe:a9fe:a9fe", PERMISSIVE) is not None
    assert refusal_of("2002:808:808::5efe:a00:7") is not None


# Any address.

ANY_IPV4 = st.ip_addresses(v=4) | st.sampled_from(
    [ip for ip in map(ip_address, [*REFUSED, *METADATA_ADDRESSES]) if isinstance(ip, IPv4Address)]
)


@given(ANY_IPV4, st.sampled_from(sorted(EMBEDDINGS)), st.sampled_from([80, 25]))
def test_no_embedding_gets_a_refused_address_through(
    address: IPv4Address, embedding: str, port: int
) -> None:
    for rules in (DEFAULT, EgressRules.parse("10.0.0.0/8 192.168.0.0/16:25 127.0.0.1 :25")):
        if refusal_of(str(address), rules, port) is not None:
            assert refusal_of(EMBEDDINGS[embedding](address), rules, port) is not None
