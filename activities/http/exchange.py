"""One bounded exchange with a target."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final

import httpx

import tidings
from activities.http.failure import (
    NoAnswerError,
    from_bug,
    from_httpx,
    from_proxy_answer,
    timed_out,
)
from activities.http.progress import EXTENSION, Progress
from activities.request import Request
from tidings.fields.retry import LONGEST_INTERVAL
from tidings.state import FailureKind, cause

MAX_BODY_READ: Final = 64 * 1024
"""The most bytes of an answer's body that are read."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer of a target."""

    status_code: int
    body: bytes
    """At most ``MAX_BODY_READ`` bytes, as they came over the wire."""
    truncated: bool
    """True if the target sent more than ``body``."""
    retry_after: str | None
    """The header of that name, as it came."""
    content_type: str | None = None
    """The header of that name, as it came; it may declare the charset of ``body``."""
    content_encoding: str | None = None
    """The header of that name, as it came; ``body`` is still encoded."""


def new_client(transport: httpx.AsyncBaseTransport) -> httpx.AsyncClient:
    """A client for many targets at once, which neither follows redirects nor keeps cookies."""
    return httpx.AsyncClient(
        transport=transport,
        # httpx has a jar of its own. A target's cookie must not go with another notification.
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
        headers={"User-Agent": f"tidings/{tidings.__version__}", "Accept-Encoding": "identity"},
        timeout=None,  # noqa: S113 -- exchange() bounds the whole exchange instead
        follow_redirects=False,
        event_hooks={"response": [_forget_location]},
        trust_env=False,
    )


async def exchange(client: httpx.AsyncClient, request: Request) -> Answer:
    """Sends one request and reads its answer, all within the timeout of the request.

    Raises ``NoAnswerError``.
    """
    progress = Progress()
    try:
        async with asyncio.timeout(request.timeout.total_seconds()):
            sent = client.build_request(
                request.method,
                request.url,
                headers=request.headers,
                content=request.content,
                extensions={EXTENSION: progress},
            )
            return await _read(await client.send(sent, stream=True), progress)
    except NoAnswerError:
        raise
    # Causes are left out: they may hold the target's query or the proxy's password.
    except TimeoutError:
        raise timed_out(request.timeout, progress) from None
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise from_httpx(error) from None
    except Exception as error:  # noqa: BLE001 -- a bug of ours fails this attempt only
        raise from_bug(error) from None


def parse_retry_after(header: str | None, now: datetime) -> timedelta | None:
    """The delay that ``Retry-After`` asks for (RFC 9110 section 10.2.3).

    ``None`` if there is no such header, or if it cannot be read.
    """
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        digits = text[:12]  # int() refuses thousands of them
        return timedelta(seconds=min(int(digits), LONGEST_INTERVAL.total_seconds()))
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:  # "-0000", which RFC 9110 takes for UTC
        moment = moment.replace(tzinfo=UTC)
    return max(moment - now, timedelta(0))


async def _forget_location(response: httpx.Response) -> None:
    """Removes ``Location``. httpx parses it even if it follows no redirect, and may fail."""
    response.headers.pop("Location", None)


async def _read(response: httpx.Response, progress: Progress) -> Answer:
    body = bytearray()
    try:
        if progress.proxy is not None and response.request.url.scheme == "http":
            failure = from_proxy_answer(response.status_code, response.headers)
            if failure is not None:
                raise failure
        if not 200 <= response.status_code <= 599:
            raise NoAnswerError(
                FailureKind.PROTOCOL,
                f"answered with status {response.status_code}, which is not one of 200 to 599",
                cause.NOT_HTTP,
            )
        # Raw bytes: a small compressed body can hold gigabytes, and none was asked for.
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
        retry_after=response.headers.get("Retry-After"),
        content_type=response.headers.get("Content-Type"),
        content_encoding=response.headers.get("Content-Encoding"),
    )
