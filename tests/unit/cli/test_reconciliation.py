"""The lines of a reconciliation file, whatever a target has answered."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from tests.support.samples import NOW
from tidings import InvalidInputError, NotificationSummary
from tidings.cli.reconciliation import COLUMNS, Format, chosen_columns, writer

ALL = tuple(COLUMNS)
HOSTILE = [
    "plain",
    'answered 404 with "gone", twice',
    "one\rline",
    "two\nlines\r\nand a third",
    "支付 → 🎉",
    "a,b;c\td",
    "null\x00 and escape\x1b[2J",
    "' or ''",
    "",
]
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://x","y")']
TEXTS = ("explanation", "excerpt", "operator", "operator_reason")
"""The fields with text that others wrote."""


def summary(**fields: Any) -> NotificationSummary:
    document = {
        "id": "payment-1",
        "type": "payment.succeeded",
        "target": "https://orders.example.com/notify",
        "authority": "orders.example.com:443",
        "status": "awaiting_intervention",
        "reason": "refused",
        "cause": "refused:404",
        "attempt_count": 3,
        "status_code": 404,
        "accepted_at": NOW,
        "awaiting_since": NOW + timedelta(seconds=1.5),
        "expires_at": NOW + timedelta(days=1),
        **fields,
    }
    return NotificationSummary.model_validate(document)


def written(
    format_: Format, *notifications: NotificationSummary, columns: Sequence[str] = ALL
) -> str:
    text = io.StringIO(newline="")
    write = writer(format_, columns, text)
    for each in notifications:
        write(each)
    return text.getvalue()


def read_back(row: dict[str, Any]) -> NotificationSummary:
    return NotificationSummary.model_validate({COLUMNS[name]: row[name] for name in row})


@pytest.mark.parametrize("text", HOSTILE + FORMULAS, ids=ascii)
def test_json_lines_are_read_back_as_they_were(text: str) -> None:
    hostile = summary(**dict.fromkeys(TEXTS, text))
    lines = written(Format.JSONL, hostile, summary()).split("\n")
    assert (len(lines), lines[2]) == (3, "")
    found = json.loads(lines[0])
    assert tuple(found) == ALL
    assert read_back(found) == hostile


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_csv_is_read_back_as_it_was(text: str) -> None:
    hostile = summary(**dict.fromkeys(TEXTS, text))
    header, first, second = csv.reader(
        io.StringIO(written(Format.CSV, hostile, summary(id="second")), newline="")
    )
    assert tuple(header) == ALL
    found = {name: value or None for name, value in zip(header, first, strict=True)}
    assert read_back(found) == summary(**dict.fromkeys(TEXTS, text or None))
    assert second[0] == "second"


@pytest.mark.parametrize("formula", FORMULAS, ids=ascii)
def test_csv_holds_no_formula_of_a_spreadsheet(formula: str) -> None:
    fields = ("id", "type", "target", "authority", *TEXTS)
    text = written(Format.CSV, summary(**dict.fromkeys(fields, formula)))
    (line,) = csv.DictReader(io.StringIO(text, newline=""))
    assert [line[field] for field in fields] == [f"'{formula}"] * len(fields)


def test_csv_of_nothing_is_its_header() -> None:
    assert written(Format.CSV) == ",".join(ALL) + "\r\n"
    assert not written(Format.JSONL)


def test_an_absent_value_is_null_or_empty() -> None:
    rejected = summary(status="rejected", type=None, target=None, attempt_count=None)
    columns = ("id", "type", "target", "attempts")
    assert json.loads(written(Format.JSONL, rejected, columns=columns)) == {
        "id": "payment-1",
        "type": None,
        "target": None,
        "attempts": None,
    }
    assert written(Format.CSV, rejected, columns=columns).splitlines()[1] == "payment-1,,,"


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        (None, ALL),
        ("id", ("id",)),
        ("status,id", ("status", "id")),
        (" attempts , id", ("attempts", "id")),
        (",".join(ALL), ALL),
    ],
)
def test_columns_are_chosen_in_their_order(text: str | None, columns: Sequence[str]) -> None:
    assert (*chosen_columns(text),) == (*columns,)
    header, row = written(Format.CSV, summary(), columns=columns).splitlines()
    assert header == ",".join(columns)
    assert len(next(csv.reader([row]))) == len(columns)
    assert tuple(json.loads(written(Format.JSONL, summary(), columns=columns))) == (*columns,)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "'', which is not a column; there are id, type, "),
        ("id,", "'', which is not a column"),
        ("id,body", "'body', which is not a column"),
        ("ID", "'ID', which is not a column"),
        ("attempt_count", "'attempt_count', which is not a column"),
        ("id,status,id", "'id' twice"),
    ],
)
def test_other_columns_are_refused(text: str, problem: str) -> None:
    with pytest.raises(InvalidInputError, match=f"--columns has {problem}"):
        chosen_columns(text)
