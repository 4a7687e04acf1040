"""JSON text, read so that every number stays the number that its sender wrote; pure."""

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from tidings.base.text import brief, dotted

MAX_DIGITS: Final = 4300
"""The most digits of an integer: Python neither reads nor writes longer ones."""

_MAX_SHOWN: Final = 40
"""Characters of a number."""
_ADVICE: Final = (
    "send it as a string; or send the whole body as text with content_type application/json, "
    "which goes out byte for byte"
)


class UnkeptValueError(ValueError):
    """A part of a JSON text could not be kept as it is; the message says what to send instead."""


class _Inexact(float):
    """The place of a fraction that a double cannot hold."""

    text: str


def read_json(text: str | bytes | bytearray) -> Any:
    """The value of a JSON text; bytes are UTF-8.

    Integers of up to 4,300 digits stay exact. A fraction becomes a double, so it is refused if the
    shortest text of that double is another number. A name that an object has twice and half of a
    surrogate pair are refused too, because readers differ on them.

    Raises ``ValueError`` if the text is not JSON, and its subclass ``UnkeptValueError`` for a part
    that is refused.
    """
    if not isinstance(text, str):
        text = text.decode()
    inexact: list[_Inexact] = []

    def fraction(number: str) -> float:
        kept = float(number)
        if not _is_exact(number, kept):
            kept = _Inexact(kept)
            kept.text = number
            inexact.append(kept)
        return kept

    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=fraction,
            parse_int=_integer,
            parse_constant=_refuse_constant,
        )
        if inexact:
            raise _refusal(value, inexact[0])
        if "\\u" in text:
            _check_characters(value)
    except RecursionError:  # its message differs between versions of Python
        raise ValueError("it nests too deep") from None
    return value


def _is_exact(text: str, kept: float) -> bool:
    shortest = repr(kept)
    if text == shortest:
        return True
    try:
        return Decimal(text) == Decimal(shortest)
    except InvalidOperation:  # an exponent of many digits
        return False


def _refusal(document: Any, inexact: _Inexact) -> UnkeptValueError:
    location = next(location for location, value in _leaves(document, ()) if value is inexact)
    text, rest = inexact.text[:_MAX_SHOWN], inexact.text[_MAX_SHOWN:]
    return UnkeptValueError(
        f"{dotted(location) or 'it'} is {text}{'…' if rest else ''}, which a double cannot hold "
        f"(the nearest is {float(inexact)!r}); {_ADVICE}"
    )


def _leaves(value: Any, location: tuple[int | str, ...]) -> Iterator[tuple[Any, Any]]:
    """The values that are neither objects nor arrays, with their locations."""
    if not isinstance(value, dict | list):
        yield location, value
        return
    for part, child in value.items() if isinstance(value, dict) else enumerate(value):
        yield from _leaves(child, (*location, part))


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(members)
    if len(value) < len(members):
        name, _ = Counter(name for name, _ in members).most_common(1)[0]
        raise UnkeptValueError(f"an object has the name {brief(name)} twice; give it once")
    return value


def _integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise UnkeptValueError(
            f"an integer has {len(text.lstrip('-')):,} digits, and the limit is {MAX_DIGITS:,}; "
            f"{_ADVICE}"
        )
    return int(text)


def _refuse_constant(name: str) -> float:
    raise UnkeptValueError(f"it has {name}, which JSON does not have; send null or a string")


def _check_characters(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = error.object[error.start]
        raise UnkeptValueError(
            f"it has {half!a}, half of a surrogate pair; send the whole character"
        ) from None
