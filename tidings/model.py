"""The ground all models stand on: frozen, strict about names, readable when they refuse."""

import reprlib
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, Generic, Self, TypeVar, overload

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import ErrorDetails

from tidings.errors import InvalidInputError

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 100
_SHORT.maxlevel = 3
_SHOWN_CHARACTERS = 120
_SHOWN_PATH = 100
_SHOWN_RULE = 300
_TOLD_PROBLEMS = 5
_CONCEALED_FIELDS = frozenset({"headers", "signing_key", "report_signing_key"})
"""Fields whose values may be credentials, if only by mistake, and so stay out of messages."""

_URL_FIELDS = frozenset({"target", "report_to"})
"""Fields that may hold a user and password, or a secret in their query."""

if TYPE_CHECKING:
    Read_co = TypeVar("Read_co", covariant=True)
    Write_contra = TypeVar("Write_contra", contravariant=True)

    class Converted(Generic[Read_co, Write_contra]):
        """A field that is read as one type and may be set as others.

        Type checkers take what a field accepts from ``__set__``, so that ``timeout=10``
        is as well typed as ``timeout=timedelta(seconds=10)``.
        """

        @overload
        def __get__(self, instance: None, owner: type) -> Self: ...
        @overload
        def __get__(self, instance: object, owner: type) -> Read_co: ...
        def __get__(self, instance: object | None, owner: type) -> Self | Read_co: ...
        def __set__(self, instance: object, value: Write_contra) -> None: ...

    Duration = Converted[timedelta, timedelta | float]
else:
    Duration = Annotated[
        timedelta,
        WithJsonSchema(
            {
                "anyOf": [{"type": "number"}, {"type": "string", "format": "duration"}],
                "description": "seconds, or an ISO 8601 duration",
            }
        ),
    ]


def default(value: Any) -> Any:
    """The default of a ``Converted`` field, which type checkers would hold against the class."""
    return value


class Model(BaseModel):
    """A frozen model whose refusals are ``InvalidInputError`` with a message for people."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        ser_json_timedelta="float",
        use_attribute_docstrings=True,
    )

    @model_validator(mode="wrap")
    @classmethod
    def _explain_refusal(cls, value: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            model = handler(value)
            model.check_whole()
        except ValidationError as error:
            raise InvalidInputError(_explain(cls.__name__, error)) from None
        except ValueError as error:
            raise InvalidInputError(f"{cls.__name__}: {error}") from None
        return model

    def check_whole(self) -> None:
        """Raises ``ValueError`` where fields that are valid alone break a rule together."""

    def to_json(self) -> dict[str, Any]:
        """This model as plain JSON values, the form in which it crosses every border."""
        return self.model_dump(mode="json")


class Record(Model):
    """What Tidings writes and reads itself: a field that a later release adds is passed over."""

    model_config = ConfigDict(extra="ignore")


def _explain(model: str, error: ValidationError) -> str:
    found = error.errors(include_url=False)
    problems = [each for each in found if not _follows(each["type"], each["loc"], found)]
    told = [
        _explain_one(model, problem["loc"], problem["type"], problem["msg"], problem["input"])
        for problem in problems[:_TOLD_PROBLEMS]
    ]
    if len(problems) > _TOLD_PROBLEMS:
        told.append(f"and {len(problems) - _TOLD_PROBLEMS} more")
    return "; ".join(told)


def _follows(kind: str, location: tuple[int | str, ...], problems: list[ErrorDetails]) -> bool:
    """Whether it only says that items are missing: those that were refused are not counted."""
    return kind == "too_short" and any(
        len(each["loc"]) > len(location) and each["loc"][: len(location)] == location
        for each in problems
    )


def _explain_one(
    model: str, location: tuple[int | str, ...], kind: str, rule: str, value: object
) -> str:
    field = _printable(".".join(str(part) for part in location)[:_SHOWN_PATH])
    rule = _printable(rule.removeprefix("Value error, ")[:_SHOWN_RULE])
    if kind == "union_tag_not_found":
        return f"{model}.{field} is {shown(value)}: it needs a 'kind'"
    if kind == "missing":
        return f"{model}.{field} is missing"
    if kind == "extra_forbidden":
        return f"{model} has no field {shown(field)}"
    if not field:
        return f"{model} is {shown(value)}: {rule}"
    if _CONCEALED_FIELDS.intersection(location) or (field in _URL_FIELDS and _may_hold_user(value)):
        return f"{model}.{field}: {rule}"
    if field in _URL_FIELDS and isinstance(value, str) and "?" in value:
        value = f"{value.partition('?')[0]}?…"
    return f"{model}.{field} is {shown(value)}: {rule}"


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "·" for char in text)


def _may_hold_user(target: object) -> bool:
    return "@" in target if isinstance(target, str) else not isinstance(target, int | float | None)


def shown(value: object) -> str:
    """``value`` as a message may show it: its ``repr``, cut to a line however large it is."""
    if isinstance(value, timedelta):
        return f"{value.total_seconds():.15g} s"
    try:
        text = _SHORT.repr(value)
    except ValueError:  # Python refuses to spell out integers of thousands of digits
        return "a number too long to show"
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
