"""Values in messages: short, on one line, and printable."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tidings.base import Model
from tidings.base.text import brief
from tidings.errors import InvalidInputError
from tidings.fields.acknowledgement import Acknowledgement
from tidings.fields.retry import Intervals


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        ("it's", '"it\'s"'),
        ("a\n\x00", r"'a\n\x00'"),
        ("\ud800", r"'\ud800'"),
        ({"a": [1, True]}, "{'a': [1, True]}"),
        (timedelta(seconds=-1), "-1 s"),
        (timedelta(milliseconds=1), "0.001 s"),
        (timedelta(hours=1), "3600 s"),
        (timedelta(0), "0 s"),
        (10**5000, "a number too long to show"),
        ([10**5000], "a number too long to show"),
        ({"a": {"b": 10**5000}}, "a number too long to show"),
    ],
    ids=lambda value: ascii(value)[:30] if isinstance(value, str) else "",
)
def test_a_value_is_shown_as(value: object, text: str) -> None:
    assert brief(value) == text


@pytest.mark.parametrize("text", ["x", "支", "😀", "'", "\\", "\n", "\x00", "\ud800"], ids=ascii)
def test_whatever_is_shown_is_one_line_of_120_characters(text: str) -> None:
    long = text * 10_000
    nested: Any = long
    for _ in range(50):
        nested = {long: [nested, nested, nested]}
    for value in (
        long,
        long.encode(errors="replace"),
        [long] * 1000,
        (long,) * 1000,
        {f"{long}{number}": long for number in range(1000)},
        {long, "x"},
        nested,
        10**4000,
        [10**4000] * 100,
    ):
        line = brief(value)
        assert 5 < len(line) <= 121
        assert "\n" not in line
        assert json.loads(json.dumps(line)) == line
        line.encode()


def test_what_is_cut_says_so() -> None:
    assert "..." in brief("x" * 101)
    assert brief("x" * 98) == f"'{'x' * 98}'"
    assert brief(["x" * 90] * 6).endswith("…")


@pytest.mark.parametrize(
    ("model", "fields", "problem"),
    [
        (Intervals, {"intervals": [0]}, "Intervals.intervals.0 is 0 s"),
        (Acknowledgement, {"json_equals": {"/a": []}}, "Acknowledgement.json_equals./a is []"),
    ],
)
def test_a_list_with_one_bad_item_is_not_called_empty(
    model: type[Model], fields: dict[str, Any], problem: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        model.model_validate(fields)
    assert str(refused.value).startswith(problem)
    assert "at least 1 item" not in str(refused.value)


def test_an_empty_list_is_refused_as_empty() -> None:
    with pytest.raises(InvalidInputError, match=r"intervals is \[\]: Tuple should have at least 1"):
        Intervals.model_validate({"intervals": []})
