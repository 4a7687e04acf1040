"""One bounded exchange with a target."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final

import httpx

import tidings
from activities.http.connection import connecting
from activities.http.failure import NoAnswerError, no_answer, proxy_answer
from activities.request import Request
from tidings.fields.retry import LONGEST_INTERVAL
from tidings.state import FailureKind

MAX_BODY_READ: Final = 64 * 1024
"""The most of an answer's body that is read, in bytes."""


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
    content_encoding: str | None = None
    """The header of that name, as it came; ``body`` is still encoded."""


def new_client(transport: httpx.AsyncBaseTransport) -> httpx.AsyncClient:
    """A client for many targets at once, which neither follows redirects nor keeps cookies."""
    return httpx.AsyncClient(
        transport=transport,
        # httpx has a jar of its own: what one target sets must not go with another notification.
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
        headers={"user-agent": f"tidings/{tidings.__version__}", "accept-encoding": "identity"},
        timeout=None,  # noqa: S113 -- exchange() bounds the whole exchange instead
        follow_redirects=False,
        event_hooks={"response": [_forget_location]},
        trust_env=False,
    )


async def exchange(client: httpx.AsyncClient, request: Request) -> Answer:
    """Sends one request and reads its answer, all within the timeout of the request.

    Raises ``NoAnswerError``.
    """
    sent = None
    try:
        async with asyncio.timeout(request.timeout.total_seconds()):
            sent = client.build_request(
                request.method, request.url, headers=request.headers, content=request.content
            )
            return await _read(await client.send(sent, stream=True))
    except NoAnswerError:
        raise
    except Exception as error:  # noqa: BLE001 -- of which no_answer() tells what is a bug
        # A target must not be able to stop its own deliveries by a bug that it has found in us.
        how = connecting(sent) if sent is not None else None
        # Nothing is to show the cause: it may hold the target's query or the proxy's password.
        raise no_answer(error, request.timeout, how) from None


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


async def _forget_location(response: httpx.Response) -> None:
    """Else httpx works out where a redirect leads, and fails on what is no URL."""
    response.headers.pop("location", None)


async def _read(response: httpx.Response) -> Answer:
    how = connecting(response.request)
    body = bytearray()
    try:
        if how is not None and how.proxy is not None and response.request.url.scheme == "http":
            failure = proxy_answer(response.status_code, response.headers)
            if failure is not None:
                raise failure
        if not 200 <= response.status_code <= 599:
            detail = f"answered with status {response.status_code}, which ends no exchange"
            raise NoAnswerError(FailureKind.PROTOCOL, detail)
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
        content_encoding=response.headers.get("content-encoding"),
    )
