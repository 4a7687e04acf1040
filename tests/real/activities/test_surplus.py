"""Answers that are complete, with bytes behind them."""

import asyncio
import socket
from functools import partial
from itertools import pairwise
from typing import Final

import httpx
import pytest

from activities.http.exchange import Answer
from tests.support.proxy import ForwardProxy, sending_through
from tests.support.raw_receiver import (
    END_OF_HEAD,
    OK,
    Behaviour,
    Recorder,
    no_answer,
    post,
    receiving,
    replying,
    silence,
)
from tests.support.until import until
from tidings import FailureKind

LENGTH: Final = b"Content-Length: 2\r\n"
CHUNKED: Final = b"Transfer-Encoding: chunked\r\n"
NO_CONTENT: Final = b"HTTP/1.1 204 No Content\r\n"
NOT_MODIFIED: Final = b"HTTP/1.1 304 Not Modified\r\n"
BLANK: Final = b"\r\n\r\n\n\n"
ANOTHER: Final = b"HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno"

COMPLETE: Final = {
    "204": (NO_CONTENT + b"\r\n", 204, b""),
    "204 with a length": (NO_CONTENT + LENGTH + b"\r\n", 204, b""),
    "204 in chunks": (NO_CONTENT + CHUNKED + b"\r\n", 204, b""),
    "304": (NOT_MODIFIED + b"\r\n", 304, b""),
    "304 with a length": (NOT_MODIFIED + LENGTH + b"\r\n", 304, b""),
    "205": (b"HTTP/1.1 205 Reset Content\r\n" + LENGTH + b"\r\nok", 205, b"ok"),
    "no body": (OK + b"Content-Length: 0\r\n\r\n", 200, b""),
    "length": (OK + LENGTH + b"\r\nok", 200, b"ok"),
    "blank lines": (OK + b"Content-Length: 6\r\n\r\n" + BLANK, 200, BLANK),
    "chunks": (OK + CHUNKED + b"\r\n2\r\nok\r\n0\r\n\r\n", 200, b"ok"),
    "no chunk": (OK + CHUNKED + b"\r\n0\r\n\r\n", 200, b""),
    "blank lines in a chunk": (
        OK + CHUNKED + b"\r\n6\r\n" + BLANK + b"\r\n0\r\n\r\n",
        200,
        BLANK,
    ),
    "trailer": (OK + CHUNKED + b"\r\n2\r\nok\r\n0\r\nX: y\r\n\r\n", 200, b"ok"),
    "bare line feeds": (b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok", 200, b"ok"),
    "after 103": (b"HTTP/1.1 103 Hints\r\nA: b\r\n\r\n" + OK + LENGTH + b"\r\nok", 200, b"ok"),
    "refused": (b"HTTP/1.1 404 Not Found\r\n" + LENGTH + b"\r\nno", 404, b"no"),
}
"""Answers that are complete: their bytes, status and body."""

SURPLUS: Final = {
    "body": b"ok",
    "garbage": b"\x00\xff garbage",
    "line": b"\r\n",
    "another answer": ANOTHER,
    "another status line": b"HTTP/1.1 500 No\r\n",
    "half a status line": b"HTTP/1.1 5",
    "a chunk": b"2\r\nok\r\n0\r\n\r\n",
    "much": b"x" * 100_000,
}
"""Bytes behind an answer."""

named_answers = pytest.mark.parametrize(
    ("answer", "status", "body"), COMPLETE.values(), ids=COMPLETE
)


def sending(*packets: bytes) -> Behaviour:
    """Answers a request with these packets, then waits for the client to hang up."""

    async def send(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(END_OF_HEAD + b"hello")
        for packet in packets:
            writer.write(packet)
            await writer.drain()
            await asyncio.sleep(0.002)  # so that the client reads them one by one
        await silence(reader, writer)

    return send


def all_closed(sockets: list[socket.socket]) -> bool:
    return all(each.fileno() == -1 for each in sockets)


def is_right(answer: Answer, status: int, body: bytes) -> bool:
    return (answer.status_code, answer.body, answer.truncated) == (status, body, False)


@named_answers
async def test_case_4_bytes_behind_an_answer_change_nothing(
    client: httpx.AsyncClient, sockets: list[socket.socket], answer: bytes, status: int, body: bytes
) -> None:
    """They come in one packet with the answer. The connection is closed and not used again."""
    for surplus in SURPLUS.values():
        async with receiving(sending(answer + surplus)) as receiver:
            for count in (1, 2):
                assert is_right(await post(client, receiver.url()), status, body), surplus
                await until(partial(all_closed, sockets))
                assert receiver.accepted == count


@named_answers
async def test_case_4_packets_do_not_matter(
    client: httpx.AsyncClient, sockets: list[socket.socket], answer: bytes, status: int, body: bytes
) -> None:
    """The answer and the bytes behind it are cut into two packets at each place, and into bytes."""
    stream = answer + b"ok"
    ways = [[stream[:cut], stream[cut:]] for cut in range(1, len(stream))]
    ways.append([stream[start:end] for start, end in pairwise(range(len(stream) + 1))])
    for packets in ways:
        async with receiving(sending(*packets)) as receiver:
            assert is_right(await post(client, receiver.url()), status, body)
            await until(partial(all_closed, sockets))


@named_answers
async def test_case_4_without_surplus_a_connection_is_kept(
    client: httpx.AsyncClient, answer: bytes, status: int, body: bytes
) -> None:
    async with receiving(Recorder(answer=answer)) as receiver:
        for _ in range(3):
            assert is_right(await post(client, receiver.url()), status, body)
    assert receiver.accepted == 1


async def test_case_4_a_large_answer_with_surplus_is_judged(client: httpx.AsyncClient) -> None:
    """It is larger than the buffers, so that parsing pauses within it."""
    body = b"x" * 60_000
    chunks = b"".join(
        b"%x\r\n%b\r\n" % (7_500, body[at : at + 7_500]) for at in range(0, 60_000, 7_500)
    )
    for answer in (
        OK + b"Content-Length: 60000\r\n\r\n" + body,
        OK + CHUNKED + b"\r\n" + chunks + b"0\r\n\r\n",
    ):
        async with receiving(sending(answer + ANOTHER)) as receiver:
            for count in (1, 2):
                assert is_right(await post(client, receiver.url()), 200, body)
                assert receiver.accepted == count


async def test_case_4_surplus_behind_an_early_answer(client: httpx.AsyncClient) -> None:
    """The request is still being sent when its refusal comes."""
    refusal = b"HTTP/1.1 413 Too Large\r\n" + LENGTH + b"\r\nno"

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(END_OF_HEAD)
        writer.write(refusal + b"surplus")
        await silence(reader, writer)

    async with receiving(refuse) as receiver:
        answer = await post(client, receiver.url(), content=b"x" * (1 << 20))
    assert is_right(answer, 413, b"no")


async def test_case_4_an_upgrade_is_not_an_answer(client: httpx.AsyncClient) -> None:
    upgrade = b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"
    async with receiving(sending(upgrade + b"more")) as receiver:
        error = await no_answer(client, receiver.url())
    assert error.kind is FailureKind.PROTOCOL
    assert "status 101" in error.detail


async def test_case_4_surplus_through_a_proxy() -> None:
    behaviour = replying(NO_CONTENT + LENGTH + b"\r\nok")
    async with sending_through(ForwardProxy(instead_of_forwarding=behaviour)) as client:
        assert is_right(await post(client, "http://orders.test/"), 204, b"")
