"""A body of bytes, which is stored as base64; pure."""

from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field

MAX_BODY_BYTES: Final = 1024 * 1024

_RULE: Final = (
    "base64 is written as in RFC 4648 section 4: A-Z a-z 0-9 + and /, with = at the end "
    "if it is needed, without spaces and line breaks"
)


def decoded(text: str) -> bytes:
    """The bytes that ``text`` stands for; raises ``ValueError`` if it is not exact base64."""
    try:
        content = b64decode(text, validate=True)
    except ValueError:
        raise ValueError(_RULE) from None
    if b64encode(content).decode() != text:  # Python also reads some other spellings
        raise ValueError(_RULE)
    return content


def described(content: bytes) -> str:
    """The length of the bytes, for a person, who could not read the bytes themselves."""
    return f"{len(content):,} {'byte' if len(content) == 1 else 'bytes'} of binary"


def check_length(content: bytes) -> None:
    """Raises ``ValueError`` if ``content`` is longer than a body may be."""
    if len(content) > MAX_BODY_BYTES:
        raise ValueError(
            f"the body has {len(content):,} bytes, and the limit is {MAX_BODY_BYTES:,}; "
            "send a reference to the content instead"
        )


def _as_text(value: object) -> object:
    if isinstance(value, bytes | bytearray | memoryview):
        return b64encode(value).decode()
    return value


def _valid(text: str) -> str:
    check_length(decoded(text))
    return text


if TYPE_CHECKING:
    from tidings.base.model import Converted

    Binary = Converted[str | None, str | bytes | bytearray | memoryview | None]
else:
    Binary = (
        Annotated[
            str,
            BeforeValidator(_as_text, json_schema_input_type=str),
            AfterValidator(_valid),
            Field(json_schema_extra={"contentEncoding": "base64"}),
        ]
        | None
    )
    """Bytes, or text in base64."""
