"""The HTTP client: one bounded exchange with a target, and a name for whatever goes wrong."""

import asyncio
import logging
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final, Self

import aiohttp
import aiohttp.http_exceptions
import httpx
from aiohttp.connector import Connection
from httpx_aiohttp import AiohttpTransport

import tidings
from tidings.retry import LONGEST_INTERVAL
from tidings.state import FailureKind

MAX_BODY_READ: Final = 64 * 1024
"""The most of an answer's body that is read, in bytes."""

logger = logging.getLogger("tidings.http")

_DNS_CACHE_SECONDS: Final = 10
_KEEP_ALIVE_SECONDS: Final = 4
"""Shorter than the 5 s of many servers: one that they have closed would cost an attempt."""

_MAX_DETAIL: Final = 200


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


class _ResponseWithoutReason(aiohttp.ClientResponse):
    """Drops the reason phrase: nothing reads it, and one that is not ASCII breaks the transport."""

    async def start(self, connection: Connection) -> Self:
        await super().start(connection)
        self.reason = None
        return self


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
                    limit=0,
                    ssl=httpx.create_ssl_context(),
                    ttl_dns_cache=_DNS_CACHE_SECONDS,
                    keepalive_timeout=_KEEP_ALIVE_SECONDS,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers={"content-type"},
                response_class=_ResponseWithoutReason,
                auto_decompress=False,
                trust_env=False,
            )
        ),
        # httpx has a jar of its own: what one target sets must not go with another notification.
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
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
    except (
        TimeoutError,
        UnicodeError,
        httpx.HTTPError,
        httpx.InvalidURL,
        aiohttp.ClientError,
    ) as error:
        raise _no_answer(error, timeout) from error
    except Exception as error:
        # A target must not be able to stop its own deliveries by a bug that it has found in us.
        logger.exception("delivery.failed_by_itself")
        detail = f"our HTTP client failed: {type(error).__name__}"
        raise NoAnswerError(FailureKind.INTERNAL, detail) from error


def parse_retry_after(header: str | None, now: datetime) -> timedelta | None:
    """What ``Retry-After`` asks for (RFC 9110 section 10.2.3); ``None`` if it cannot be read."""
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:12]), LONGEST_INTERVAL.total_seconds()))
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
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


def _no_answer(error: Exception, timeout: timedelta) -> NoAnswerError:
    """Names what went wrong.

    The cause decides: the transport tells a lost connection as ``httpx.ConnectTimeout``. Messages
    that hold the URL are not passed on, because its query may hold a secret.
    """
    kind = FailureKind.PROTOCOL
    match error if isinstance(error, TimeoutError) else error.__cause__ or error:
        case TimeoutError() | httpx.TimeoutException():
            kind = FailureKind.TIMEOUT
            detail = f"no complete answer within {timeout.total_seconds():g} s"
        case httpx.InvalidURL() | httpx.LocalProtocolError() | aiohttp.InvalidURL():
            kind, detail = FailureKind.BAD_TARGET, "the target is no URL that can be requested"
        case httpx.UnsupportedProtocol():
            kind, detail = FailureKind.BAD_TARGET, "the target is neither http nor https"
        case UnicodeError():
            kind, detail = FailureKind.BAD_TARGET, "the target's host is no valid name"
        case aiohttp.ClientConnectorError() as refused:
            # Numbers of the system have a text of their own; those of TLS and of DNS do not.
            number = refused.errno or 0
            is_system = number > 0 and not isinstance(refused.os_error, ssl.SSLError)
            why = os.strerror(number) if is_system else refused.strerror
            where = f"{refused.host}:{refused.port}"
            kind, detail = FailureKind.CONNECTION, f"cannot connect to {where}: {why}"
        case aiohttp.ClientConnectorCertificateError() as untrusted:
            where = f"{untrusted.host}:{untrusted.port}"
            kind = FailureKind.CONNECTION
            detail = f"cannot trust {where}: {untrusted.certificate_error}"
        case httpx.ConnectError():
            kind, detail = FailureKind.CONNECTION, f"cannot connect: {error}"
        case aiohttp.http_exceptions.HttpProcessingError() as garbled:
            detail = f"the answer is not valid HTTP: {garbled.message}"
        case lost:
            told = type(lost).__name__ if "://" in str(lost) else str(lost)
            detail = f"the connection was lost: {told}"
    return NoAnswerError(kind, " ".join(detail.split())[:_MAX_DETAIL])
