"""The base of all models: frozen, strict about names, with messages for people."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, Generic, Self, TypeVar, overload

from pydantic import BaseModel, ConfigDict, ValidationError, WithJsonSchema

from tidings.base.explanation import explained
from tidings.base.json_text import UnkeptValueError, read_json
from tidings.errors import InvalidInputError

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
    """``value`` as the default of a ``Converted`` field, without a complaint of type checkers."""
    return value


@contextmanager
def _refusing(model: type[BaseModel]) -> Iterator[None]:
    """Turns pydantic's refusal of ``model`` into ``InvalidInputError``."""
    try:
        yield
    except ValidationError as error:
        raise InvalidInputError(explained(model.__name__, error)) from None


class Model(BaseModel):
    """A frozen model that raises ``InvalidInputError`` where it is constructed or validated.

    Inside a foreign model it raises pydantic's ``ValidationError`` as every model does, because
    frameworks such as FastAPI catch no other.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        ser_json_timedelta="float",
        use_attribute_docstrings=True,
    )

    if not TYPE_CHECKING:  # type checkers take the constructor's arguments from the fields

        def __init__(self, **fields: Any) -> None:
            with _refusing(type(self)):
                super().__init__(**fields)

        # Without this mark pydantic also calls __init__ for a model inside another one, and our
        # exception would leave through the outer model. SQLModel uses the mark, too.
        __init__.__pydantic_base_init__ = True

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """As pydantic's; raises ``InvalidInputError``."""
        with _refusing(cls):
            return super().model_validate(obj, **options)

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self:
        """As pydantic's, but keeps every number (see ``read_json``).

        Raises ``InvalidInputError``.
        """
        try:
            document = read_json(json_data)
        except UnkeptValueError as error:
            raise InvalidInputError(f"{cls.__name__}: {error}") from None
        except ValueError as error:
            raise InvalidInputError(f"{cls.__name__} is not JSON: {error}") from None
        return cls.model_validate(document, **options)

    def to_json(self) -> dict[str, Any]:
        """This model as plain JSON values: the form that is stored and sent."""
        return self.model_dump(mode="json")


class Record(Model):
    """A model that only Tidings writes; fields that a later release adds are ignored."""

    model_config = ConfigDict(extra="ignore")
