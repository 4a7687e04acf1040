"""The headers that a sender may add to a request; pure."""

import re
from collections.abc import Iterable
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from tidings.base.text import brief
from tidings.credentials import is_credential

MAX_HEADERS: Final = 50
MAX_HEADER_BYTES: Final = 8 * 1024
"""The limit for all names and values together. Common servers accept that beside our own."""

_MAX_NAME: Final = 100
MASK: Final = "***"
HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_BEFORE_VALUE: Final = re.compile(r"\A([^\s:=]*[\s:=]).+", re.DOTALL)
"""The name in a whole header line that somebody put where the name belongs."""
_VALUE: Final = re.compile(r"[\x21-\x7e](?:[\x20-\x7e\t]{0,4000}[\x21-\x7e])?|")
RESERVED_NAMES: Final = frozenset(
    {
        # The connection's own (RFC 9110 section 7.6.1).
        *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization"),
        *("proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"),
        # The HTTP client sets these.
        *("accept-encoding", "content-length", "expect", "host", "user-agent"),
        # Tidings sets these.
        *("content-type", "webhook-id", "webhook-signature", "webhook-timestamp"),
    }
)


def _valid_headers(headers: dict[str, str]) -> dict[str, str]:
    seen = set[str]()
    for name, value in headers.items():
        _check(name, value)
        if name.lower() in seen:
            raise ValueError(f"header {_concealed(name)} is given twice")
        seen.add(name.lower())
    size = sum(len(name) + len(value) for name, value in headers.items())
    if size > MAX_HEADER_BYTES:
        raise ValueError(
            f"they have {size:,} bytes together, and the limit is {MAX_HEADER_BYTES:,}"
        )
    return headers


def _check(name: str, value: str) -> None:
    if len(name) > _MAX_NAME:
        problem = f"it has {len(name):,} characters, and the limit is {_MAX_NAME}"
        raise ValueError(f"{_concealed(name)} is not a header name: {problem}")
    if not HEADER_NAME.fullmatch(name):
        rule = "a header name is made of A-Z a-z 0-9 and !#$%&'*+-.^_`|~"
        raise ValueError(f"{_concealed(name)} is not a header name: {rule}")
    if name.lower() in RESERVED_NAMES:
        raise ValueError(f"header {name!r} is set by Tidings or by the connection; leave it out")
    if not _VALUE.fullmatch(value):
        raise ValueError(
            f"the value of header {_concealed(name)} must be at most 4002 printable ASCII "
            "characters, without line breaks or surrounding spaces"
        )


def masked(names: Iterable[str]) -> dict[str, str]:
    """Headers as a person may see them: ``***`` for each value, and for a name that is a secret.

    The client refuses such a name, but other languages start notifications without it.
    """
    return {MASK if is_credential(name) else name: MASK for name in names}


def _concealed(name: str) -> str:
    """``name`` as a message may show it. People put whole lines and secrets into names."""
    if is_credential(name):
        return "a name, not shown because it looks like a credential,"
    return brief(_BEFORE_VALUE.sub(r"\1…", name))


Headers = Annotated[dict[str, str], Field(max_length=MAX_HEADERS), AfterValidator(_valid_headers)]
