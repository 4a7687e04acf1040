"""Python values that JSON does not have: refused with the path, and what to write instead."""

from collections import OrderedDict, deque
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel

from tests.support.samples import NOW, notification, refusal
from tidings.errors import InvalidInputError
from tidings.intervention import Resend

KEY = UUID("12345678123456781234567812345678")


class Colour(Enum):
    RED = "red"


class Text(StrEnum):
    A = "a"


class Number(IntEnum):
    ONE = 1


@dataclass
class Item:
    number: int


class Order(BaseModel):
    number: int


VALUES: dict[str, tuple[object, str]] = {
    "decimal": (Decimal("12.50"), "Decimal('12.50'): JSON has no Decimal; write str(value)"),
    "datetime": (NOW, "JSON has no datetime; write value.isoformat()"),
    "date": (date(2026, 1, 1), "JSON has no date; write value.isoformat()"),
    "time": (time(8), "JSON has no time; write value.isoformat()"),
    "timedelta": (timedelta(1), "JSON has no timedelta; write value.total_seconds()"),
    "uuid": (KEY, "JSON has no UUID; write str(value)"),
    "tuple": ((1, 2), "(1, 2): JSON has no tuple; write list(value)"),
    "set": ({1}, "{1}: JSON has no set; write sorted(value)"),
    "frozenset": (frozenset({1}), "JSON has no frozenset; write sorted(value)"),
    "deque": (deque([1]), "JSON has no deque; write list(value)"),
    "range": (range(3), "JSON has no range; write list(value)"),
    "mapping": (MappingProxyType({}), "JSON has no mappingproxy; write dict(value)"),
    "enum": (Colour.RED, "JSON has no Colour; write value.value"),
    "dataclass": (Item(1), "JSON has no Item; write dataclasses.asdict(value)"),
    "model": (Order(number=1), "JSON has no Order; write value.model_dump(mode='json')"),
    "bytes": (b"x", "b'x': JSON has no bytes; write base64.b64encode(value).decode()"),
    "path": (Path("a"), "JSON has no PosixPath; write it as text, a number, a list or a dict"),
    "nan": (float("nan"), "nan: JSON has no such number; write None or a string"),
    "name": ({1: 2}, "1: a name in an object has to be text; write str(name)"),
}


@pytest.mark.parametrize(("value", "problem"), VALUES.values(), ids=VALUES)
def test_case_13_a_value_that_json_lacks_is_refused_with_advice(value: Any, problem: str) -> None:
    message = refusal(body={"items": [{"price": value}]})
    assert message.startswith("Notification.body.items.0.price")
    assert problem in message
    with pytest.raises(InvalidInputError) as refused:
        Resend(body=[value])
    assert str(refused.value).startswith("Resend.body.0")


def test_case_13_all_of_them_are_named_at_once() -> None:
    message = refusal(body={"paid": Decimal("12.50"), "at": NOW, "ids": (1, 2), "key": KEY})
    for path in ("paid", "at", "ids", "key"):
        assert f"Notification.body.{path} is " in message
    assert refusal(body=[Decimal(n) for n in range(250)]).endswith("; and 95 more")


def test_bytes_as_a_whole_body_have_a_field_of_their_own() -> None:
    assert "Notification.body is b'x': JSON has no bytes; give them as body_base64" in refusal(
        body=b"x"
    )


def test_values_that_json_has_are_taken() -> None:
    """Enumerations of text and numbers are texts and numbers."""
    body: Any = OrderedDict(b=Text.A, a=[Number.ONE, 1.5, True, None])
    assert notification(body=body).body_bytes == b'{"b":"a","a":[1,1.5,true,null]}'


def test_a_body_that_is_very_deep_or_endless_is_refused() -> None:
    endless: list[Any] = [Decimal(1)]
    endless.append(endless)
    deep: Any = Decimal(1)
    for _ in range(5000):
        deep = [deep]
    for body in (endless, deep):
        assert "Notification.body" in refusal(body=body)
