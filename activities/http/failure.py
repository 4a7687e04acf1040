"""The failures of an exchange: a kind and one sentence for each."""

import errno
import logging
import os
import ssl
import traceback
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import aiohttp
import httpx
from aiohttp.http_exceptions import HttpProcessingError

from activities.http import foreign
from activities.http.progress import Progress, Stage
from activities.http.url import authority
from tidings.base.text import printable
from tidings.state import FailureKind, cause

logger = logging.getLogger("tidings.http")

AIOHTTP_ERRORS: Final = (
    aiohttp.ClientError,
    aiohttp.EofStream,
    HttpProcessingError,
    OSError,
    UnicodeError,
)
"""The exceptions that a target can cause in aiohttp. Any other exception is a bug on our side."""

_MAX_DETAIL: Final = 300
_MAX_PLACE: Final = 60


class NoAnswerError(Exception):
    """An exchange without a complete answer: the kind of failure, and one sentence about it.

    ``cause`` is a code that says more than the kind, see ``tidings.state.cause``.
    """

    def __init__(self, kind: FailureKind, detail: str, cause: str | None = None) -> None:
        detail = printable(" ".join(detail.split()))[:_MAX_DETAIL]
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.cause = cause


def from_aiohttp(error: Exception, progress: Progress) -> NoAnswerError:
    """The failure that an exception of ``AIOHTTP_ERRORS`` stands for.

    Messages that hold the target's URL are not passed on: its query may hold a secret.
    """
    if progress.refusals and not progress.permitted:
        return NoAnswerError(FailureKind.EGRESS_REFUSED, progress.refusals[0])
    if progress.excess is not None:
        return _blamed(FailureKind.PROTOCOL, progress.excess, progress, cause.NOT_HTTP)
    return _blamed(*_kind_and_detail(error, progress), progress, _cause(error, progress))


def timed_out(timeout: timedelta, progress: Progress) -> NoAnswerError:
    """The failure of a request that is at ``progress`` when its time is over."""
    within = f"within {timeout.total_seconds():g} s"
    match progress.stage:
        case Stage.QUEUED:
            detail = (
                f"no connection to this target became free {within}, "
                "so nothing was sent (TIDINGS_CONNECTIONS_PER_HOST)"
            )
        case Stage.CONNECTING | Stage.IN_TUNNEL:
            detail = f"no connection {within}"
        case Stage.PREPARING | Stage.CONNECTED:
            detail = f"no complete answer {within}"
    return _blamed(FailureKind.TIMEOUT, detail, progress)


def from_httpx(error: Exception) -> NoAnswerError:
    """The failure that httpx finds itself, or that a transport other than ours reports."""
    match error:
        case httpx.UnsupportedProtocol():
            return NoAnswerError(FailureKind.BAD_TARGET, "the target is neither http nor https")
        case UnicodeError():
            return NoAnswerError(FailureKind.BAD_TARGET, "the target's host is not a valid name")
        case httpx.InvalidURL() | httpx.LocalProtocolError():
            detail = "the target is not a URL that can be requested"
            return NoAnswerError(FailureKind.BAD_TARGET, detail)
        case httpx.TimeoutException():
            return NoAnswerError(FailureKind.TIMEOUT, "no complete answer in time")
        case httpx.ConnectError():
            return NoAnswerError(FailureKind.CONNECTION, f"cannot connect: {error}")
        case _:
            detail = f"the connection was lost: {type(error).__name__}"
            return NoAnswerError(FailureKind.PROTOCOL, detail)


def from_bug(error: Exception) -> NoAnswerError:
    """The failure for an unexpected exception.

    The log says where it happened. It does not hold the message, which may hold a secret.
    """
    frames = traceback.extract_tb(error.__traceback__)
    logger.error(
        "delivery.failed_by_itself",
        extra={
            "error": type(error).__name__,
            "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
        },
    )
    detail = f"our HTTP client failed: {type(error).__name__}"
    return NoAnswerError(FailureKind.INTERNAL, detail)


def from_proxy_answer(status_code: int, headers: Mapping[str, str]) -> NoAnswerError | None:
    """The proxy's failure, if an answer to a forwarded request is the proxy's own.

    Without a tunnel, target and proxy answer on the same connection. Only a marked answer is
    known to be the proxy's: by status 407 (RFC 9110), ``Proxy-Status`` with an error (RFC 9209),
    or the header of Squid's error pages.
    """
    why = _why_of_proxy(status_code, headers)
    if why is None:
        return None
    return NoAnswerError(FailureKind.PROXY, f"the proxy answered {status_code}: {why}")


def _why_of_proxy(status_code: int, headers: Mapping[str, str]) -> str | None:
    if status_code == 407:
        return "it wants a user and a password (TIDINGS_PROXY)"
    return foreign.error_of_proxy(headers)


def _blamed(
    kind: FailureKind, detail: str, progress: Progress, code: str | None = None
) -> NoAnswerError:
    """Names the refused addresses, and blames the proxy if only it can have failed."""
    if progress.stage is Stage.CONNECTING and progress.permitted and progress.refusals:
        detail = f"{detail}; {_refused(progress.refusals)}"
    if progress.proxy is not None and progress.is_at_the_proxy:
        place = progress.proxy.authority
        return NoAnswerError(FailureKind.PROXY, f"the proxy {place} failed: {detail}")
    return NoAnswerError(kind, detail, code if kind is not FailureKind.PROXY else None)


def _cause(error: Exception, progress: Progress) -> str | None:
    """What a person would say of a failed connection or of a broken answer."""
    match error:
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientConnectorSSLError():
            return cause.TLS
        case aiohttp.ClientConnectorDNSError():
            return cause.NAME_NOT_FOUND
        case aiohttp.ClientConnectorError():
            is_refused = _why_unconnected(error, progress) == os.strerror(errno.ECONNREFUSED)
            return cause.CONNECTION_REFUSED if is_refused else None
        case aiohttp.ClientResponseError() | HttpProcessingError():
            return cause.NOT_HTTP
        case aiohttp.ClientConnectionError() if foreign.stumbled_in_tls(error):
            return cause.TLS
        case _:
            return None


def _kind_and_detail(  # noqa: C901, PLR0911 -- a table
    error: Exception, progress: Progress
) -> tuple[FailureKind, str]:
    why: str | None
    match error:
        case aiohttp.InvalidURL():
            return FailureKind.BAD_TARGET, "the target is not a URL that can be requested"
        case UnicodeError():
            return FailureKind.BAD_TARGET, "the target's host is not a valid name"
        case aiohttp.ClientHttpProxyError(status=status, headers=headers):
            joined = httpx.Headers([*(headers or {}).items()])
            why = _why_of_proxy(status, joined) or "it leads to no such target"
            return FailureKind.PROXY, f"it answered {status}: {why}"
        case aiohttp.ClientConnectorCertificateError(certificate_error=certificate_error):
            return (
                FailureKind.CONNECTION,
                f"cannot trust {_short_authority(error)}: {certificate_error}",
            )
        case aiohttp.ClientConnectorError():
            why = _why_unconnected(error, progress)
            return FailureKind.CONNECTION, f"cannot connect to {_short_authority(error)}: {why}"
        case aiohttp.ClientResponseError(message=message) | HttpProcessingError(message=message):
            detail = f"the answer is not valid HTTP: {foreign.parser_message(message)}"
            return FailureKind.PROTOCOL, detail
        case aiohttp.ClientPayloadError(__cause__=HttpProcessingError(message=message)):
            return (
                FailureKind.PROTOCOL,
                f"the connection was lost: {foreign.parser_message(message)}",
            )
        case aiohttp.ServerDisconnectedError() | aiohttp.EofStream():
            # The message of the first may be half of an answer.
            return FailureKind.PROTOCOL, "the connection was lost before the answer was complete"
        case OSError(errno=int() as number) if number > 0:
            return FailureKind.PROTOCOL, f"the connection was lost: {os.strerror(number)}"
        case aiohttp.ClientConnectionError() if why := foreign.stumbled_in_tls(error):
            return FailureKind.CONNECTION, f"no TLS with the target: {why}"
        case _:
            text = str(error)
            why = text if text and "://" not in text else type(error).__name__
            return FailureKind.PROTOCOL, f"the connection was lost: {why}"


def _short_authority(error: aiohttp.ClientConnectorError) -> str:
    """Host and port; only the end of a long name, to leave room for the reason."""
    whole = authority(error.host, error.port)
    return whole if len(whole) <= _MAX_PLACE else f"…{whole[-_MAX_PLACE:]}"


def _why_unconnected(error: aiohttp.ClientConnectorError, progress: Progress) -> str:
    """The reason why none of the permitted addresses took the connection."""
    number, text = error.errno or 0, f"{error.os_error}"
    # Error numbers of TLS and of DNS are not the system's.
    if number > 0 and not isinstance(error.os_error, ssl.SSLError):
        return os.strerror(number)
    is_refused = any(refusal in text for refusal in progress.refusals)
    if error.strerror and not is_refused:
        return error.strerror
    if reasons := foreign.system_errors(text):
        return reasons
    # aiohttp reports the addresses that were tried last. The rules may have refused all of these.
    if is_refused:
        return "no permitted address takes the connection"
    return text or "it hung up"  # a target that hangs up during the handshake leaves no text


def _refused(refusals: list[str]) -> str:
    """The first refusal, and the number of the others."""
    first, *others = dict.fromkeys(refusals)  # each comes again with every address that fails
    return f"{first}; {len(others)} more of its addresses are refused" if others else first
