"""The headers that a notification may bring along; pure.

They are stored in histories and shown to whoever looks, so no credential may be among them.
"""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from tidings.model import shown

MAX_HEADERS: Final = 50
MAX_HEADER_BYTES: Final = 8 * 1024
"""Of all names and values together: what common servers take beside the headers that we set."""

_MAX_NAME: Final = 100
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_BEFORE_VALUE: Final = re.compile(r"\A([^\s:=]*[\s:=]).+", re.DOTALL)
"""Of a whole line that is put as a name; the value is not to be shown."""
_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e\t]{0,4000}[\x21-\x7e])?|")
_RESERVED: Final = frozenset(
    {
        # The connection's own (RFC 9110 section 7.6.1).
        *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization"),
        *("proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"),
        # What the HTTP client sets.
        *("accept-encoding", "content-length", "expect", "host", "user-agent"),
        # What Tidings sets.
        *("content-type", "webhook-id", "webhook-signature", "webhook-timestamp"),
    }
)
_CREDENTIAL_NAME: Final = re.compile(
    # The end of a name tells what it holds: X-Auth-Token, but not X-Token-Count or X-Auth-Method.
    r"(?:(?<!idempotency[-_.])(?<!continuation[-_.])(?<!page[-_.])(?<!atlassian[-_.])token"
    r"|(?:secret|credential|cookie|password)s?|passwd|api[-_.]?key"
    r"|(?:^|[-_.])(?:"
    r"authori[sz]ation|authentication|o?auth|assertion|bearer|jwt|pwd|passphrase|passcode|t?otp"
    r"|(?:auth|client|user)[-_.]?pass"
    r"|(?:app|application|access|account|admin|auth|client|developer|encryption|functions|hmac"
    r"|ingest|insert|integration|license|master|merchant|private|sas|secret|security|server"
    r"|service|session|shared|signing|subscription|user|write)[-_.]?key"
    r"))(?:[-_.]?(?:v?[0-9]{1,2}|value))?\Z",
    re.IGNORECASE,
)
_CREDENTIAL_SCHEME: Final = re.compile(
    # What stands in an Authorization header, and may stand in another.
    r"bearer +[^\s,]{8,}\Z"
    # In "Basic Membership" no capital or digit comes after the first letter; in base64 one does.
    r"|(?:basic|negotiate|ntlm|splunk|ssws|geniekey|[\w-]{0,20}(?:api-?key|auth-key|token))"
    r" +(?=[^\s,]+(?-i:[A-Z0-9=]))[^\s,]{8,}\Z"
    r"|(?:digest|hawk|oauth) +\w+ *="
    r"|(?:sharedaccesssignature|sharedkey(?:lite)?|aws4-hmac-sha256) ",
    re.IGNORECASE,
)
_CREDENTIAL_VALUE: Final = re.compile(
    # Secrets that are made to be recognized, wherever they stand in a value.
    r"(?<![\w-])(?:"
    r"eyJ[\w-]{5,}\.[\w-]{5,}\."  # a JSON Web Token (RFC 7519)
    r"|(?:whsec|whsk|mtsec|mtsk)_[\w+/=-]{8}"  # Standard Webhooks
    r"|[rs]k_(?:live|test|prod)_\w{8}|sk-(?:proj|ant)-[\w-]{20}|sk[-_][0-9A-Za-z]{20}"
    r"|(?:AKIA|ASIA)[0-9A-Z]{12}|LTAI[0-9A-Za-z]{12}|AKID[0-9A-Za-z]{13}"
    r"|AIza[\w-]{20}|ya29\.[\w-]{8}"
    r"|gh[opsur]_\w{16}|github_pat_\w{16}|glpat-[\w-]{8}|npm_\w{20}|hvs\.[\w-]{8}"
    r"|xox[a-z]-[\w-]{8}|xapp-[\w-]{8}|SG\.[\w-]{16,}\.|key-[0-9a-f]{32}"
    r"|shp(?:at|ss|ca|pa)_[0-9A-Za-z]{16}|sq0[a-z]{3}-[\w-]{16}|APP_USR-[\w-]{8}"
    r")"
    r"|-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY"
    r"|://[^/\s:@]{0,100}:[^/\s@]{1,200}@"  # a user's password in a URL
)
_ADVICE: Final = (
    "headers are stored and shown in clear; sign with signing_key, which the target can verify, "
    "or have a gateway of yours add it"
)


def _valid_headers(headers: dict[str, str]) -> dict[str, str]:
    seen = set[str]()
    for name, value in headers.items():
        _check(name, value)
        if name.lower() in seen:
            raise ValueError(f"header {name!r} is given twice")
        seen.add(name.lower())
    size = sum(len(name) + len(value) for name, value in headers.items())
    if size > MAX_HEADER_BYTES:
        raise ValueError(
            f"they have {size:,} bytes together, and the limit is {MAX_HEADER_BYTES:,}"
        )
    return headers


def _check(name: str, value: str) -> None:
    _check_name(name)
    if name.lower() in _RESERVED:
        raise ValueError(f"header {name!r} is set by Tidings or by the connection; leave it out")
    if not _VALUE.fullmatch(value):
        raise ValueError(
            f"the value of header {name!r} must be at most 4002 printable ASCII characters, "
            "without line breaks or surrounding spaces"
        )
    if _CREDENTIAL_NAME.search(name) or _is_credential(value):
        raise ValueError(f"header {name!r} looks like a credential: {_ADVICE}")


def _check_name(name: str) -> None:
    if _is_credential(name[:MAX_HEADER_BYTES]):
        raise ValueError(f"a header's name, not shown, looks like a credential: {_ADVICE}")
    told = shown(_BEFORE_VALUE.sub(r"\1…", name))
    if len(name) > _MAX_NAME:
        problem = f"it has {len(name):,} characters, and the limit is {_MAX_NAME}"
        raise ValueError(f"{told} is not a header name: {problem}")
    if not _NAME.fullmatch(name):
        rule = "one is made of A-Z a-z 0-9 and !#$%&'*+-.^_`|~"
        raise ValueError(f"{told} is not a header name: {rule}")


def _is_credential(text: str) -> bool:
    return bool(_CREDENTIAL_SCHEME.match(text) or _CREDENTIAL_VALUE.search(text))


Headers = Annotated[dict[str, str], Field(max_length=MAX_HEADERS), AfterValidator(_valid_headers)]
