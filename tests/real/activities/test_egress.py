"""Targets that are addresses: the real client does not connect to a refused one."""

from typing import Final

import pytest

from activities.egress.special_addresses import METADATA_ADDRESSES
from activities.verdict.judgement import Judgement, Verdict, judge_failure
from tests.support.addresses import DOES_NOT_ADMIT, REFUSED_BY
from tests.support.raw_receiver import (
    ANSWER,
    new_guarded_client,
    no_answer,
    post,
    receiving,
    replying,
)
from tidings import FailureKind

FIRST_OF_EACH: Final = {addresses.split()[0]: rule for rule, addresses in REFUSED_BY.items()}
ANSWERING: Final = replying(ANSWER)


async def refusal(url: str, allow: str = "") -> str:
    """The reason why ``url`` is refused for good."""
    async with new_guarded_client(allow) as client:
        error = await no_answer(client, url)
    assert error.kind is FailureKind.EGRESS_REFUSED
    judgement = judge_failure(error.kind, error.detail, "egress_refused")
    assert judgement == Judgement(Verdict.REFUSED, error.detail, cause="egress_refused")
    return error.detail


def in_url(address: str) -> str:
    return f"[{address}]" if ":" in address else address


@pytest.mark.parametrize(("address", "rule"), FIRST_OF_EACH.items(), ids=str)
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
async def test_nothing_admits_a_metadata_service_in_disguise(
    connects: list[str], disguise: str
) -> None:
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
    """Without the guard, the first three would reach the receiver."""
    async with receiving(ANSWERING) as receiver:
        detail = await refusal(receiver.url(host))
    assert detail.startswith("127.0.0.1, embedded in ")
    assert detail.endswith(f" is in 127.0.0.0/8 (Loopback, RFC 1122){DOES_NOT_ADMIT}")
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
        # Names to httpx, addresses to the resolver.
        ("0x7f000001", FailureKind.EGRESS_REFUSED),
        ("0x7F.1", FailureKind.EGRESS_REFUSED),
        ("0x0", FailureKind.EGRESS_REFUSED),
        ("127\u30020\u30020\u30021", FailureKind.EGRESS_REFUSED),  # ideographic full stops
        ("[::1%25lo]", FailureKind.EGRESS_REFUSED),
        # Names that are not resolved.
        ("%31%32%37.0.0.1", FailureKind.CONNECTION),
        ("127.0.0.1%00", FailureKind.CONNECTION),
    ],
)
async def test_no_way_of_writing_an_address_leads_around_the_guard(
    connects: list[str], host: str, kind: FailureKind
) -> None:
    async with receiving(ANSWERING) as receiver, new_guarded_client("") as client:
        error = await no_answer(client, receiver.url(host))
    assert error.kind is kind
    assert (receiver.accepted, connects) == (0, [])


@pytest.mark.parametrize(
    "written", ["user@127.0.0.1", "example.com@127.0.0.1", "127.0.0.1\\@example.com"]
)
async def test_user_information_does_not_lead_around_the_guard(
    connects: list[str], written: str
) -> None:
    """Notifications refuse such targets. Here the client alone is tried."""
    async with receiving(ANSWERING) as receiver, new_guarded_client("") as client:
        await no_answer(client, receiver.url(written))
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
        receiving(ANSWERING, address) as receiver,
        new_guarded_client(allow.format(port=receiver.port)) as client,
    ):
        assert (await post(client, receiver.url())).status_code == 200
    assert (receiver.accepted, connects) == (1, [address])


async def test_another_port_than_the_admitted_one_is_not(connects: list[str]) -> None:
    async with receiving(ANSWERING) as receiver:
        detail = await refusal(receiver.url(), f"127.0.0.1:{receiver.port % 60_000 + 1}")
    rule = f"in 127.0.0.0/8 (Loopback, RFC 1122){DOES_NOT_ADMIT} at port {receiver.port}"
    assert detail == f"127.0.0.1 is {rule}"
    assert (receiver.accepted, connects) == (0, [])
