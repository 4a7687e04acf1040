"""Targets that are names, and the addresses that they resolve to at different times."""

import time

import pytest

from activities.egress.rules import EGRESS_ALLOW
from activities.verdict.judgement import Verdict, judge_failure
from tests.real.activities.conftest import Names
from tests.real.activities.test_egress import ANSWERING, refusal
from tests.support.addresses import DOES_NOT_ADMIT
from tests.support.raw_receiver import (
    OK,
    Recorder,
    new_guarded_client,
    no_answer,
    post,
    receiving,
    replying,
)
from tidings import FailureKind

CLOSING = replying(OK, b"Connection: close\r\nContent-Length: 0\r\n\r\n")
LOOPBACK = f"127.0.0.1 is in 127.0.0.0/8 (Loopback, RFC 1122){DOES_NOT_ADMIT}"


@pytest.mark.parametrize(
    ("addresses", "fragment"),
    [
        ("10.0.0.1", "10.0.0.1 is in 10.0.0.0/8 (Private-Use"),
        ("192.168.1.1 172.16.0.1 10.0.0.1", "192.168.1.1 is in 192.168.0.0/16 (Private-Use"),
        ("fd00::1 10.0.0.1", "fd00::1 is in fc00::/7 (Unique-Local"),
        ("127.0.0.1 ::1", "127.0.0.1 is in 127.0.0.0/8 (Loopback"),
        ("::ffff:10.0.0.1", "10.0.0.1, embedded in ::ffff:"),
        ("0.0.0.0", '0.0.0.0 is in 0.0.0.0/32 ("This host on this network"'),  # noqa: S104
    ],
)
@pytest.mark.parametrize("name", ["hook.test", "HOOK.TEST", "hook.test.", "Hook.Test."])
async def test_a_name_with_private_addresses_only_is_refused(
    names: Names, connects: list[str], name: str, addresses: str, fragment: str
) -> None:
    names.answer("hook.test", addresses)
    detail = await refusal(f"http://{name}/")
    assert fragment in detail
    assert detail.endswith(DOES_NOT_ADMIT)
    assert (names.asked, connects) == (["hook.test"], [])


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "localhost."])
async def test_localhost_is_refused(connects: list[str], name: str) -> None:
    async with receiving(ANSWERING) as receiver:
        assert await refusal(receiver.url(name)) == LOOPBACK
    assert (receiver.accepted, connects) == (0, [])


async def test_a_metadata_service_is_refused_by_an_admitted_name_too(
    names: Names, connects: list[str]
) -> None:
    names.answer("metadata.corp.test", "169.254.169.254")
    detail = await refusal("http://metadata.corp.test/", "corp.test, 0.0.0.0/0, ::/0")
    assert detail == "169.254.169.254 is a cloud's metadata service, which nothing may admit"
    assert connects == []


@pytest.mark.parametrize("allow", ["hook.test", ".test", "*.hook.test", "HOOK.test.", "127.0.0.1"])
@pytest.mark.parametrize("name", ["hook.test", "Hook.Test.", "hook.test."])
async def test_an_admitted_name_is_reached(
    names: Names, connects: list[str], allow: str, name: str
) -> None:
    names.answer("hook.test", "127.0.0.1")
    async with receiving(ANSWERING) as receiver, new_guarded_client(allow) as client:
        assert (await post(client, receiver.url(name))).status_code == 200
    assert (receiver.accepted, connects) == (1, ["127.0.0.1"])


@pytest.mark.parametrize("allow", ["ook.test", "a.hook.test", "hook.test:1234"])
async def test_another_name_than_the_admitted_one_is_refused(
    names: Names, connects: list[str], allow: str
) -> None:
    names.answer("hook.test", "127.0.0.1")
    assert EGRESS_ALLOW in await refusal("http://hook.test:8080/", allow)
    assert connects == []


# Several addresses.


@pytest.mark.parametrize(
    "addresses",
    ["127.0.0.1 127.0.0.2", "127.0.0.2 127.0.0.1", "10.0.0.1 ::1 127.0.0.2", "fd00::1 127.0.0.2"],
)
async def test_only_the_admitted_one_of_several_is_connected_to(
    names: Names, connects: list[str], addresses: str
) -> None:
    names.answer("hook.test", addresses)
    async with (
        receiving(ANSWERING, "127.0.0.2") as receiver,
        new_guarded_client("127.0.0.2") as client,
    ):
        assert (await post(client, receiver.url("hook.test"))).status_code == 200
    assert (receiver.accepted, connects) == (1, ["127.0.0.2"])


@pytest.mark.parametrize("addresses", ["127.0.0.1 127.0.0.2", "127.0.0.2 10.0.0.1 ::1"])
async def test_a_permitted_address_that_is_down_may_answer_later(
    names: Names, connects: list[str], addresses: str
) -> None:
    """So the failure is retried, although the other addresses are refused."""
    names.answer("hook.test", addresses)
    async with receiving(ANSWERING, "127.0.0.2") as receiver:
        pass  # nobody listens there any more
    async with new_guarded_client("127.0.0.2") as client:
        error = await no_answer(client, receiver.url("hook.test"))
    assert error.kind is FailureKind.CONNECTION
    assert judge_failure(error.kind, error.detail, "unreachable").verdict is Verdict.RETRY
    assert set(connects) == {"127.0.0.2"}


async def test_thousands_of_addresses_cost_no_more_than_a_few(
    names: Names, connects: list[str]
) -> None:
    """The owner of a name chooses its addresses."""
    names.answer("hook.test", " ".join(f"10.0.{n // 256}.{n % 256}" for n in range(2000)))
    began = time.monotonic()
    assert "10.0.0.0 is in 10.0.0.0/8 (Private-Use" in await refusal("http://hook.test/")
    assert time.monotonic() - began < 2  # it took the whole deadline once
    assert connects == []


# Rebinding.


async def test_the_judged_address_is_the_one_that_is_connected_to(
    names: Names, connects: list[str]
) -> None:
    """A second look-up between judging and connecting would give another address."""
    names.answer("hook.test", "127.0.0.2", "127.0.0.1")
    async with (
        receiving(ANSWERING, "127.0.0.2") as receiver,
        new_guarded_client("127.0.0.2") as client,
    ):
        await post(client, receiver.url("hook.test"))
    assert (receiver.accepted, names.asked, connects) == (1, ["hook.test"], ["127.0.0.2"])


async def test_a_name_that_turns_to_a_refused_address_is_refused(
    names: Names, connects: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look-up is kept for 10 s. Each connection is judged by its own address."""
    names.answer("hook.test", "127.0.0.2", "127.0.0.1")
    async with (
        receiving(CLOSING, "127.0.0.2") as receiver,
        new_guarded_client("127.0.0.2") as client,
    ):
        url = receiver.url("hook.test")
        await post(client, url)
        await post(client, url)
        assert (receiver.accepted, names.asked) == (2, ["hook.test"])
        later = time.monotonic() + 11
        monkeypatch.setattr("aiohttp.connector.monotonic", lambda: later)
        error = await no_answer(client, url)
    assert (error.kind, error.detail) == (FailureKind.EGRESS_REFUSED, LOOPBACK)
    assert (receiver.accepted, connects) == (2, ["127.0.0.2"] * 2)
    assert names.asked == ["hook.test"] * 2


async def test_a_name_that_turns_to_an_admitted_address_is_reached(
    names: Names, connects: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    names.answer("hook.test", "127.0.0.1", "127.0.0.2")
    async with (
        receiving(CLOSING, "127.0.0.2") as receiver,
        new_guarded_client("127.0.0.2") as client,
    ):
        url = receiver.url("hook.test")
        for _ in range(2):
            assert (await no_answer(client, url)).kind is FailureKind.EGRESS_REFUSED
        later = time.monotonic() + 11
        monkeypatch.setattr("aiohttp.connector.monotonic", lambda: later)
        assert (await post(client, url)).status_code == 200
    assert (receiver.accepted, connects) == (1, ["127.0.0.2"])
    assert names.asked == ["hook.test"] * 2


async def test_a_kept_connection_keeps_the_judged_address(
    names: Names, connects: list[str]
) -> None:
    names.answer("hook.test", "127.0.0.2", "127.0.0.1")
    async with (
        receiving(Recorder(), "127.0.0.2") as receiver,
        new_guarded_client("127.0.0.2") as client,
    ):
        for _ in range(3):
            assert (await post(client, receiver.url("hook.test"))).status_code == 200
    assert (receiver.accepted, names.asked, connects) == (1, ["hook.test"], ["127.0.0.2"])


async def test_a_redirect_to_a_private_address_is_not_followed(connects: list[str]) -> None:
    async with receiving(ANSWERING) as private:
        location = f"Location: {private.url()}\r\n".encode()
        redirect = replying(b"HTTP/1.1 302 Go\r\n", location, b"Content-Length: 0\r\n\r\n")
        async with (
            receiving(redirect, "127.0.0.2") as receiver,
            new_guarded_client("127.0.0.2") as client,
        ):
            assert (await post(client, receiver.url())).status_code == 302
    assert (private.accepted, receiver.accepted, connects) == (0, 1, ["127.0.0.2"])
