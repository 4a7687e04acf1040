"""The base of all models: frozen, strict about names, with messages for people."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, Generic, Self, TypeVar, overload

from pydantic import BaseModel, ConfigDict, ValidationError, WithJsonSchema

from tidings.errors import InvalidInputError
from tidings.explanation import explained

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
    """A frozen model that raises ``InvalidInputError`` where it is constructed or validated.

    Inside a model of somebody else's it raises pydantic's ``ValidationError``, as every model
    does: frameworks such as FastAPI catch that one and no other.
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
            try:
                super().__init__(**fields)
            except ValidationError as error:
                raise InvalidInputError(explained(type(self).__name__, error)) from None

        # Without this mark pydantic calls __init__ for models inside of models too, and then our
        # exception would go through the one of the outer model.
        __init__.__pydantic_base_init__ = True

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """As pydantic's; raises ``InvalidInputError``."""
        try:
            return super().model_validate(obj, **options)
        except ValidationError as error:
            raise InvalidInputError(explained(cls.__name__, error)) from None

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self:
        """As pydantic's; raises ``InvalidInputError``."""
        try:
            return super().model_validate_json(json_data, **options)
        except ValidationError as error:
            raise InvalidInputError(explained(cls.__name__, error)) from None

    def to_json(self) -> dict[str, Any]:
        """This model as plain JSON values, the form in which it crosses every border."""
        return self.model_dump(mode="json")


class Record(Model):
    """A model that Tidings itself writes and reads; fields of later releases are ignored."""

    model_config = ConfigDict(extra="ignore")
