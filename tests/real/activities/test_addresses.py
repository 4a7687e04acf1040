"""Names with several addresses, none of which takes the connection."""

import errno
import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from activities.egress.rules import EGRESS_ALLOW
from activities.verdict.judgement import Verdict, judge_failure
from tests.real.activities.conftest import Names
from tests.support.addresses import DOES_NOT_ADMIT
from tests.support.raw_receiver import new_guarded_client, no_answer, receiving, silence
from tidings import FailureKind

PRIVATE = f"10.0.0.1 is in 10.0.0.0/8 (Private-Use, RFC 1918){DOES_NOT_ADMIT}"
LOCAL = f"fd00::1 is in fc00::/7 (Unique-Local, RFC 4193, RFC 8190){DOES_NOT_ADMIT}"
NOBODY = "no permitted address takes the connection"


@pytest.fixture
def closed() -> Iterator[int]:
    """A port where nobody listens, reserved during the test."""
    with socket.socket() as held:
        held.bind(("0.0.0.0", 0))  # noqa: S104 -- never listened to
        yield held.getsockname()[1]


@pytest.fixture
def no_ipv6(monkeypatch: pytest.MonkeyPatch, connects: list[str]) -> None:
    """A network without IPv6."""
    connect = socket.socket.connect

    def connect_or_not(made: socket.socket, address: Any) -> None:
        if made.family is socket.AF_INET6:
            connects.append(address[0])
            raise OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH))
        connect(made, address)

    monkeypatch.setattr(socket.socket, "connect", connect_or_not)


@pytest.mark.parametrize(
    ("addresses", "why"),
    [
        pytest.param("127.0.0.1", "Connection refused", id="one"),
        pytest.param("127.0.0.1 127.0.0.2", "Connection refused", id="two"),
        pytest.param("10.0.0.1 127.0.0.1", f"Connection refused; {PRIVATE}", id="refused-first"),
        pytest.param("127.0.0.1 10.0.0.1", f"{NOBODY}; {PRIVATE}", id="refused-last"),
        pytest.param("127.0.0.1 fd00::1", f"Connection refused; {LOCAL}", id="of-two-families"),
        pytest.param("fd00::1 127.0.0.1", f"Connection refused; {LOCAL}", id="ipv6-first"),
        pytest.param(
            "127.0.0.1 ::1 10.0.0.1 fd00::1",
            f"{NOBODY}; {PRIVATE}; 1 more of its addresses are refused",
            id="refused-last-of-both-families",
        ),
        pytest.param(
            "127.0.0.1 10.0.0.1 192.168.0.1 172.16.0.1 127.0.0.2 10.0.0.2",
            f"{NOBODY}; {PRIVATE}; 3 more of its addresses are refused",
            id="many",
        ),
    ],
)
async def test_each_address_that_fails_has_its_reason(
    names: Names, closed: int, addresses: str, why: str
) -> None:
    names.answer("hook.test", addresses)
    async with new_guarded_client("127.0.0.0/8, ::1") as client:
        error = await no_answer(client, f"http://hook.test:{closed}/")
    assert error.kind is FailureKind.CONNECTION
    assert error.detail == f"cannot connect to hook.test:{closed}: {why}"
    assert judge_failure(error.kind, error.detail, "unreachable").verdict is Verdict.RETRY


@pytest.mark.usefixtures("no_ipv6")
@pytest.mark.parametrize(
    ("addresses", "why"),
    [
        ("127.0.0.1 ::1", "Connection refused, Network is unreachable"),
        ("::1 127.0.0.1", "Network is unreachable, Connection refused"),
        ("127.0.0.1 ::1 127.0.0.2", "Connection refused"),
        ("10.0.0.1 127.0.0.1 ::1", f"Connection refused; {PRIVATE}"),
        ("::1 127.0.0.1 fd00::1 10.0.0.1", f"{NOBODY}; {LOCAL}; 1 more"),
    ],
)
async def test_a_network_without_ipv6_is_one_of_the_reasons(
    names: Names, closed: int, addresses: str, why: str
) -> None:
    names.answer("hook.test", addresses)
    async with new_guarded_client("127.0.0.0/8, ::1") as client:
        error = await no_answer(client, f"http://hook.test:{closed}/")
    assert error.kind is FailureKind.CONNECTION
    assert error.detail.startswith(f"cannot connect to hook.test:{closed}: {why}")


@pytest.mark.usefixtures("no_ipv6")
async def test_a_refusal_is_shown_whole_behind_a_long_name(names: Names, closed: int) -> None:
    """A failure keeps 300 characters."""
    name = ".".join([*("x" * 60 for _ in range(4)), "test"])
    names.answer(name, "127.0.0.1 ::1 64:ff9b:1:ffff:ffff:ffff:ffff:ffff")
    async with new_guarded_client("127.0.0.0/8, ::1") as client:
        error = await no_answer(client, f"http://{name}:{closed}/")
    assert error.kind is FailureKind.CONNECTION
    assert f"x.test:{closed}: " in error.detail
    assert EGRESS_ALLOW in error.detail
    assert error.detail.endswith(DOES_NOT_ADMIT)


async def test_a_refusal_is_shown_if_the_other_address_is_silent(names: Names) -> None:
    names.answer("hook.test", "10.0.0.1 127.0.0.1")
    async with receiving(silence) as receiver, new_guarded_client("127.0.0.0/8") as client:
        error = await no_answer(client, f"https://hook.test:{receiver.port}/", timeout=1)
    assert error.kind is FailureKind.TIMEOUT
    assert error.detail == f"no connection within 1 s; {PRIVATE}"


async def test_a_refusal_is_not_shown_once_another_address_answers(names: Names) -> None:
    names.answer("hook.test", "10.0.0.1 127.0.0.1")
    async with receiving(silence) as receiver, new_guarded_client("127.0.0.0/8") as client:
        error = await no_answer(client, receiver.url("hook.test"), timeout=1)
    assert error.detail == "no complete answer within 1 s"
