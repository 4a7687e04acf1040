"""The error for a failed connection to Temporal: its cause and what to do about it; pure.

The SDK reports a failure as one text only, the debug output of its Rust core. The patterns here
were read from temporalio 1.35.0. In ``tests/real/temporal``, ``test_connecting`` and
``test_sdk_texts`` make these failures happen, and fail when the SDK changes its text.
"""

import re
from typing import Final, NamedTuple

from tidings.base.text import brief
from tidings.errors import (
    InvalidInputError,
    TemporalRequestError,
    TemporalUnavailableError,
    TidingsError,
)

CREDENTIALS: Final = "TEMPORAL_API_KEY, TEMPORAL_NAMESPACE and TEMPORAL_TLS_CLIENT_CERT_PATH"
"""The settings by which a server recognizes its client."""

_MESSAGE: Final = r'message: "((?:[^"\\]|\\.)*)"'


class _Cause(NamedTuple):
    pattern: str
    """A pattern in the SDK's text. Its group, if it has one, is ``detail``."""
    kind: type[TidingsError]
    message: str
    """Our message, with ``{address}`` and ``{detail}``."""


_UNREACHABLE: Final = _Cause(
    r"tcp connect error|dns error|code: (?:Unavailable|DeadlineExceeded)\b",
    TemporalUnavailableError,
    "no Temporal server answers at {address}; start one with `make run`, "
    "or set TEMPORAL_ADDRESS to where yours is",
)
# Order matters: the first match wins. The last entry matches any text, the one before it any
# message that a server sent.
_CAUSES: Final = (
    _Cause(
        rf"code: (?:Unauthenticated|PermissionDenied), {_MESSAGE}",
        TemporalRequestError,
        f"Temporal at {{address}} refused this client: {{detail}}; check {CREDENTIALS}",
    ),
    _UNREACHABLE,
    _Cause(
        r"(\w+KeyParseError|InconsistentKeys|NoCertificatesPresented|Must have both client cert.*)",
        InvalidInputError,
        "the client certificate for Temporal cannot be used: {detail}; "
        "check TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH",
    ),
    _Cause(
        r"InvalidCertificate\((?:Other\(OtherError\()?(\w+)",
        TemporalUnavailableError,
        "the certificate of the server at {address} is not accepted: {detail}; "
        "check TEMPORAL_TLS_SERVER_CA_CERT_PATH and TEMPORAL_TLS_SERVER_NAME",
    ),
    _Cause(
        r"InvalidMessage",
        TemporalUnavailableError,
        "the server at {address} does not speak TLS, but TEMPORAL_TLS or TEMPORAL_API_KEY asks "
        "for it; set TEMPORAL_TLS=false for a Temporal server without TLS, or check "
        "TEMPORAL_ADDRESS",
    ),
    _Cause(
        rf"after connection: .*?{_MESSAGE}",
        TemporalUnavailableError,
        "the server at {address} is not a Temporal server, or closes the connection: {detail}; "
        "check TEMPORAL_ADDRESS; the server may also require TEMPORAL_TLS=true or a client "
        "certificate (TEMPORAL_TLS_CLIENT_CERT_PATH)",
    ),
    _Cause(
        r"(.*)",
        TemporalUnavailableError,
        "there is no connection to Temporal at {address}: {detail}; check the TEMPORAL_* settings",
    ),
)


def unreachable(address: str) -> TidingsError:
    """The error if nothing answers at ``address``."""
    return _UNREACHABLE.kind(_UNREACHABLE.message.format(address=address))


def explained(address: str, failure: str) -> TidingsError:
    """The error if the SDK could not connect to ``address`` and reported ``failure``."""
    searches = ((cause, re.search(cause.pattern, failure, re.DOTALL)) for cause in _CAUSES)
    cause, match = next((cause, match) for cause, match in searches if match is not None)
    detail = brief(match[1]) if match.re.groups else ""
    return cause.kind(cause.message.format(address=address, detail=detail))
