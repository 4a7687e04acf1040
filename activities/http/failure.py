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

from activities.http.connection import MAX_RECEIVED, Connecting, Stage
from activities.http.transport import EgressRefusedError
from activities.http.url import authority
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
_MAX_PLACE: Final = 60
_QUERY: Final = re.compile(r"""\?\S*[^\s'"]""")
_POINTER: Final = re.compile(r"\n *\^\Z")
_BYTES: Final = re.compile(r"""(?:bytearray\()?\bb('.*'|".*")\)?""")
_ERRNO: Final = re.compile(r"\[Errno ([0-9]+)\]")
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
        kind, detail = _named(cause, how)
    if how is not None and how.stage is Stage.CONNECTING and how.permitted and how.refusals:
        detail = f"{detail}; {_refused(how.refusals)}"
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


def _named(  # noqa: C901, PLR0911, PLR0912 -- a table
    cause: BaseException, how: Connecting | None
) -> tuple[FailureKind, str]:
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
            why = f"{untrusted.certificate_error}"
            return FailureKind.CONNECTION, f"cannot trust {_place(untrusted)}: {why}"
        case aiohttp.ClientConnectorError() as failed:
            why = _unconnected(failed, how)
            return FailureKind.CONNECTION, f"cannot connect to {_place(failed)}: {why}"
        case aiohttp.ClientConnectionError(__cause__=TypeError(__context__=Exception() as why)):
            # asyncio of Python 3.11 stumbles over whatever ends TLS in the TLS of a proxy.
            return FailureKind.CONNECTION, f"no TLS with the target: {str(why) or 'it hung up'}"
        case httpx.ConnectError():
            return FailureKind.CONNECTION, f"cannot connect: {cause}"
        case aiohttp.http_exceptions.HttpProcessingError() as garbled:
            return FailureKind.PROTOCOL, f"the answer is not valid HTTP: {_parser_said(garbled)}"
        case aiohttp.ClientPayloadError(
            __cause__=aiohttp.http_exceptions.HttpProcessingError() as cut
        ):
            return FailureKind.PROTOCOL, f"the connection was lost: {_parser_said(cut)}"
        case aiohttp.ServerDisconnectedError():  # its message may be half of an answer
            return FailureKind.PROTOCOL, "the connection was lost before the answer was complete"
        case _:
            told = type(cause).__name__ if "://" in str(cause) else str(cause)
            return FailureKind.PROTOCOL, f"the connection was lost: {told}"


def _place(failed: aiohttp.ClientConnectorError) -> str:
    """Its host and port; of a long name the end, to leave room for what went wrong."""
    whole = authority(failed.host, failed.port)
    return whole if len(whole) <= _MAX_PLACE else f"…{whole[-_MAX_PLACE:]}"


def _unconnected(failed: aiohttp.ClientConnectorError, how: Connecting | None) -> str:
    """Why none of the addresses that may be connected to took the connection."""
    number, text = failed.errno or 0, f"{failed.os_error}"
    # Numbers of the system have a text of their own; those of TLS and of DNS do not.
    if number > 0 and not isinstance(failed.os_error, ssl.SSLError):
        return os.strerror(number)
    is_refused = how is not None and any(refusal in text for refusal in how.refusals)
    if failed.strerror and not is_refused:
        return failed.strerror
    # Addresses that fail in several ways leave one text, with the number of each.
    if numbers := dict.fromkeys(_ERRNO.findall(text)):
        return ", ".join(os.strerror(int(each)) for each in numbers)
    # It tells of the addresses that were tried last only, and the guard may have refused all these.
    if is_refused:
        return "no permitted address takes the connection"
    return text or "it hung up"  # who does so during the handshake leaves nothing


def _refused(refusals: list[str]) -> str:
    """What the guard has refused of a name that has other addresses too."""
    first, *others = dict.fromkeys(refusals)  # each comes again with every address that fails
    return f"{first}; {len(others)} more of its addresses are refused" if others else first


def _parser_said(error: aiohttp.http_exceptions.HttpProcessingError) -> str:
    """Its message, without what suits a terminal only: a line with a caret, and Python's bytes."""
    told = _BYTES.sub(r"\1", _POINTER.sub("", error.message))
    return _QUERY.sub("?…", told)  # some answer with what they were asked


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
