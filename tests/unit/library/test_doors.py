"""The doors of the models: ours raise our error, and a foreign model raises pydantic's."""

import json
from typing import Any, Final

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from tests.support.samples import TARGET, notification_json
from tidings.base import Model
from tidings.errors import InvalidInputError
from tidings.fields.retry import FixedInterval
from tidings.filter import Filter
from tidings.intervention import Abandon, Correct, Resend
from tidings.notification import Notification

GOOD: Final = notification_json()
BAD: Final = notification_json(retry={"kind": "fixed", "interval": 0, "maximum_attempts": 2})
MESSAGE: Final = "Notification.retry.interval is 0 s: Input should be greater than or equal to "


class Order(BaseModel):
    """A foreign model."""

    notification: Notification
    more: list[Notification] = []


OUR_DOORS: Final = {
    "constructor": lambda fields: Notification(**fields),
    "model_validate": Notification.model_validate,
    "model_validate_json": lambda fields: Notification.model_validate_json(json.dumps(fields)),
}
FOREIGN_DOORS: Final = {
    "constructor": lambda fields: Order(notification=fields),
    "model_validate": lambda fields: Order.model_validate({"notification": fields}),
    "model_validate_json": lambda fields: Order.model_validate_json(
        json.dumps({"notification": fields})
    ),
    "list": lambda fields: Order.model_validate({"notification": GOOD, "more": [GOOD, fields]}),
    "adapter": TypeAdapter(Notification).validate_python,
    "adapter-of-json": lambda fields: TypeAdapter(Notification).validate_json(json.dumps(fields)),
    "adapter-of-a-union": TypeAdapter(Notification | None).validate_python,
}


@pytest.mark.parametrize("door", OUR_DOORS.values(), ids=OUR_DOORS)
def test_our_door_raises_our_error(door: Any) -> None:
    assert door(GOOD).target == TARGET
    with pytest.raises(InvalidInputError) as refused:
        door(BAD)
    assert str(refused.value).startswith(MESSAGE)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


@pytest.mark.parametrize("door", FOREIGN_DOORS.values(), ids=FOREIGN_DOORS)
def test_case_14_a_foreign_door_raises_pydantics_error(door: Any) -> None:
    """Fails if pydantic drops ``__pydantic_base_init__``, the mark in ``base.py``."""
    door(GOOD)
    with pytest.raises(ValidationError) as refused:
        door(BAD)
    (problem,) = refused.value.errors()
    assert problem["loc"][-3:] == ("retry", "fixed", "interval")


def test_a_foreign_union_tries_its_next_member() -> None:
    """With our error it would end at the first one."""
    either = TypeAdapter(Abandon | Resend | Filter)
    assert either.validate_python({"target": TARGET, "body": 5}) == Resend(target=TARGET, body=5)


def test_a_model_in_a_model_of_ours_has_the_whole_path() -> None:
    with pytest.raises(InvalidInputError, match=r"^Resend\.acknowledgement\.status\.0 is 99: "):
        Resend.model_validate({"acknowledgement": {"status": [99]}})


@pytest.mark.parametrize("text", ["", "{", "[]", '"a"', '{"id": 1e999}'])
def test_json_that_is_broken_is_refused_at_our_door(text: str) -> None:
    with pytest.raises(InvalidInputError, match=r"^Notification"):
        Notification.model_validate_json(text)


@pytest.mark.parametrize("model", [Notification, Resend, Correct, Abandon, Filter, FixedInterval])
def test_the_constructor_has_the_name_of_its_model(model: type[Model]) -> None:
    fields: dict[str, Any] = {"colour": "red"}
    with pytest.raises(InvalidInputError, match=f"^{model.__name__}"):
        model(**fields)
