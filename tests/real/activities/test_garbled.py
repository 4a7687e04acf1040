"""Answers that are no HTTP: each is a failure of its own, told in one line."""

import httpx
import pytest

from activities.http.failure import NoAnswerError
from tests.support.raw_receiver import OK, SECRET, no_answer, receiving, replying
from tidings import FailureKind

NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"
NOT_MODIFIED = b"HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n"


async def told(client: httpx.AsyncClient, reply: bytes) -> NoAnswerError:
    """The failure, whose detail has nothing that is for a terminal or for Python."""
    async with receiving(replying(reply)) as receiver:
        error = await no_answer(client, receiver.url())
    assert error.kind is FailureKind.PROTOCOL
    assert not error.detail.endswith("^")
    assert "bytearray(" not in error.detail
    assert " b'" not in error.detail
    assert ' b"' not in error.detail
    return error


@pytest.mark.parametrize(
    ("reply", "fragment"),
    [
        pytest.param(b"no HTTP at all\r\n\r\n", "'no HTTP at all'", id="garbage"),
        pytest.param(b"HTTP/1.1 99999 OK\r\n\r\n", "'HTTP/1.1 99999 OK'", id="status"),
        pytest.param(b'it\'s "so"\r\n\r\n', r"""'it\'s "so"'""", id="quotes"),
        pytest.param(b"it's so\r\n\r\n", '"it\'s so"', id="apostrophe"),
        pytest.param(b"\xff\x00\x1b[2J\r\n\r\n", r"'\xff\x00\x1b[2J'", id="not printable"),
        pytest.param(NO_CONTENT + b"ok", "'ok'", id="body behind a 204"),
        pytest.param(NOT_MODIFIED + b"ok", "'ok'", id="body behind a 304"),
        pytest.param(OK + b"X Y: 1\r\n\r\n", "'X Y: 1'", id="space in a name"),
        pytest.param(OK + b"X: " + b"y" * 100_000 + b"\r\n\r\n", "8190 bytes", id="huge header"),
        pytest.param(b"HTTP/1.1 200 " + b"y" * 9000 + b"\r\n\r\n", "8190 bytes", id="huge reason"),
        pytest.param(
            OK + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nabc", "chunk size: 'ZZ'", id="bad chunk"
        ),
    ],
)
async def test_what_is_not_http_is_told_in_a_line(
    client: httpx.AsyncClient, reply: bytes, fragment: str
) -> None:
    error = await told(client, reply)
    assert error.detail.startswith("the answer is not valid HTTP: ")
    assert fragment in error.detail


async def test_a_line_that_is_no_status_is_told_with_what_came(client: httpx.AsyncClient) -> None:
    assert (await told(client, NO_CONTENT + b"ok")).detail == (
        "the answer is not valid HTTP: Bad status line: Expected HTTP/, RTSP/ or ICE/: 'ok'"
    )


@pytest.mark.parametrize(
    "reply",
    [
        OK + b"Content-Length: 100\r\n\r\nabc",
        OK + b"Transfer-Encoding: chunked\r\n\r\n9\r\nab",
        b"",
    ],
    ids=["half a body", "half a chunk", "nothing"],
)
async def test_an_answer_that_ends_early_is_a_lost_connection(
    client: httpx.AsyncClient, reply: bytes
) -> None:
    assert (await told(client, reply)).detail.startswith("the connection was lost")


@pytest.mark.parametrize(
    "line",
    [
        f"GET /path?token={SECRET} HTTP/1.1",
        f"GET /path?a='b'&token={SECRET} HTTP/1.1",
        f"GET /path?a=\"b\"&token='{SECRET}' HTTP/1.1",
        f"?{SECRET}",
        f"'?{SECRET}'",
    ],
)
async def test_a_query_that_comes_back_is_not_told(client: httpx.AsyncClient, line: str) -> None:
    """Some answer with what they were asked."""
    assert "?…" in (await told(client, f"{line}\r\n\r\n".encode())).detail
