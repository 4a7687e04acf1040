"""One exchange over real sockets on loopback."""

import asyncio
import gzip
from datetime import timedelta

import httpx
import pytest

from activities.http.exchange import Answer, exchange
from activities.request import Request
from tests.support.raw_receiver import (
    OK,
    SIGNATURE,
    Recorder,
    no_answer,
    post,
    receiving,
    replying,
    silence,
)
from tests.support.until import until
from tidings import FailureKind


async def test_an_answer_is_returned_as_it_came(client: httpx.AsyncClient) -> None:
    reply = replying(OK, b"Retry-After: 7\r\nContent-Length: 2\r\n\r\nok")
    async with receiving(reply) as receiver:
        answer = await post(client, receiver.url())
    assert answer == Answer(status_code=200, body=b"ok", truncated=False, retry_after="7")
    assert answer.content_encoding is None


async def test_an_encoded_answer_is_left_as_it_came(client: httpx.AsyncClient) -> None:
    """No encoding was asked for. The header lets a person see why the body is not understood."""
    body = gzip.compress(b"success", mtime=0)
    head = OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body)
    async with receiving(replying(head, body)) as receiver:
        answer = await post(client, receiver.url())
    assert (answer.body, answer.content_encoding) == (body, "gzip")


async def test_the_content_type_is_returned_as_it_came(client: httpx.AsyncClient) -> None:
    """It may declare the charset of the body."""
    header = b"Content-Type: Text/Plain;  charset=GBK\r\nContent-Length: 2\r\n\r\nok"
    async with receiving(replying(OK, header)) as receiver:
        answer = await post(client, receiver.url())
    assert answer.content_type == "Text/Plain;  charset=GBK"


async def test_a_request_has_our_headers_and_asks_for_no_compression(
    client: httpx.AsyncClient,
) -> None:
    recorder = Recorder()
    async with receiving(recorder) as receiver:
        await post(client, receiver.url())
    (head,) = recorder.heads
    assert head[0] == "POST /path?token=s3cret HTTP/1.1"
    assert f"webhook-signature: {SIGNATURE}" in head
    assert "accept-encoding: identity" in head
    assert [line for line in head if line.startswith("user-agent: tidings/")]
    assert recorder.bodies == [b"hello"]


@pytest.mark.parametrize(
    "path",
    ["/", "/a%2Fb/%7e/%C3%A9//c", "/p?a=%2F&b=%3D+%20&c", "/p?sign=x%2f%2B%3d/"],
)
async def test_a_url_is_requested_as_it_is_written(client: httpx.AsyncClient, path: str) -> None:
    """Some targets sign or compare the URL byte for byte."""
    recorder = Recorder()
    async with receiving(recorder) as receiver:
        await post(client, receiver.url(path=path))
    assert recorder.heads[0][0] == f"POST {path} HTTP/1.1"


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 \xff\r\n",
        "HTTP/1.1 200 成功\r\n".encode(),
        "HTTP/1.1 200 成功\r\n".encode("gbk"),
        b"HTTP/1.1 200\r\n",
        OK + b"X-Message: \xff\r\nContent-Type: text/plain; charset=\xff\r\n",
    ],
    ids=["one byte", "utf-8", "gbk", "none", "headers"],
)
async def test_a_reason_phrase_is_never_read(client: httpx.AsyncClient, head: bytes) -> None:
    """It may hold any byte but a control character (RFC 9112 section 4)."""
    async with receiving(replying(head, b"Content-Length: 2\r\n\r\nok")) as receiver:
        answer = await post(client, receiver.url())
    assert (answer.status_code, answer.body, answer.truncated) == (200, b"ok", False)


async def test_a_reset_connection_is_a_protocol_failure(client: httpx.AsyncClient) -> None:
    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.transport.abort()

    async with receiving(reset) as receiver:
        assert (await no_answer(client, receiver.url())).kind is FailureKind.PROTOCOL


@pytest.mark.parametrize(
    "location",
    [
        b"/elsewhere",
        b"http://[::1",
        b"http://a:b/",
        b"http://xn--zzzz/",
        b"mailto:a@example.com",
        b"http://\xff/",
        b"http://a:99999999/",
        b"\xff\xfe",
        b"x" * 8000,
        b"",
    ],
    ids=lambda location: ascii(location)[:20],
)
async def test_a_redirect_is_an_answer_wherever_it_leads(
    client: httpx.AsyncClient, location: bytes
) -> None:
    """It is not followed. A Location that is not a URL must not count as a bad target."""
    head = b"HTTP/1.1 307 Go\r\nLocation: " + location + b"\r\nContent-Length: 2\r\n\r\nno"
    async with receiving(replying(head)) as receiver:
        answer = await post(client, receiver.url())
    assert answer == Answer(status_code=307, body=b"no", truncated=False, retry_after=None)
    assert receiver.accepted == 1


async def test_a_closed_port_is_a_connection_failure(client: httpx.AsyncClient) -> None:
    async with receiving(replying()) as receiver:
        pass
    error = await no_answer(client, receiver.url())
    assert error.kind is FailureKind.CONNECTION
    assert error.detail.endswith("Connection refused")


async def test_an_unknown_host_is_a_connection_failure(client: httpx.AsyncClient) -> None:
    error = await no_answer(client, "http://nobody.invalid/")
    assert error.kind is FailureKind.CONNECTION
    assert "nobody.invalid:80" in error.detail


@pytest.mark.parametrize("url", ["http://xn--zzzzzz/", "http://a..b/", "http://x:x/", "http:///"])
async def test_what_cannot_be_requested_is_a_bad_target(
    client: httpx.AsyncClient, url: str
) -> None:
    assert (await no_answer(client, url)).kind is FailureKind.BAD_TARGET


async def test_a_slow_target_delays_no_other(client: httpx.AsyncClient) -> None:
    """One target never answers 200 requests. Another answers at once all the same."""
    async with receiving(silence) as slow, receiving(Recorder()) as fast:
        waiting = [asyncio.create_task(post(client, slow.url(), timeout=60)) for _ in range(200)]
        await until(lambda: slow.open == len(waiting))
        assert (await post(client, fast.url())).status_code == 200
        assert not [task for task in waiting if task.done()]
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def test_cookies_of_one_target_go_to_no_other_notification(
    client: httpx.AsyncClient,
) -> None:
    """A malformed cookie does not break later requests either."""
    cookies = b"Set-Cookie: sid=1\r\nSet-Cookie: a\x01b=c\r\n"
    recorder = Recorder(answer=OK + cookies + b"Content-Length: 0\r\n\r\n")
    async with receiving(recorder) as receiver:
        for _ in range(3):
            assert (await post(client, receiver.url())).status_code == 200
    assert len(recorder.heads) == 3
    assert "cookie" not in f"{recorder.heads}"


async def test_a_request_without_a_body_names_no_content_type(client: httpx.AsyncClient) -> None:
    recorder = Recorder()
    async with receiving(recorder) as receiver:
        request = Request(
            method="POST",
            url=receiver.url(),
            headers={},
            content=b"",
            timeout=timedelta(seconds=5),
        )
        await exchange(client, request)
    (head,) = recorder.heads
    assert "content-length: 0" in head
    assert not [line for line in head if line.startswith("content-type:")]
