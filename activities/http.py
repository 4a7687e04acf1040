"""The HTTP client: one bounded exchange with a target, and a name for whatever goes wrong."""

import asyncio
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

import tidings
from tidings.retry import LONGEST_INTERVAL
from tidings.state import FailureKind

MAX_BODY_READ: Final = 64 * 1024
"""The most of an answer's body that is read, in bytes."""

_DNS_CACHE_SECONDS: Final = 10
_MAX_DETAIL: Final = 500


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a target sent back."""

    status_code: int
    body: bytes
    """At most ``MAX_BODY_READ`` bytes, as they came over the wire."""
    truncated: bool
    """Whether the target sent more than ``body``."""
    retry_after: str | None
    """The header of that name, as it came."""


class NoAnswerError(Exception):
    """There was no complete answer: of what kind that failure is, and one sentence on it."""

    def __init__(self, kind: FailureKind, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


def new_client() -> httpx.AsyncClient:
    """A client for many targets at once.

    It runs httpx over aiohttp's connection pool, whose cost does not grow with the number of
    connections. The worker bounds the concurrency, so the pool does not: a full pool would make
    one target wait for another. Proxy settings of the environment are not used.
    """
    return httpx.AsyncClient(
        transport=AiohttpTransport(
            client=lambda: aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0, ttl_dns_cache=_DNS_CACHE_SECONDS, enable_cleanup_closed=True
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
            )
        ),
        headers={"user-agent": f"tidings/{tidings.__version__}", "accept-encoding": "identity"},
        timeout=None,  # noqa: S113 -- exchange() bounds the whole exchange instead
        follow_redirects=False,
        trust_env=False,
    )


async def exchange(
    client: httpx.AsyncClient,
    *,
    method: str,
    url: str,
    headers: Mapping[str, str],
    content: bytes,
    timeout: timedelta,
) -> Answer:
    """Sends one request and reads its answer, within ``timeout`` for all of it together.

    Raises ``NoAnswerError``.
    """
    try:
        async with asyncio.timeout(timeout.total_seconds()):
            request = client.build_request(method, url, headers=headers, content=content)
            return await _read(await client.send(request, stream=True))
    except (TimeoutError, httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError) as error:
        kind = _kind(error)
        if kind is FailureKind.TIMEOUT:
            detail = f"no complete answer within {timeout.total_seconds():g} s"
        else:
            detail = _detail(error)
        raise NoAnswerError(kind, detail) from error


def parse_retry_after(header: str | None, now: datetime) -> timedelta | None:
    """What ``Retry-After`` asks for (RFC 9110 section 10.2.3); ``None`` if it cannot be read."""
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:12]), LONGEST_INTERVAL.total_seconds()))
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:  # "-0000": RFC 9110 has such dates be in UTC
        moment = moment.replace(tzinfo=UTC)
    return max(moment - now, timedelta(0))


async def _read(response: httpx.Response) -> Answer:
    body = bytearray()
    try:
        # Raw bytes: a small compressed body can hold gigabytes, and we ask for none.
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > MAX_BODY_READ:
                break
    finally:
        await response.aclose()
    return Answer(
        status_code=response.status_code,
        body=bytes(body[:MAX_BODY_READ]),
        truncated=len(body) > MAX_BODY_READ,
        retry_after=response.headers.get("retry-after"),
    )


def _kind(error: Exception) -> FailureKind:
    causes = list(_causes(error))
    if any(isinstance(cause, aiohttp.ClientConnectorError | ssl.SSLError) for cause in causes):
        return FailureKind.CONNECTION
    match error:
        case TimeoutError() | httpx.TimeoutException():
            return FailureKind.TIMEOUT
        case httpx.UnsupportedProtocol() | httpx.InvalidURL() | httpx.LocalProtocolError():
            return FailureKind.BAD_TARGET
        case aiohttp.InvalidURL():
            return FailureKind.BAD_TARGET
        case httpx.ConnectError():
            return FailureKind.CONNECTION
        case _:
            return FailureKind.PROTOCOL


def _detail(error: Exception) -> str:
    for cause in _causes(error):
        if isinstance(cause, aiohttp.ClientConnectorError):
            # Name look-ups fail with negative numbers of their own, which have no strerror.
            number = cause.errno or 0
            why = os.strerror(number) if number > 0 else cause.strerror
            return f"cannot connect to {cause.host}:{cause.port}: {why}"
    return str(error)[:_MAX_DETAIL] or type(error).__name__


def _causes(error: BaseException) -> list[BaseException]:
    causes = [error]
    while (cause := causes[-1].__cause__) is not None and cause not in causes:
        causes.append(cause)
    return causes
