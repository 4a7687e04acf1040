"""Targets that are addresses, through the real client: what is refused is not connected to."""

from typing import Final

import pytest

from activities.egress import EGRESS_ALLOW
from activities.judgement import Verdict, judge_failure
from activities.special_addresses import METADATA_ADDRESSES
from tidings import FailureKind

from .receiver import new_guarded_client, no_answer, post, receiving, replying

DOES_NOT_ADMIT: Final = f", and {EGRESS_ALLOW} does not admit it"
OK: Final = replying(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


async def refusal(url: str, allow: str = "") -> str:
    """Why ``url`` is refused for good."""
    async with new_guarded_client(allow) as client:
        error = await no_answer(client, url)
    assert error.kind is FailureKind.EGRESS_REFUSED
    assert judge_failure(error.kind, error.detail) == (Verdict.REFUSED, error.detail, None)
    return error.detail


# One address of each row of IANA's registries that is not globally reachable, and of multicast.
SPECIAL: Final = {
    "0.0.0.0": "this host on this network (0.0.0.0/32, RFC 1122)",  # noqa: S104
    "0.255.255.255": "this network (0.0.0.0/8, RFC 791)",
    "10.0.0.1": "private (10.0.0.0/8, RFC 1918)",
    "100.64.0.1": "shared address space (100.64.0.0/10, RFC 6598)",
    "127.0.0.1": "loopback (127.0.0.0/8, RFC 1122)",
    "127.255.255.254": "loopback (127.0.0.0/8, RFC 1122)",
    "169.254.1.1": "link-local (169.254.0.0/16, RFC 3927)",
    "172.16.0.1": "private (172.16.0.0/12, RFC 1918)",
    "172.31.255.255": "private (172.16.0.0/12, RFC 1918)",
    "192.0.0.1": "for IPv4 service continuity (192.0.0.0/29, RFC 7335)",
    "192.0.0.8": "the IPv4 dummy address (192.0.0.8/32, RFC 7600)",
    "192.0.0.11": "an IETF protocol assignment (192.0.0.0/24, RFC 6890)",
    "192.0.0.170": "for NAT64 discovery (192.0.0.170/32, RFC 8880)",
    "192.0.0.171": "for NAT64 discovery (192.0.0.171/32, RFC 8880)",
    "192.0.2.1": "for documentation (192.0.2.0/24, RFC 5737)",
    "192.88.99.1": "deprecated 6to4 relay anycast (192.88.99.0/24, RFC 7526)",
    "192.88.99.2": "6a44 relay anycast (192.88.99.2/32, RFC 6751)",
    "192.168.0.1": "private (192.168.0.0/16, RFC 1918)",
    "198.18.0.1": "for benchmarking (198.18.0.0/15, RFC 2544)",
    "198.51.100.1": "for documentation (198.51.100.0/24, RFC 5737)",
    "203.0.113.1": "for documentation (203.0.113.0/24, RFC 5737)",
    "224.0.0.1": "multicast (224.0.0.0/4, RFC 5771)",
    "240.0.0.1": "reserved (240.0.0.0/4, RFC 1112)",
    "255.255.255.255": "limited broadcast (255.255.255.255/32, RFC 919)",
    "::": "unspecified (::/128, RFC 4291)",
    "::1": "loopback (::1/128, RFC 4291)",
    "64:ff9b:1::1": "local IPv4-IPv6 translation (64:ff9b:1::/48, RFC 8215)",
    "100::1": "discard-only (100::/64, RFC 6666)",
    "100:0:0:1::1": "of the dummy IPv6 prefix (100:0:0:1::/64, RFC 9780)",
    "2001::1": "Teredo (2001::/32, RFC 4380)",
    "2001:1::4": "an IETF protocol assignment (2001::/23, RFC 2928)",
    "2001:2::1": "for benchmarking (2001:2::/48, RFC 5180)",
    "2001:10::1": "deprecated ORCHID (2001:10::/28, RFC 4843)",
    "2001:db8::1": "for documentation (2001:db8::/32, RFC 3849)",
    "3fff::1": "for documentation (3fff::/20, RFC 9637)",
    "4000::1": "not global unicast (4000::/2, RFC 4291)",
    "5f00::1": "a segment routing SID (5f00::/16, RFC 9602)",
    "fc00::1": "unique-local (fc00::/7, RFC 4193)",
    "fd12:3456::1": "unique-local (fc00::/7, RFC 4193)",
    "fe80::1": "link-local (fe80::/10, RFC 4291)",
    "fec0::1": "deprecated site-local (fec0::/10, RFC 3879)",
    "ff02::1": "multicast (ff00::/8, RFC 4291)",
}


def in_url(address: str) -> str:
    return f"[{address}]" if ":" in address else address


@pytest.mark.parametrize(("address", "rule"), SPECIAL.items(), ids=str)
async def test_an_address_that_is_not_global_is_refused(
    connects: list[str], address: str, rule: str
) -> None:
    detail = await refusal(f"http://{in_url(address)}/")
    assert detail == f"{address} is {rule}{DOES_NOT_ADMIT}"
    assert connects == []


@pytest.mark.parametrize(("address", "service"), METADATA_ADDRESSES.items(), ids=str)
async def test_nothing_admits_a_metadata_service(
    connects: list[str], address: object, service: str
) -> None:
    allow = f"0.0.0.0/0, ::/0, {address}, [{address}]:80"
    detail = await refusal(f"http://{in_url(str(address))}/latest/meta-data/", allow)
    assert detail == f"{address} is {service}, which nothing may admit"
    assert connects == []


@pytest.mark.parametrize(
    "disguise",
    [
        "::ffff:169.254.169.254",  # mapped
        "::ffff:a9fe:a9fe",
        "::169.254.169.254",  # compatible
        "::ffff:0:169.254.169.254",  # translated
        "64:ff9b::169.254.169.254",  # NAT64
        "64:ff9b:1::169.254.169.254",  # local NAT64, /96
        "64:ff9b:1:a9fe:a9:fe00::",  # local NAT64, /48
        "2002:a9fe:a9fe::1",  # 6to4
        "2001:0:a9fe:a9fe::1",  # Teredo, server
        "2001:0:808:808:0:0:5601:5601",  # Teredo, client
        "2a00:1450:4001::5efe:169.254.169.254",  # ISATAP
        "2a00:1450:4001:0:200:5efe:169.254.169.254",
    ],
)
async def test_nothing_admits_one_in_disguise(connects: list[str], disguise: str) -> None:
    detail = await refusal(f"http://[{disguise}]/", "0.0.0.0/0, ::/0")
    assert detail.startswith("169.254.169.254, embedded in ")
    assert detail.endswith(" is a cloud's metadata service, which nothing may admit")
    assert connects == []


@pytest.mark.parametrize(
    "host",
    [
        "[::ffff:127.0.0.1]",
        "[::FFFF:7F00:1]",
        "[0:0:0:0:0:ffff:7f00:1]",
        "[::127.0.0.1]",
        "[::ffff:0:127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "[2002:7f00:1::]",
        "[2a00:1450:4001::5efe:127.0.0.1]",
    ],
)
async def test_loopback_in_disguise_is_refused(connects: list[str], host: str) -> None:
    """Of these the first three reach the receiver, but for the guard."""
    async with receiving(OK) as receiver:
        detail = await refusal(receiver.url(host))
    assert detail.startswith("127.0.0.1, embedded in ")
    assert detail.endswith(f" is loopback (127.0.0.0/8, RFC 1122){DOES_NOT_ADMIT}")
    assert (receiver.accepted, connects) == (0, [])


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("2130706433", FailureKind.BAD_TARGET),
        ("017700000001", FailureKind.BAD_TARGET),
        ("0177.0.0.1", FailureKind.BAD_TARGET),
        ("127.1", FailureKind.BAD_TARGET),
        ("127.0.1", FailureKind.BAD_TARGET),
        ("127.0.0.01", FailureKind.BAD_TARGET),
        ("127.0.0.1.", FailureKind.BAD_TARGET),
        ("2130706433.", FailureKind.BAD_TARGET),
        ("4294967296", FailureKind.BAD_TARGET),
        ("0", FailureKind.BAD_TARGET),
        ("\uff11\uff12\uff17.0.0.1", FailureKind.BAD_TARGET),  # full-width digits
        ("\u2460\u2461\u2466.0.0.1", FailureKind.BAD_TARGET),  # digits in circles
        ("[::ffff:0x7f.1]", FailureKind.BAD_TARGET),
        # What httpx takes for a name, and the resolver for an address.
        ("0x7f000001", FailureKind.EGRESS_REFUSED),
        ("0x7F.1", FailureKind.EGRESS_REFUSED),
        ("0x0", FailureKind.EGRESS_REFUSED),
        ("127\u30020\u30020\u30021", FailureKind.EGRESS_REFUSED),  # ideographic full stops
        ("[::1%25lo]", FailureKind.EGRESS_REFUSED),
        # What nobody resolves.
        ("%31%32%37.0.0.1", FailureKind.CONNECTION),
        ("127.0.0.1%00", FailureKind.CONNECTION),
    ],
)
async def test_no_way_of_writing_an_address_leads_around_the_guard(
    connects: list[str], host: str, kind: FailureKind
) -> None:
    async with receiving(OK) as receiver, new_guarded_client("") as client:
        error = await no_answer(client, receiver.url(host))
    assert error.kind is kind
    assert (receiver.accepted, connects) == (0, [])


@pytest.mark.parametrize(
    "authority", ["user@127.0.0.1", "example.com@127.0.0.1", "127.0.0.1\\@example.com"]
)
async def test_nor_does_user_information(connects: list[str], authority: str) -> None:
    """A notification with such a target is not accepted; the client alone has no address for it."""
    async with receiving(OK) as receiver, new_guarded_client("") as client:
        await no_answer(client, receiver.url(authority))
    assert (receiver.accepted, connects) == (0, [])


# Ports.


@pytest.mark.parametrize("port", [0, 1, 22, 25, 53, 79, 81, 442, 444, 1023])
@pytest.mark.parametrize("host", ["127.0.0.1", "8.8.8.8", "[2606:4700::1111]"])
async def test_a_low_port_is_refused(connects: list[str], host: str, port: int) -> None:
    detail = await refusal(f"http://{host}:{port}/", "127.0.0.1")
    assert detail == f"port {port} is below 1024 and neither 80 nor 443{DOES_NOT_ADMIT}"
    assert connects == []


@pytest.mark.parametrize("allow", ["127.0.0.1, :81", "127.0.0.1:81", "localhost:81"])
async def test_a_low_port_that_is_admitted_is_connected_to(connects: list[str], allow: str) -> None:
    async with new_guarded_client(allow) as client:
        await no_answer(client, "http://localhost:81/", timeout=1)
    assert connects == ["127.0.0.1"]


# What is admitted.


@pytest.mark.parametrize(
    ("allow", "address"),
    [
        ("127.0.0.0/8", "127.0.0.1"),
        ("127.0.0.2", "127.0.0.2"),
        ("127.0.0.1:{port}", "127.0.0.1"),
        ("::1", "::1"),
        ("[::1]:{port}", "::1"),
        ("10.0.0.0/8 ::/0", "::1"),
    ],
)
async def test_an_admitted_address_is_reached(
    connects: list[str], allow: str, address: str
) -> None:
    async with (
        receiving(OK, address) as receiver,
        new_guarded_client(allow.format(port=receiver.port)) as client,
    ):
        assert (await post(client, receiver.url())).status_code == 200
    assert (receiver.accepted, connects) == (1, [address])


async def test_another_port_than_the_admitted_one_is_not(connects: list[str]) -> None:
    async with receiving(OK) as receiver:
        detail = await refusal(receiver.url(), f"127.0.0.1:{receiver.port % 60_000 + 1}")
    rule = f"loopback (127.0.0.0/8, RFC 1122){DOES_NOT_ADMIT} at port {receiver.port}"
    assert detail == f"127.0.0.1 is {rule}"
    assert (receiver.accepted, connects) == (0, [])
