"""One exchange with real sockets on loopback, whatever the other side does."""

import asyncio
import time
from datetime import timedelta

import httpx
import pytest

from activities.http import Answer, exchange
from tidings import FailureKind

from .receiver import OK, listening, no_answer, post, receiving, replying, silence


async def test_an_answer_is_told_as_it_came(client: httpx.AsyncClient) -> None:
    reply = replying(OK, b"Retry-After: 7\r\nContent-Length: 2\r\n\r\nok")
    async with listening(reply) as url:
        answer = await post(client, url)
    assert answer == Answer(status_code=200, body=b"ok", truncated=False, retry_after="7")


async def test_a_request_has_our_headers_and_asks_for_no_compression(
    client: httpx.AsyncClient,
) -> None:
    seen = asyncio.Queue[bytes]()

    async def record(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await seen.put(await reader.readuntil(b"\r\n\r\n") + await reader.readexactly(5))
        writer.write(OK + b"Content-Length: 0\r\n\r\n")

    async with listening(record) as url:
        await post(client, url)
    head, _, body = seen.get_nowait().partition(b"\r\n\r\n")
    lines = head.decode().lower().split("\r\n")
    assert lines[0] == "post /path?token=s3cret http/1.1"
    assert "x-mine: 1" in lines
    assert "accept-encoding: identity" in lines
    assert [line for line in lines if line.startswith("user-agent: tidings/")]
    assert body == b"hello"


@pytest.mark.parametrize(
    "path",
    ["/", "/a%2Fb/%7e/%C3%A9//c", "/p?a=%2F&b=%3D+%20&c", "/p?sign=x%2f%2B%3d/"],
)
async def test_a_url_is_requested_as_it_is_written(client: httpx.AsyncClient, path: str) -> None:
    """Some targets sign or compare what they were asked for, byte for byte."""
    seen = asyncio.Queue[bytes]()

    async def record(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await seen.put(await reader.readline())
        writer.write(OK + b"Content-Length: 0\r\n\r\n")

    async with listening(record) as url:
        await post(client, url.partition("/path")[0] + path)
    assert seen.get_nowait().decode() == f"POST {path} HTTP/1.1\r\n"


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
    async with listening(replying(head, b"Content-Length: 2\r\n\r\nok")) as url:
        answer = await post(client, url)
    assert answer == Answer(status_code=200, body=b"ok", truncated=False, retry_after=None)


@pytest.mark.parametrize(
    ("reply", "fragment"),
    [
        (b"no HTTP at all\r\n\r\n", "not valid HTTP"),
        (b"HTTP/1.1 99999 OK\r\n\r\n", "not valid HTTP"),
        (OK + b"X: " + b"y" * 100_000 + b"\r\n\r\n", "not valid HTTP"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nabc", "not valid HTTP"),
        (OK + b"Content-Length: 100\r\n\r\nabc", "connection was lost"),
        (b"", "connection was lost"),
    ],
    ids=["garbage", "status", "huge header", "bad chunk", "half a body", "nothing"],
)
async def test_what_is_not_http_is_a_protocol_failure(
    client: httpx.AsyncClient, reply: bytes, fragment: str
) -> None:
    async with listening(replying(reply)) as url:
        error = await no_answer(client, url)
    assert error.kind is FailureKind.PROTOCOL
    assert fragment in error.detail


async def test_a_reset_connection_is_a_protocol_failure(client: httpx.AsyncClient) -> None:
    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.transport.abort()

    async with listening(reset) as url:
        assert (await no_answer(client, url)).kind is FailureKind.PROTOCOL


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
    """And not followed; a Location that is no URL must not end the deliveries as a bad target."""
    head = b"HTTP/1.1 307 Go\r\nLocation: " + location + b"\r\nContent-Length: 2\r\n\r\nno"
    async with receiving(replying(head)) as receiver:
        answer = await post(client, receiver.url())
    assert answer == Answer(status_code=307, body=b"no", truncated=False, retry_after=None)
    assert receiver.accepted == 1


async def test_a_closed_port_is_a_connection_failure(client: httpx.AsyncClient) -> None:
    async with listening(replying()) as url:
        pass
    error = await no_answer(client, url)
    assert error.kind is FailureKind.CONNECTION
    assert error.detail.endswith("Connection refused")


async def test_an_unknown_host_is_a_connection_failure(client: httpx.AsyncClient) -> None:
    error = await no_answer(client, "http://nobody.invalid/")
    assert error.kind is FailureKind.CONNECTION
    assert "nobody.invalid:80" in error.detail


async def test_tls_with_what_speaks_none_is_a_connection_failure(
    client: httpx.AsyncClient,
) -> None:
    async with listening(replying(b"plain text\r\n\r\n")) as url:
        error = await no_answer(client, url.replace("http:", "https:"), timeout=2)
    assert error.kind in (FailureKind.CONNECTION, FailureKind.TIMEOUT)


@pytest.mark.parametrize("url", ["http://xn--zzzzzz/", "http://a..b/", "http://x:x/", "http:///"])
async def test_what_cannot_be_requested_is_a_bad_target(
    client: httpx.AsyncClient, url: str
) -> None:
    assert (await no_answer(client, url)).kind is FailureKind.BAD_TARGET


async def test_many_targets_at_once_wait_for_none_that_is_slow(client: httpx.AsyncClient) -> None:
    """200 connections to a target that never answers; another answers at once all the same."""
    async with listening(silence) as slow, listening(replying(OK, b"\r\n")) as fast:
        waiting = [asyncio.create_task(no_answer(client, slow, timeout=3)) for _ in range(200)]
        await asyncio.sleep(0)
        began = time.monotonic()
        await post(client, fast, timeout=3)
        took = time.monotonic() - began
        await asyncio.gather(*waiting)
    assert took < 2


async def test_cookies_of_one_target_go_to_no_other_notification(
    client: httpx.AsyncClient,
) -> None:
    """Nor can one that is malformed break what is sent after it."""
    seen: list[bytes] = []

    async def bake(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        cookies = b"Set-Cookie: sid=1\r\nSet-Cookie: a\x01b=c\r\n"
        writer.write(OK + cookies + b"Connection: close\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    async with listening(bake) as url:
        for _ in range(3):
            assert (await post(client, url)).status_code == 200
    assert not [head for head in seen if b"cookie" in head.lower()]


async def test_a_request_without_a_body_names_no_content_type(client: httpx.AsyncClient) -> None:
    seen: list[bytes] = []

    async def record(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(OK + b"Content-Length: 0\r\n\r\n")
        await writer.drain()

    async with listening(record) as url:
        await exchange(
            client, method="POST", url=url, headers={}, content=b"", timeout=timedelta(seconds=5)
        )
    assert b"content-type" not in seen[0].lower()
    assert b"content-length: 0" in seen[0].lower()
