"""The content of a request: its body and its content type; pure."""

import json
import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field, JsonValue

from tidings.base.text import brief

MAX_BODY_BYTES: Final = 1024 * 1024
MAX_BODY_DEPTH: Final = 100
"""Levels. Other JSON readers give up at depths of their own; this is below all of them."""

_WORD: Final = r"[A-Za-z0-9_.+-]+"
_PARAMETER: Final = rf' *; *({_WORD})=({_WORD}|"[ !#-~]*")'
_CONTENT_TYPE: Final = re.compile(rf"{_WORD}/{_WORD}(?:{_PARAMETER})*")
_JSON_TYPE: Final = re.compile(rf"application/(?:{_WORD}\+)?json *(?:;|\Z)", re.IGNORECASE)


def encoded(body: JsonValue, *, is_text: bool) -> bytes:
    """The bytes of ``body`` on the wire; a string goes out as it is if ``is_text``.

    Raises ``ValueError`` if it nests too deep, is too long or cannot be encoded.
    """
    if _nests_deeper(body, MAX_BODY_DEPTH):
        raise ValueError(f"the body nests deeper than {MAX_BODY_DEPTH} levels")
    try:
        content = _bytes(body, is_text=is_text)
    except ValueError as error:
        raise ValueError(f"the body {brief(body)} cannot be sent: {error}") from None
    if len(content) > MAX_BODY_BYTES:
        raise ValueError(
            f"the body has {len(content):,} bytes, and the limit is {MAX_BODY_BYTES:,}; "
            "send a reference to the content instead"
        )
    return content


def check_size(body: JsonValue) -> None:
    """Raises ``ValueError`` if ``body`` is too long to be sent in any form."""
    encoded(body, is_text=True)  # of two ways to send a text, the shorter one


def check_agreement(content_type: str | None, body: JsonValue) -> None:
    """Raises ``ValueError`` if ``content_type`` asks for text and ``body`` is not a text."""
    if content_type is None or isinstance(body, str | None) or _JSON_TYPE.match(content_type):
        return
    raise ValueError(
        f"body must be text if content_type is {content_type!r}; it is {type(body).__name__}"
    )


def _bytes(body: JsonValue, *, is_text: bool) -> bytes:
    if body is None:
        return b""
    if is_text and isinstance(body, str):
        return body.encode()
    text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode()


def _nests_deeper(value: JsonValue, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    children = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_nests_deeper(child, levels - 1) for child in children)


def _valid_content_type(content_type: str) -> str:
    if not _CONTENT_TYPE.fullmatch(content_type):
        raise ValueError("a content type reads type/subtype, with parameters after ';'")
    for name, value in re.findall(_PARAMETER, content_type):
        if name.lower() == "charset" and value.strip('"').lower() not in {"utf-8", "utf8"}:
            raise ValueError("a text body is always sent in UTF-8; leave the charset out")
    return content_type


ContentType = Annotated[str, Field(max_length=200), AfterValidator(_valid_content_type)]
