"""The path and query of a URL; pure."""

import re
from typing import Final
from urllib.parse import quote, unquote, urlsplit

_ESCAPE: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED: Final = re.compile(r"[A-Za-z0-9._~-]")
_SENT_AS_WRITTEN: Final = "!$%&'()*+,/:;=?@[]"


def path(url: str) -> str:
    """The path and query of a URL in one spelling of several (RFC 3986 section 6.2.2).

    ``/%7Epaid``, ``/%7epaid`` and ``/~paid`` are the same path. The case of letters and a slash
    at the end make a difference.
    """
    parts = urlsplit(url)
    query = f"?{parts.query}" if "?" in url else ""
    spelt = quote(f"{parts.path or '/'}{query}", safe=_SENT_AS_WRITTEN)
    return _ESCAPE.sub(_escape, spelt)


def _escape(escape: re.Match[str]) -> str:
    char = unquote(escape[0], errors="ignore")
    return char if _UNRESERVED.fullmatch(char) else escape[0].upper()
