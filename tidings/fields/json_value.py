"""The body as a JSON value; a Python value that JSON does not have is refused with advice; pure."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from itertools import islice
from typing import Annotated, Any, Final, NamedTuple
from uuid import UUID

from pydantic import (
    BaseModel,
    JsonValue,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from tidings.base.json_text import MAX_DIGITS
from tidings.base.text import brief, dotted

_TOO_LONG: Final = 10**MAX_DIGITS
_MAX_FLAWS: Final = 100
_MAX_SENTENCES: Final = 3

_ADVICE: Final[Sequence[tuple[type | tuple[type, ...], str]]] = (
    (Enum, "value.value"),
    (Decimal, "str(value)"),
    ((date, time), "value.isoformat()"),
    (timedelta, "value.total_seconds()"),
    (UUID, "str(value)"),
    ((bytes, bytearray, memoryview), "base64.b64encode(value).decode()"),
    (BaseModel, "value.model_dump(mode='json')"),
    (Mapping, "dict(value)"),
    ((set, frozenset), "sorted(value)"),
    (Iterable, "list(value)"),
)
"""The expression in place of a value; the first match wins."""


class Flaw(NamedTuple):
    """A part of a body that JSON cannot hold."""

    location: tuple[int | str, ...]
    value: object
    rule: str


def flaws(body: object) -> Iterator[Flaw]:
    """The parts of ``body`` that JSON cannot hold, in their order."""
    pending: list[tuple[tuple[int | str, ...], Any]] = [((), body)]
    seen = set[int]()
    while pending:
        location, value = pending.pop()
        if isinstance(value, dict | list):
            if id(value) in seen:  # a list may hold itself
                continue
            seen.add(id(value))
            members = value.items() if isinstance(value, dict) else enumerate(value)
            children = [((*location, part), child) for part, child in members]
            pending += reversed(children)
            if isinstance(value, dict):
                yield from _flawed_names(location, value)
        elif (rule := _rule(value, is_whole=not location)) is not None:
            yield Flaw(location, value, rule)


def described(flaws: Iterable[Flaw]) -> str:
    """The first few of ``flaws`` in one line, with their paths in a notification."""
    return "; ".join(
        f"{dotted(('body', *flaw.location))} is {brief(flaw.value)}: {flaw.rule}"
        for flaw in islice(flaws, _MAX_SENTENCES)
    )


def _flawed_names(location: tuple[int | str, ...], value: dict[Any, Any]) -> Iterator[Flaw]:
    for name in value:
        if not isinstance(name, str):
            rule = "a name in an object has to be text; write str(name)"
            yield Flaw((*location, brief(name)), name, rule)
        elif (problem := _text_problem(name)) is not None:
            yield Flaw((*location, name), name, problem)


def _rule(value: object, *, is_whole: bool) -> str | None:
    """The rule that ``value`` breaks, with advice; ``None`` if JSON has such a value."""
    match value:
        case None | bool():
            return None
        case str():
            return _text_problem(value)
        case int():
            problem = f"an integer has at most {MAX_DIGITS:,} digits; send it as a string"
            return problem if abs(value) >= _TOO_LONG else None
        case float():
            problem = "JSON has no such number; write None or a string"
            return None if math.isfinite(value) else problem
        case bytes() | bytearray() | memoryview() if is_whole:
            return "JSON has no bytes; give them as body_base64"
    return f"JSON has no {type(value).__name__}; {_advice(value)}"


def _advice(value: object) -> str:
    if is_dataclass(value) and not isinstance(value, type):
        return "write dataclasses.asdict(value)"
    for type_, expression in _ADVICE:
        if isinstance(value, type_):
            return f"write {expression}"
    return "write it as text, a number, a list or a dict"


def _text_problem(text: str) -> str | None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return f"it has {text[error.start]!a}, half of a surrogate pair; write the whole character"
    return None


def _json_value(value: object, handler: ValidatorFunctionWrapHandler) -> object:
    try:
        return handler(value)
    except ValidationError:
        found = [*islice(flaws(value), _MAX_FLAWS)]
        if not found:
            raise
        raise ValidationError.from_exception_data(
            "body",
            [
                InitErrorDetails(
                    type=PydanticCustomError("not_json", "{rule}", {"rule": flaw.rule}),
                    loc=flaw.location,
                    input=flaw.value,
                )
                for flaw in found
            ],
        ) from None


Body = Annotated[JsonValue, WrapValidator(_json_value)]
"""Any JSON value."""
