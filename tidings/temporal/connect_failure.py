"""Why there is no connection to Temporal, and what to do about it; pure.

The SDK tells a failure in one text only: the errors of its Rust core, spelled out.
"""

import re
from typing import Final, NamedTuple

from tidings.errors import (
    InvalidInputError,
    TemporalRequestError,
    TemporalUnavailableError,
    TidingsError,
)
from tidings.text import brief

CREDENTIALS: Final = "TEMPORAL_API_KEY, TEMPORAL_NAMESPACE and TEMPORAL_TLS_CLIENT_CERT_PATH"
"""The settings that tell a server who we are, and where we belong."""

_MESSAGE: Final = r'message: "((?:[^"\\]|\\.)*)"'


class _Cause(NamedTuple):
    sign: str
    """A pattern; its group, if it has one, is ``told``."""
    kind: type[TidingsError]
    message: str
    """With ``{address}`` and ``{told}``."""


_UNREACHABLE: Final = _Cause(
    r"tcp connect error|dns error|code: (?:Unavailable|DeadlineExceeded)\b",
    TemporalUnavailableError,
    "no Temporal server answers at {address}; start one with `make run`, "
    "or set TEMPORAL_ADDRESS to where yours is",
)
# The first that fits: the last fits everything, and the last but one whatever a server told.
_CAUSES: Final = (
    _Cause(
        rf"code: (?:Unauthenticated|PermissionDenied), {_MESSAGE}",
        TemporalRequestError,
        f"Temporal at {{address}} refused this client: {{told}}; check {CREDENTIALS}",
    ),
    _UNREACHABLE,
    _Cause(
        r"(\w+KeyParseError|InconsistentKeys|NoCertificatesPresented|Must have both client cert.*)",
        InvalidInputError,
        "the client certificate for Temporal cannot be used: {told}; "
        "check TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH",
    ),
    _Cause(
        r"InvalidCertificate\((?:Other\(OtherError\()?(\w+)",
        TemporalUnavailableError,
        "the certificate of what answers at {address} is not accepted: {told}; "
        "check TEMPORAL_TLS_SERVER_CA_CERT_PATH and TEMPORAL_TLS_SERVER_NAME",
    ),
    _Cause(
        r"InvalidMessage",
        TemporalUnavailableError,
        "what answers at {address} speaks no TLS, and TEMPORAL_TLS or TEMPORAL_API_KEY asks for "
        "it; set TEMPORAL_TLS=false for a Temporal server without TLS, or check TEMPORAL_ADDRESS",
    ),
    _Cause(
        rf"after connection: .*?{_MESSAGE}",
        TemporalUnavailableError,
        "what answers at {address} is no Temporal server, or closes the connection: {told}; "
        "check TEMPORAL_ADDRESS, and whether it wants TEMPORAL_TLS=true or a client certificate "
        "(TEMPORAL_TLS_CLIENT_CERT_PATH)",
    ),
    _Cause(
        r"(.*)",
        TemporalUnavailableError,
        "there is no connection to Temporal at {address}: {told}; check the TEMPORAL_* settings",
    ),
)


def unreachable(address: str) -> TidingsError:
    """The error to raise where nothing answers at ``address``."""
    return _UNREACHABLE.kind(_UNREACHABLE.message.format(address=address))


def explained(address: str, failure: str) -> TidingsError:
    """The error to raise where the SDK could not connect, and told that ``failure``."""
    found = ((cause, re.search(cause.sign, failure, re.DOTALL)) for cause in _CAUSES)
    cause, sign = next((cause, sign) for cause, sign in found if sign is not None)
    told = brief(sign[1]) if sign.re.groups else ""
    return cause.kind(cause.message.format(address=address, told=told))
