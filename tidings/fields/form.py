"""Forms: the parameters of a URL's query, or of a body; pure."""

import json
from typing import Final
from urllib.parse import urlencode

from pydantic import JsonValue

from tidings.base.text import brief, dotted
from tidings.fields import charset

MAX_URL: Final = 8000
"""Bytes. A server need not support a longer one (RFC 9110 section 4.1)."""

_RULE: Final = (
    "a parameter is text, a number, true, false or null, or a list of these; "
    "flatten it, or write it as JSON text"
)


def encoded(fields: JsonValue, charset_name: str) -> str:
    """``fields``, an object of scalars, as ``application/x-www-form-urlencoded``.

    ``true`` and ``false`` are written as in JSON. A list repeats its name. ``null`` is left out.
    Raises ``ValueError`` for anything else, and for a character that the charset does not have.
    """
    if not isinstance(fields, dict):
        rule = "parameters are an object, as {'order': '1001'}"
        raise ValueError(f"body is {brief(fields)}: {rule}")  # noqa: TRY004 -- pydantic's rule
    pairs: list[tuple[bytes, bytes]] = []
    for name, value in fields.items():
        try:
            written = charset.encoded(name, charset_name)
            pairs += [(written, charset.encoded(text, charset_name)) for text in _texts(value)]
        except ValueError as error:
            raise ValueError(f"{dotted(['body', name])} is {brief(value)}: {error}") from None
    return urlencode(pairs)


def with_query(url: str, query: str) -> str:
    """``url`` with ``query`` behind its own query; raises ``ValueError`` if that is too long."""
    whole = appended(url, query)
    if len(whole) > MAX_URL:
        raise ValueError(
            f"target and the parameters in body are a URL of {len(whole):,} bytes, "
            f"and the limit is {MAX_URL:,}; send fewer of them, or use POST"
        )
    return whole


def appended(url: str, query: str) -> str:
    """``url`` with ``query`` behind its own query."""
    if not query:
        return url
    separator = "?" if "?" not in url else "" if url.endswith(("?", "&")) else "&"
    return f"{url}{separator}{query}"


def _texts(value: JsonValue) -> list[str]:
    """The values of one name."""
    items = value if isinstance(value, list) else [value]
    return [_text(item) for item in items if item is not None]


def _text(value: JsonValue) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict | list):
        raise ValueError(_RULE)  # noqa: TRY004 -- pydantic's rule
    return json.dumps(value, allow_nan=False)
