"""One exchange with real sockets on loopback, whatever the other side does."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest

from activities.http import MAX_BODY_READ, Answer, NoAnswerError, exchange, new_client
from tidings import FailureKind

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

OK = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with new_client() as client:
        yield client


@asynccontextmanager
async def listening(behaviour: Behaviour) -> AsyncIterator[str]:
    """The URL of a server that does what it is told to each connection."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await behaviour(reader, writer)
        except ConnectionError:
            pass  # that the client hangs up is what several tests are about
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/path?token=s3cret"


def replying(*parts: bytes) -> Behaviour:
    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"".join(parts))
        await writer.drain()

    return reply


async def post(client: httpx.AsyncClient, url: str, *, timeout: float = 5) -> Answer:
    return await exchange(
        client,
        method="POST",
        url=url,
        headers={"content-type": "text/plain", "x-mine": "1"},
        content=b"hello",
        timeout=timedelta(seconds=timeout),
    )


async def no_answer(client: httpx.AsyncClient, url: str, *, timeout: float = 5) -> NoAnswerError:
    with pytest.raises(NoAnswerError) as raised:
        await post(client, url, timeout=timeout)
    assert "s3cret" not in raised.value.detail
    assert "\n" not in raised.value.detail
    return raised.value


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


async def test_a_dripping_body_is_held_to_the_deadline(client: httpx.AsyncClient) -> None:
    """One byte every 50 ms, for ever: the attempt ends after its 500 ms."""

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK + b"Content-Length: 1000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b".")
            await writer.drain()
            await asyncio.sleep(0.05)

    async with listening(drip) as url:
        began = time.monotonic()
        error = await no_answer(client, url, timeout=0.5)
        took = time.monotonic() - began
    assert error.kind is FailureKind.TIMEOUT
    assert error.detail == "no complete answer within 0.5 s"
    assert 0.4 < took < 2


async def test_no_answer_at_all_is_a_timeout(client: httpx.AsyncClient) -> None:
    async def silence(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()  # until the client hangs up
        await reader.read()

    async with listening(silence) as url:
        assert (await no_answer(client, url, timeout=0.3)).kind is FailureKind.TIMEOUT


async def test_a_huge_body_is_read_no_further_than_the_limit(client: httpx.AsyncClient) -> None:
    written = 0

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal written
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK + b"Content-Length: 1000000000\r\n\r\n")
        for _ in range(1_000):
            writer.write(b"x" * 1_000_000)
            await writer.drain()
            written += 1_000_000

    async with listening(flood) as url:
        answer = await post(client, url)
    assert (len(answer.body), answer.truncated) == (MAX_BODY_READ, True)
    assert written < 50_000_000  # what the buffers of the two ends hold, and not a gigabyte


async def test_a_compressed_body_is_not_unpacked(client: httpx.AsyncClient) -> None:
    """A bomb of 64 KiB can hold gigabytes."""
    head = b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n"
    async with listening(replying(OK, head, b"\x1f\x8b\x08\x00")) as url:
        assert (await post(client, url)).body == b"\x1f\x8b\x08\x00"


async def test_a_redirect_is_an_answer_and_not_followed(client: httpx.AsyncClient) -> None:
    connections = 0

    async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 307 Go\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")

    async with listening(redirect) as url:
        assert (await post(client, url)).status_code == 307
    assert connections == 1


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

    async def silence(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()
        await reader.read()

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
