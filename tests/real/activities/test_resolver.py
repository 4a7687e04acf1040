"""Names that a real name server answers, or keeps silent on."""

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator
from functools import partial

import pytest

from activities.http import transport
from activities.http.resolver import Resolver
from tests.real.activities.conftest import ask_name_servers
from tests.support.name_server import NameServer
from tests.support.raw_receiver import OK, new_guarded_client, no_answer, post, receiving, replying
from tidings import FailureKind

MANY = [f"127.0.0.{number}" for number in range(1, 41)]
ADDRESSES = {"live.test": ["127.0.0.1", "::1"], "many.test": MANY, "none.test": []}
ANSWERING = replying(OK, b"Connection: close\r\nContent-Length: 0\r\n\r\n")
TIMEOUT = 0.5


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[NameServer]:
    ask_name_servers(monkeypatch)
    async with NameServer(ADDRESSES).running() as server:
        yield server


@pytest.fixture
async def resolver(server: NameServer) -> AsyncIterator[Resolver]:
    resolver = Resolver(nameservers=[server.address])
    yield resolver
    await resolver.close()


async def addresses(resolver: Resolver, host: str) -> list[str]:
    return [each["host"] for each in await resolver.resolve(host, 80, socket.AF_UNSPEC)]


async def test_a_name_has_the_addresses_of_both_kinds(resolver: Resolver) -> None:
    assert sorted(await addresses(resolver, "live.test")) == ["127.0.0.1", "::1"]


async def test_only_the_first_addresses_are_used(resolver: Resolver) -> None:
    found = await addresses(resolver, "many.test")
    assert len(found) == 16
    assert {*found} < {*MANY}


async def test_a_name_without_addresses_is_told_in_words(resolver: Resolver) -> None:
    with pytest.raises(OSError, match="DNS server returned answer with no data"):
        await resolver.resolve("none.test", 80, socket.AF_UNSPEC)


@pytest.mark.parametrize(
    ("spelled", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("::1", "::1"),
    ],
)
async def test_an_address_is_not_asked_for(
    server: NameServer, resolver: Resolver, spelled: str, address: str
) -> None:
    assert await addresses(resolver, spelled) == [address]
    assert not server.asked


async def test_localhost_is_in_the_hosts_file(server: NameServer, resolver: Resolver) -> None:
    assert "127.0.0.1" in await addresses(resolver, "localhost")
    assert not server.asked


async def test_silent_name_servers_hold_no_other_name_up(
    server: NameServer, resolver: Resolver
) -> None:
    """A thousand look-ups wait. None has a thread, and each can be given up."""
    threads = threading.active_count()
    silent = [
        asyncio.create_task(resolver.resolve(f"{number}.dead.test", 80, socket.AF_UNSPEC))
        for number in range(1000)
    ]
    while len({*server.asked}) < len(silent):
        await asyncio.sleep(0.01)
    began = time.monotonic()
    assert await addresses(resolver, "live.test")
    took = time.monotonic() - began
    assert threading.active_count() <= threads
    assert not any(each.done() for each in silent)
    for each in silent:
        each.cancel()
    await asyncio.gather(*silent, return_exceptions=True)
    assert took < 1
    assert await addresses(resolver, "many.test")


async def test_an_attempt_ends_at_its_deadline_whatever_the_name_server_does(
    server: NameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "Resolver", partial(Resolver, nameservers=[server.address]))
    async with new_guarded_client() as client, receiving(ANSWERING) as receiver:
        began = time.monotonic()
        error = await no_answer(client, "http://silent.test/", timeout=TIMEOUT)
        took = time.monotonic() - began
        assert (error.kind, error.detail) == (
            FailureKind.TIMEOUT,
            f"no connection within {TIMEOUT} s",
        )
        assert TIMEOUT <= took < TIMEOUT + 1
        assert (await post(client, receiver.url("live.test"))).status_code == 200
    assert {"silent.test", "live.test"} <= {*server.asked}
