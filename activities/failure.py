"""Why there was no answer: a kind and a sentence for whatever goes wrong in an exchange."""

import logging
import os
import re
import ssl
import traceback
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import aiohttp
import aiohttp.http_exceptions
import httpx

from activities.transport import MAX_RECEIVED, Connecting, EgressRefusedError, Stage
from activities.url import authority
from tidings.state import FailureKind

logger = logging.getLogger("tidings.http")

_MAX_DETAIL: Final = 300
_FOREIGN: Final = (
    TimeoutError,
    UnicodeError,
    httpx.HTTPError,
    httpx.InvalidURL,
    aiohttp.ClientError,
)
"""What the network and the other side can cause; anything else is a bug on this side."""
_QUERY: Final = re.compile(r"\?[^\s']+")
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_PROXY_ERROR: Final = re.compile(r";\s*error=([A-Za-z0-9_*:/.\-]+)")
"""RFC 9209 section 2.1.1; the parameter is a token."""


class NoAnswerError(Exception):
    """There was no complete answer: of what kind that failure is, and one sentence on it."""

    def __init__(self, kind: FailureKind, detail: str) -> None:
        detail = " ".join("".join(_printable(detail)).split())[:_MAX_DETAIL]
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


def no_answer(error: Exception, timeout: timedelta, how: Connecting | None) -> NoAnswerError:
    """Names what went wrong; ``how`` tells how the request came by its connection, if known.

    Messages that hold the URL are not passed on, because its query may hold a secret.
    """
    if not isinstance(error, _FOREIGN):
        _log_bug(error)
        return NoAnswerError(
            FailureKind.INTERNAL, f"our HTTP client failed: {type(error).__name__}"
        )
    is_own = isinstance(error, TimeoutError | EgressRefusedError)
    # The transport tells a lost connection as httpx.ConnectTimeout, so that the cause decides.
    cause = error if is_own else error.__cause__ or error
    if how is not None and how.is_endless:
        kind, detail = FailureKind.PROTOCOL, f"more than {MAX_RECEIVED:,} bytes came as one answer"
    elif isinstance(cause, TimeoutError | httpx.TimeoutException):
        kind, detail = FailureKind.TIMEOUT, _too_late(timeout, how)
    else:
        kind, detail = _named(cause)
    # Until the target is reached all is the proxy's.
    if how is not None and how.proxy is not None and how.stage is Stage.CONNECTING:
        return NoAnswerError(FailureKind.PROXY, f"the proxy {how.proxy.authority} failed: {detail}")
    return NoAnswerError(kind, detail)


def proxy_answer(status_code: int, headers: Mapping[str, str]) -> NoAnswerError | None:
    """What to make of an answer that a proxy gave in the place of the target.

    Without a tunnel both speak on the same connection, so that only what the proxy marks as its
    own is known to be: 407 (RFC 9110), ``Proxy-Status`` with an error (RFC 9209), and what Squid
    adds to its error pages.
    """
    why = _why_of_proxy(status_code, headers)
    if why is None:
        return None
    return NoAnswerError(FailureKind.PROXY, f"the proxy answered {status_code}: {why}")


def _why_of_proxy(status_code: int, headers: Mapping[str, str]) -> str | None:
    if status_code == 407:
        return "it wants a user and a password (TIDINGS_PROXY)"
    # The last member of the list is the proxy's own; the others are of what is behind it.
    member = _QUOTED.sub("", headers.get("proxy-status", "")).rpartition(",")[2]
    if error := _PROXY_ERROR.search(member):
        return error[1]
    return headers.get("x-squid-error")


def _too_late(timeout: timedelta, how: Connecting | None) -> str:
    within = f"within {timeout.total_seconds():g} s"
    match how.stage if how is not None else None:
        case Stage.QUEUED:
            return (
                f"none of the connections to this target became free {within}, "
                "so nothing was sent (TIDINGS_CONNECTIONS_PER_HOST)"
            )
        case Stage.CONNECTING | Stage.IN_TUNNEL:
            return f"no connection {within}"
        case _:
            return f"no complete answer {within}"


def _named(cause: BaseException) -> tuple[FailureKind, str]:  # noqa: C901, PLR0911, PLR0912 -- a table
    match cause:
        case EgressRefusedError():
            return FailureKind.EGRESS_REFUSED, f"{cause}"
        case httpx.InvalidURL() | httpx.LocalProtocolError() | aiohttp.InvalidURL():
            return FailureKind.BAD_TARGET, "the target is no URL that can be requested"
        case httpx.UnsupportedProtocol() | aiohttp.NonHttpUrlClientError():
            return FailureKind.BAD_TARGET, "the target is neither http nor https"
        case UnicodeError():
            return FailureKind.BAD_TARGET, "the target's host is no valid name"
        case aiohttp.ClientHttpProxyError(status=status, headers=headers):
            why = _why_of_proxy(status, headers or {}) or "it leads to no such target"
            return FailureKind.PROXY, f"it answered {status}: {why}"
        case aiohttp.ClientConnectorCertificateError() as untrusted:
            where = authority(untrusted.host, untrusted.port)
            return FailureKind.CONNECTION, f"cannot trust {where}: {untrusted.certificate_error}"
        case aiohttp.ClientConnectorError() as refused:
            # Numbers of the system have a text of their own; those of TLS and of DNS do not.
            number = refused.errno or 0
            is_system = number > 0 and not isinstance(refused.os_error, ssl.SSLError)
            # A peer that hangs up during the handshake leaves neither.
            why = os.strerror(number) if is_system else refused.strerror or "it hung up"
            where = authority(refused.host, refused.port)
            return FailureKind.CONNECTION, f"cannot connect to {where}: {why}"
        case aiohttp.ClientConnectionError(__cause__=TypeError(__context__=Exception() as why)):
            # asyncio of Python 3.11 stumbles over whatever ends TLS in the TLS of a proxy.
            return FailureKind.CONNECTION, f"no TLS with the target: {str(why) or 'it hung up'}"
        case httpx.ConnectError():
            return FailureKind.CONNECTION, f"cannot connect: {cause}"
        case aiohttp.http_exceptions.HttpProcessingError() as garbled:
            told = _QUERY.sub("?…", garbled.message)  # some answer with what they were asked
            return FailureKind.PROTOCOL, f"the answer is not valid HTTP: {told}"
        case aiohttp.ClientPayloadError(
            __cause__=aiohttp.http_exceptions.HttpProcessingError() as cut
        ):
            return FailureKind.PROTOCOL, f"the connection was lost: {cut.message}"
        case aiohttp.ServerDisconnectedError():  # its message may be half of an answer
            return FailureKind.PROTOCOL, "the connection was lost before the answer was complete"
        case _:
            told = type(cause).__name__ if "://" in str(cause) else str(cause)
            return FailureKind.PROTOCOL, f"the connection was lost: {told}"


def _log_bug(error: Exception) -> None:
    """Where it happened; not its message, which may hold anything, a secret included."""
    frames = traceback.extract_tb(error.__traceback__)
    logger.error(
        "delivery.failed_by_itself",
        extra={
            "error": type(error).__name__,
            "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
        },
    )


def _printable(text: str) -> list[str]:
    return [char if char.isprintable() or char.isspace() else "·" for char in text]
