"""The condition ``json_equals``: values in the body, by JSON pointer; pure.

JSON that readers understand differently acknowledges nothing: equal names in one object, numbers
beyond a double, halves of surrogate pairs.
"""

import json
import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

from activities.verdict.charset import decoded
from activities.verdict.unmet import UnmetError, one_of
from tidings.base.text import brief
from tidings.fields.body_condition import choices


def check_json(expected: Mapping[str, Any], body: bytes, content_type: str | None) -> None:
    """Raises ``UnmetError`` if the body does not have all ``expected`` values, by pointer."""
    document = _document(decoded("json_equals", body, content_type))
    for pointer, value in expected.items():
        agreed = choices(value)
        condition = f"json_equals {pointer}"
        try:
            found = _resolved(document, pointer)
        except LookupError:
            raise UnmetError(condition, f"its JSON has nothing at {brief(pointer)}") from None
        if not any(_is_same(found, each) for each in agreed):
            wanted = one_of([_json(each) for each in agreed])
            problem = f"its JSON has {_json(found)} at {brief(pointer)}, not {wanted}"
            raise UnmetError(condition, problem, found=_short(found))


def _document(text: str) -> Any:
    try:
        document = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_refuse_constant,
        )
        _check_characters(document)
    except RecursionError:  # its message differs between versions of Python
        problem = "the body is not reliable JSON: it nests too deep"
    except ValueError as error:
        problem = f"the body is not reliable JSON: {error}"
    else:
        return document
    raise UnmetError("json_equals", problem)


def _object(members: list[tuple[str, Any]]) -> Mapping[str, Any]:
    """An object with unique names: of two equal names, readers choose differently."""
    counts = Counter(name for name, _ in members)
    name, count = counts.most_common(1)[0] if counts else ("", 0)
    if count > 1:
        raise ValueError(f"it has {brief(name)} twice")
    return dict(members)


def _integer(text: str) -> int:
    _number(text)  # first, because int() fails for thousands of digits with advice for programmers
    return int(text)


def _number(text: str) -> float:
    """A number within the range of a double: beyond it, some readers fail, some have infinity."""
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"it has the number {brief(text)}, which is too large for many readers")
    return number


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _check_characters(document: Any) -> None:
    """Refuses half of a surrogate pair, which readers drop, replace, keep or fail at."""
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = error.object[error.start]
        raise ValueError(f"it has half of a surrogate pair, {half!a}") from None


def _resolved(document: Any, pointer: str) -> Any:
    """The value at a JSON pointer (RFC 6901); raises ``LookupError`` if nothing is there."""
    for escaped in pointer.split("/")[1:]:
        step = escaped.replace("~1", "/").replace("~0", "~")
        if isinstance(document, list):
            document = document[_index(step)]
        elif isinstance(document, dict):
            document = document[step]
        else:
            raise LookupError(step)  # noqa: TRY004 -- it is the pointer that finds nothing
    return document


def _index(step: str) -> int:
    if not (step.isascii() and step.isdigit()) or (step[0] == "0" and step != "0"):
        raise LookupError(step)
    return int(step)


def _is_same(found: Any, expected: Any) -> bool:
    """True if both are equal as JSON: ``1`` is ``1.0``, but it is not ``true`` or ``"1"``."""
    if isinstance(found, bool) or isinstance(expected, bool):
        return found is expected
    return bool(found == expected)


def _short(found: Any) -> str | None:
    """A text, a number or a constant for a code of the cause; ``None`` for all else."""
    if found is None or isinstance(found, bool):
        return json.dumps(found)
    return f"{found}" if isinstance(found, str | int | float) else None


def _json(value: Any) -> str:
    """``value`` for a message, with the constants as JSON spells them."""
    return json.dumps(value) if value is None or isinstance(value, bool) else brief(value)
