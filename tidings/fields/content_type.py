"""The content type of a request: its form, and what it says about the body; pure."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from tidings.base.text import brief
from tidings.fields.charset import CODECS, UTF_8

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"

_WORD: Final = r"[A-Za-z0-9_.+-]+"
_PARAMETER: Final = rf' *; *({_WORD})=({_WORD}|"[ !#-~]*")'
_CONTENT_TYPE: Final = re.compile(rf"{_WORD}/{_WORD}(?:{_PARAMETER})*")
_JSON_TYPE: Final = re.compile(rf"application/(?:{_WORD}\+)?json", re.IGNORECASE)


def is_json(content_type: str) -> bool:
    """True for ``application/json`` and the types that end with ``+json``."""
    return _JSON_TYPE.fullmatch(_media_type(content_type)) is not None


def is_form(content_type: str) -> bool:
    """True for ``application/x-www-form-urlencoded``."""
    return _media_type(content_type).lower() == FORM


def charset_of(content_type: str | None) -> str:
    """The charset that ``content_type`` declares, in lower case; without one, UTF-8.

    Raises ``ValueError`` if no text is sent in that charset.
    """
    charset = next(iter(_charsets(content_type or "")), UTF_8).lower()
    if charset not in CODECS:
        raise ValueError(
            f"content_type declares the charset {brief(charset)}, which is not known; "
            f"choose from {', '.join(sorted(CODECS))}"
        )
    return charset


def _media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip()


def _charsets(content_type: str) -> list[str]:
    parameters = re.findall(_PARAMETER, content_type)
    return [value.strip('"') for name, value in parameters if name.lower() == "charset"]


def _valid_content_type(content_type: str) -> str:
    if not _CONTENT_TYPE.fullmatch(content_type):
        raise ValueError("a content type reads type/subtype, with parameters after ';'")
    if len({charset.lower() for charset in _charsets(content_type)}) > 1:
        raise ValueError("it declares two charsets; receivers choose differently")
    return content_type


ContentType = Annotated[str, Field(max_length=200), AfterValidator(_valid_content_type)]
