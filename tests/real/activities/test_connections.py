"""The number of connections to one host, and the time that one is kept."""

import asyncio
import socket
import time
from contextlib import suppress
from functools import partial

import httpx
import pytest

from activities.http.failure import NoAnswerError
from tests.support.raw_receiver import (
    ANSWER,
    OK,
    Recorder,
    new_guarded_client,
    no_answer,
    post,
    read_head,
    receiving,
    silence,
)
from tests.support.until import until
from tidings import FailureKind

MIB = 1 << 20
HELLO = b"\r\n\r\nhello"
"""The last bytes of each request."""


def all_closed(sockets: list[socket.socket]) -> bool:
    return all(each.fileno() == -1 for each in sockets)


async def test_a_host_gets_no_more_connections_than_allowed() -> None:
    """Requests wait for a connection and are served in turn. Connections are used again."""
    paths: list[str] = []

    async def answer_slowly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            paths.append((await read_head(reader))[0].split()[1])
            await asyncio.sleep(0.1)
            writer.write(ANSWER)

    async with (
        receiving(answer_slowly) as receiver,
        new_guarded_client(connections_per_host=2) as client,
    ):
        url = receiver.url()
        answers = [asyncio.create_task(post(client, f"{url}&n={n}")) for n in range(5)]
        assert [answer.status_code for answer in await asyncio.gather(*answers)] == [200] * 5
    assert (receiver.most_open, receiver.accepted) == (2, 2)
    assert [path[-1] for path in paths] == ["0", "1", "2", "3", "4"]


async def test_a_request_that_waits_too_long_names_the_setting() -> None:
    """Another host does not wait. A connection that is free again is used."""
    async with (
        receiving(silence) as busy,
        receiving(Recorder()) as other,
        new_guarded_client(connections_per_host=2) as client,
    ):
        holding = [asyncio.create_task(no_answer(client, busy.url(), timeout=1)) for _ in range(2)]
        await until(lambda: busy.open == 2)
        waiting = [
            asyncio.create_task(no_answer(client, busy.url(), timeout=0.5)) for _ in range(3)
        ]
        await asyncio.sleep(0)  # so that they are first in the queue
        assert (await post(client, other.url())).status_code == 200
        assert not [task for task in waiting if task.done()]
        for error in await asyncio.gather(*waiting):
            assert error.kind is FailureKind.TIMEOUT
            assert error.detail == (
                "no connection to this target became free within 0.5 s, "
                "so nothing was sent (TIDINGS_CONNECTIONS_PER_HOST)"
            )
        assert busy.accepted == 2
        for error in await asyncio.gather(*holding):
            assert error.detail == "no complete answer within 1 s"
        await no_answer(client, busy.url(), timeout=0.2)
        assert busy.accepted == 3


async def test_without_a_limit_no_request_waits() -> None:
    """Each request is answered only after all have arrived."""
    all_have_come = asyncio.Barrier(30)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(HELLO)
        await all_have_come.wait()
        writer.write(ANSWER)

    async with receiving(answer) as receiver, new_guarded_client() as client:
        await asyncio.gather(*(post(client, receiver.url()) for _ in range(30)))
    assert receiver.most_open == receiver.accepted == 30


async def test_a_connection_is_kept_for_the_next_request(client: httpx.AsyncClient) -> None:
    async with receiving(Recorder()) as receiver:
        for _ in range(5):
            assert (await post(client, receiver.url())).status_code == 200
    assert receiver.accepted == 1


async def test_a_connection_that_was_idle_for_long_is_not_used(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many servers close one after 5 s. A request that is sent at that moment is lost."""
    async with receiving(Recorder()) as receiver:
        await post(client, receiver.url())
        now = time.monotonic()
        for idle, connections in ((3.5, 1), (3.9, 1), (4.1, 2)):
            now += idle
            monkeypatch.setattr("aiohttp.connector.monotonic", partial(float, now))
            await post(client, receiver.url())
            assert receiver.accepted == connections


async def test_a_connection_closed_by_the_receiver_costs_no_attempt(
    client: httpx.AsyncClient, sockets: list[socket.socket]
) -> None:
    """The receiver does not announce it. Each request follows the last answer at once."""

    async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(HELLO)
        writer.write(ANSWER)

    async with receiving(answer_once) as receiver:
        for count in range(1, 20):
            assert (await post(client, receiver.url())).status_code == 200
            assert receiver.accepted == count
            await until(partial(all_closed, sockets))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
async def test_a_connection_closed_on_a_request_costs_one_attempt(
    client: httpx.AsyncClient, method: str
) -> None:
    """The request may have been read, so only the schedule may repeat it."""

    async def hang_up_on_the_second(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.readuntil(HELLO)
        writer.write(ANSWER)
        await reader.readuntil(HELLO)

    async with receiving(hang_up_on_the_second) as receiver:
        assert (await post(client, receiver.url(), method=method)).status_code == 200
        error = await no_answer(client, receiver.url(), method=method)
        assert error.kind is FailureKind.PROTOCOL
        assert error.detail == "the connection was lost before the answer was complete"
        assert receiver.accepted == 1
        assert (await post(client, receiver.url(), method=method)).status_code == 200
    assert receiver.accepted == 2


async def test_an_unrequested_answer_is_not_taken_for_the_next(
    client: httpx.AsyncClient, sockets: list[socket.socket]
) -> None:
    """On a kept connection, it would acknowledge the next notification."""
    answered = asyncio.Event()
    bodies = iter([b"old", b"new"])

    async def answer_twice(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(HELLO)
        writer.write(OK + b"Content-Length: 3\r\n\r\n" + next(bodies))
        await answered.wait()
        writer.write(ANSWER)
        await silence(reader, writer)

    async with receiving(answer_twice) as receiver:
        assert (await post(client, receiver.url())).status_code == 200
        answered.set()
        await until(lambda: all_closed(sockets))
        answered.clear()
        assert (await post(client, receiver.url())).body == b"new"
    assert receiver.accepted == 2


@pytest.mark.parametrize(
    "answer",
    [b"", OK, ANSWER, OK + b"Content-Length: 70000\r\n\r\n" + b"x" * 69_000],
    ids=["none", "half", "at once", "too long"],
)
async def test_what_the_receiver_does_not_read_is_dropped(
    client: httpx.AsyncClient, sockets: list[socket.socket], answer: bytes
) -> None:
    """Otherwise request and socket would stay for ever. The connection is not used again."""
    deaf = socket.create_server(("127.0.0.1", 0))
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1000)  # as on a real network
    deaf.settimeout(0)  # for sock_accept()
    accepted: list[socket.socket] = []

    async def answer_all() -> None:
        while True:
            connection, _ = await asyncio.get_running_loop().sock_accept(deaf)
            accepted.append(connection)
            await asyncio.get_running_loop().sock_sendall(connection, answer)

    answering = asyncio.create_task(answer_all())
    for count in (1, 2):
        with suppress(NoAnswerError):
            url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
            await post(client, url, timeout=0.3, content=b"x" * MIB)
        await until(partial(all_closed, sockets))
        assert (len(accepted), len(sockets)) == (count, count)
    answering.cancel()
    for each in (deaf, *accepted):
        each.close()
