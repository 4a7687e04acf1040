"""The conditions on an answer's body; pure.

A condition names one value, or a list of values of which the body has one.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final, Self

from pydantic import BeforeValidator, Field, model_validator

from tidings.base import Model, default
from tidings.base.text import brief

_MAX_TEXT: Final = 1024
_MAX_INTEGER: Final = 2**64 - 1
_MAX_CHOICES: Final = 10


def choices(value: Any) -> tuple[Any, ...]:
    """The values that a condition accepts; a single value is one of them."""
    return value if isinstance(value, tuple) else (value,)


def folded(text: str) -> str:
    """``text`` without regard to case and to white space around it."""
    # Unicode's normal forms are left out: some texts take seconds to normalize.
    return text.strip().casefold()


def json_key(value: Any) -> tuple[int, Any]:
    """A key that is equal for equal JSON: ``1`` is ``1.0``, but it is not ``true`` or ``"1"``."""
    match value:
        case None:
            return 0, 0
        case bool():
            return 1, value
        case int() | float():
            return 2, value
        case _:
            return 3, value


def _text(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("only a text can be compared")  # noqa: TRY004
    value.encode()  # refuses half of a surrogate pair, which no body has
    if len(value) > _MAX_TEXT:
        raise ValueError(f"a text has at most {_MAX_TEXT} characters")
    return value


def _scalar(value: object) -> object:
    """Refuses in one sentence. A union of types would refuse once for each type."""
    match value:
        case None | bool():
            pass
        case str():
            _text(value)
        case int():
            if abs(value) > _MAX_INTEGER:
                raise ValueError("an integer has at most 64 bits")
        case float():
            if not math.isfinite(value):
                raise ValueError("a number has to be finite")
        case _:
            raise ValueError("only a text, a number, true, false and null can be compared")
    return value


def _one_or_more(check: Callable[[object], object]) -> BeforeValidator:
    """Reads one value, or a list of values: sorted, each once, so that equal rules are equal."""

    def read(value: object) -> object:
        if not isinstance(value, list | tuple | set | frozenset):
            return check(value)
        if not 1 <= len(value) <= _MAX_CHOICES:
            raise ValueError(f"a list has 1 to {_MAX_CHOICES} values; this one has {len(value)}")
        for number, item in enumerate(value, start=1):
            try:
                check(item)
            except ValueError as error:
                raise ValueError(f"item {number} of the list: {error}") from None
        distinct = {json_key(item): item for item in value}
        several = tuple(distinct[key] for key in sorted(distinct))
        return several if len(several) > 1 else several[0]

    return BeforeValidator(read)


def _pointer(value: object) -> object:
    if isinstance(value, str) and value and not value.startswith("/"):
        raise ValueError(f"a JSON pointer begins with '/'; did you mean {brief(f'/{value}')}?")
    return value


if TYPE_CHECKING:
    from tidings.base.model import Converted

    _Json = bool | int | float | str | None
    TextChoice = Converted[str | tuple[str, ...] | None, str | Iterable[str] | None]
    JsonValues = Converted[
        dict[str, _Json | tuple[_Json, ...]] | None, Mapping[str, _Json | Iterable[_Json]] | None
    ]
    XmlTexts = Converted[
        dict[str, str | tuple[str, ...]] | None, Mapping[str, str | Iterable[str]] | None
    ]
else:
    _Several = Field(min_length=1, max_length=_MAX_CHOICES)
    _Text = Annotated[str, Field(max_length=_MAX_TEXT)]
    _Scalar = bool | int | float | _Text | None
    _Texts = Annotated[_Text | Annotated[tuple[_Text, ...], _Several], _one_or_more(_text)]
    _Scalars = Annotated[_Scalar | Annotated[tuple[_Scalar, ...], _Several], _one_or_more(_scalar)]
    _JsonPointer = Annotated[
        str,
        Field(max_length=200, pattern=r"^(?:/(?:[^~/\x00-\x1f]|~[01])*)*$"),
        BeforeValidator(_pointer),
    ]
    _ElementPath = Annotated[
        str, Field(max_length=200, pattern=r"^(?:\.|[^\W\d][\w.\-]*(?:/[^\W\d][\w.\-]*)*)$")
    ]
    TextChoice = _Texts | None
    """A text, or several of which one has to be there."""
    JsonValues = Annotated[dict[_JsonPointer, _Scalars], Field(min_length=1, max_length=10)] | None
    """Values by JSON pointer (RFC 6901), as ``/code`` or ``/data/0/state``. The empty pointer is
    the whole document."""
    XmlTexts = Annotated[dict[_ElementPath, _Texts], Field(min_length=1, max_length=10)] | None
    """Texts by the names of elements below the root, without namespaces, as ``return_code`` or
    ``head/state``. ``.`` is the root itself."""


class ExpectedBody(Model):
    """The conditions on the body of an answer; every condition that is set must hold."""

    body_equals: TextChoice = default(None)
    """The whole body, at most 1024 characters, or a list of 1 to 10 bodies of which it is one.
    ``None`` is any body."""
    ignore_case_and_space: bool = False
    """Compare ``body_equals`` without regard to case and to white space around the body."""
    json_equals: JsonValues = default(None)
    """The values that the body must have as JSON, by JSON pointer: ``{"/code": "SUCCESS"}``.
    A list of 1 to 10 values means one of these: ``{"/code": [0, 200]}``. At most 10 pointers."""
    xml_equals: XmlTexts = default(None)
    """The texts that the body must have as XML, by element: ``{"return_code": "SUCCESS"}``.
    A list of 1 to 10 texts means one of these. At most 10 elements."""

    @model_validator(mode="after")
    def _check_conditions(self) -> Self:
        if self.ignore_case_and_space and self.body_equals is None:
            raise ValueError("ignore_case_and_space needs a body_equals to compare; give both")
        if self.json_equals and self.xml_equals:
            raise ValueError("a body is not JSON and XML at once; give json_equals or xml_equals")
        return self

    def implies(self, other: "ExpectedBody") -> bool:
        """True if a body that meets these conditions always meets those of ``other``, too.

        It compares condition with condition, and does not look for JSON in a text.
        """
        return (
            self._implies_text(other)
            and _are_within(self.json_equals, other.json_equals, json_key)
            and _are_within(self.xml_equals, other.xml_equals, str.strip)
        )

    def _implies_text(self, other: "ExpectedBody") -> bool:
        if other.body_equals is None:
            return True
        if self.body_equals is None or self.ignore_case_and_space > other.ignore_case_and_space:
            return False
        key = folded if other.ignore_case_and_space else str
        return {*map(key, choices(self.body_equals))} <= {*map(key, choices(other.body_equals))}


def _are_within(
    ones: Mapping[str, Any] | None, others: Mapping[str, Any] | None, key: Callable[[Any], object]
) -> bool:
    """True if ``ones`` has every name of ``others``, and only values that these accept."""
    return all(
        name in (ones or {}) and {*map(key, choices((ones or {})[name]))} <= {*map(key, accepted)}
        for name, accepted in ((name, choices(value)) for name, value in (others or {}).items())
    )


class BodyCondition(ExpectedBody):
    """Conditions that give an answer a meaning by its body; at least one of them is set."""

    @model_validator(mode="after")
    def _check_presence(self) -> Self:
        if self.body_equals is None and not self.json_equals and not self.xml_equals:
            raise ValueError("it has no condition; give body_equals, json_equals or xml_equals")
        return self
