"""Answers with long heads."""

import ssl

import httpx
import pytest

from tests.support.proxy import ForwardProxy, sending_through
from tests.support.raw_receiver import (
    ANSWER,
    END_OF_HEAD,
    OK,
    Recorder,
    no_answer,
    post,
    receiving,
    replying,
)
from tidings import FailureKind

END = b"Content-Length: 2\r\n\r\nok"


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(OK + b"X: " + b"y" * 9_000 + b"\r\n", id="header of 9 KB"),
        pytest.param(OK + b"X: " + b"y" * 60_000 + b"\r\n", id="header of 60 KB"),
        pytest.param(OK + b"X: " + b"y" * 1_000_000 + b"\r\n", id="header of 1 MB"),
        pytest.param(OK + b"x" * 60_000 + b": y\r\n", id="name of 60 KB"),
        pytest.param(OK + b"X: 1\r\n" * 5_000, id="5,000 headers"),
        pytest.param(OK + (b"X: " + b"y" * 9_000 + b"\r\n") * 50, id="50 headers of 9 KB"),
        pytest.param(OK + b"X: 1\r\n" + b" folded\r\n" * 5_000, id="folded 5,000 times"),
        pytest.param(OK + b"Set-Cookie: a=b\r\n" * 200, id="200 cookies"),
        pytest.param(b"HTTP/1.1 200 " + b"y" * 60_000 + b"\r\n", id="reason of 60 KB"),
        pytest.param(
            b"HTTP/1.1 103 Hints\r\nX: " + b"y" * 60_000 + b"\r\n\r\n" + OK, id="hints of 60 KB"
        ),
    ],
)
async def test_case_5_a_long_head_is_read(client: httpx.AsyncClient, head: bytes) -> None:
    """The limits of aiohttp, 8,190 bytes and 128 headers, are made for servers."""
    async with receiving(Recorder(answer=head + END)) as receiver:
        for _ in range(2):
            answer = await post(client, receiver.url())
            assert (answer.status_code, answer.body) == (200, b"ok")
    assert receiver.accepted == 1


async def test_case_5_a_long_trailer_is_read(client: httpx.AsyncClient) -> None:
    chunks = b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX: " + b"y" * 60_000 + END_OF_HEAD
    async with receiving(replying(OK, chunks)) as receiver:
        assert (await post(client, receiver.url())).body == b"ok"


@pytest.mark.parametrize(
    ("head", "limit"),
    [
        pytest.param(OK + b"X: " + b"y" * (1 << 20), "1,048,576 bytes", id="header of 1 MiB"),
        pytest.param(b"HTTP/1.1 200 " + b"y" * (1 << 20), "1,048,576 bytes", id="reason of 1 MiB"),
        pytest.param(OK + b"X: 1\r\n" * 20_000, "16,384 lines", id="20,000 headers"),
    ],
)
async def test_case_5_a_head_beyond_all_bounds_names_them(
    client: httpx.AsyncClient, head: bytes, limit: str
) -> None:
    async with receiving(replying(head, b"\r\n", END)) as receiver:
        error = await no_answer(client, receiver.url())
    assert error.kind is FailureKind.PROTOCOL
    assert error.detail.startswith(f"more than {limit} came ")


async def test_case_5_a_proxy_may_answer_with_a_long_head(target_tls: ssl.SSLContext) -> None:
    """Its answer to CONNECT has the same limits."""
    established = b"HTTP/1.1 200 Established\r\nX: " + b"y" * 60_000 + END_OF_HEAD
    proxy = ForwardProxy(established=established)
    async with (
        receiving(replying(ANSWER), tls=target_tls) as at,
        sending_through(proxy) as client,
    ):
        assert (await post(client, f"https://orders.test:{at.port}/")).body == b"ok"
