"""The content of a request: its URL, its content type and its bytes; pure."""

import json
from typing import Final, NamedTuple

from pydantic import JsonValue

from tidings.fields import binary, charset, form, json_value
from tidings.fields.charset import UTF_8
from tidings.fields.content_type import FORM, JSON, charset_of, is_form, is_json

MAX_BODY_DEPTH: Final = 100
"""Levels. Other JSON readers give up at depths of their own; this is below all of them."""


class Content(NamedTuple):
    """The content of every request of a notification, encoded once."""

    url: str
    """The target; of a GET, with its parameters."""
    content_type: str | None = None
    """``None`` if no body is sent."""
    body: bytes = b""
    charset: str | None = UTF_8
    """The charset of a text; ``None`` for bytes that are not one."""

    def excerpt(self, length: int) -> str:
        """The first bytes of the body for a person; of bytes that are not text, their number."""
        if self.charset is None:
            return binary.described(self.body)
        ellipsis = "…" if len(self.body) > length else ""
        # The cut may divide a character, whose first bytes alone cannot be decoded.
        return self.body[:length].decode(self.charset, errors="ignore") + ellipsis


def encoded(
    *,
    method: str,
    target: str,
    body: JsonValue,
    body_base64: str | None,
    content_type: str | None,
) -> Content:
    """The content for these fields of a notification.

    Raises ``ValueError`` if they do not go together, or if the body cannot be sent.
    """
    if body_base64 is not None:
        _check_binary(method, body, content_type)
        return Content(target, content_type, binary.decoded(body_base64), charset=None)
    _check_depth(body)
    try:
        if method == "GET":
            return Content(_url(target, body, content_type))
        used = charset_of(content_type)
        content = _bytes(body, content_type, used)
    except ValueError:
        if flaws := json_value.described(json_value.flaws(body)):
            raise ValueError(flaws) from None
        raise
    binary.check_length(content)
    return Content(target, (content_type or JSON) if body is not None else None, content, used)


def check_body(body: JsonValue) -> None:
    """Raises ``ValueError`` if ``body`` cannot be sent, whatever the other fields are."""
    _check_depth(body)
    if flaws := json_value.described(json_value.flaws(body)):
        raise ValueError(flaws)
    if isinstance(body, str):
        binary.check_length(b"x" * len(body))  # a character has at least one byte


def _check_binary(method: str, body: JsonValue, content_type: str | None) -> None:
    if body is not None:
        raise ValueError("body and body_base64 are both given; give one of them")
    if method == "GET":
        raise ValueError("method is GET, which sends no body; leave body_base64 out, or use POST")
    if content_type is None:
        raise ValueError("body_base64 needs a content_type, as application/octet-stream")


def _check_depth(body: JsonValue) -> None:
    if _nests_deeper(body, MAX_BODY_DEPTH):
        raise ValueError(f"the body nests deeper than {MAX_BODY_DEPTH} levels")


def _nests_deeper(value: JsonValue, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    children = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_nests_deeper(child, levels - 1) for child in children)


def _url(target: str, body: JsonValue, content_type: str | None) -> str:
    """The URL of a GET. The charset of a form's content type is the one of its parameters."""
    if content_type is not None and not is_form(content_type):
        raise ValueError(
            f"content_type is {content_type!r}, but method is GET, which sends no body; "
            f"leave content_type out, or give {FORM} with the charset of the parameters"
        )
    used = charset_of(content_type)
    return form.with_query(target, form.encoded(body if body is not None else {}, used))


def _bytes(body: JsonValue, content_type: str | None, used: str) -> bytes:
    if body is None:
        return b""
    if content_type is not None and isinstance(body, str):
        return _in_charset(body, used)
    if content_type is not None and is_form(content_type):
        return form.encoded(body, used).encode()
    if content_type is not None and not is_json(content_type):
        raise ValueError(
            f"body must be text if content_type is {content_type!r}; it is {type(body).__name__}"
        )
    text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _in_charset(text, used)


def _in_charset(text: str, used: str) -> bytes:
    try:
        return charset.encoded(text, used)
    except ValueError as error:
        raise ValueError(f"body cannot be sent: {error}") from None
