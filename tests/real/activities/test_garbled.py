"""Answers that are not HTTP: each is a failure with one line about it."""

import httpx
import pytest

from activities.http.failure import NoAnswerError
from tests.support.raw_receiver import OK, SECRET, no_answer, receiving, replying
from tidings import FailureKind


async def failure(client: httpx.AsyncClient, reply: bytes) -> NoAnswerError:
    """The failure, whose detail is fit for people: without carets and without Python's bytes."""
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
        pytest.param(OK + b"X Y: 1\r\n\r\n", "'X Y: 1'", id="space in a name"),
        pytest.param(
            OK + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nabc", "chunk size: 'ZZ'", id="bad chunk"
        ),
        pytest.param(
            OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nokZZ\r\n", "'okZZ'", id="bad second chunk"
        ),
    ],
)
async def test_an_answer_that_is_not_http_is_shown_in_a_line(
    client: httpx.AsyncClient, reply: bytes, fragment: str
) -> None:
    error = await failure(client, reply)
    assert error.detail.startswith("the answer is not valid HTTP: ")
    assert fragment in error.detail


async def test_a_bad_status_line_is_shown_with_what_came(client: httpx.AsyncClient) -> None:
    assert (await failure(client, b"ok\r\n\r\n")).detail == (
        "the answer is not valid HTTP: Bad status line: Expected HTTP/, RTSP/ or ICE/: 'ok'"
    )


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(OK + b"Content-Length: 100\r\n\r\nabc", id="half a body"),
        pytest.param(OK + b"Transfer-Encoding: chunked\r\n\r\n9\r\nab", id="half a chunk"),
        pytest.param(OK + b"Content-Len", id="half a head"),
        pytest.param(b"", id="nothing"),
    ],
)
async def test_an_answer_that_ends_early_is_a_lost_connection(
    client: httpx.AsyncClient, reply: bytes
) -> None:
    assert (await failure(client, reply)).detail.startswith("the connection was lost")


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
async def test_a_query_that_comes_back_is_not_shown(client: httpx.AsyncClient, line: str) -> None:
    """Some targets answer with the request."""
    assert "?…" in (await failure(client, f"{line}\r\n\r\n".encode())).detail
