"""The lines of a reconciliation file, whatever a target has answered."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest

from tests.support.samples import NOW
from tidings import NotificationSummary
from tidings.cli.reconciliation import FIELDS, Format, writer

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


def summary(**fields: Any) -> NotificationSummary:
    document = {
        "id": "payment-1",
        "type": "payment.succeeded",
        "target": "https://orders.example.com/notify",
        "authority": "orders.example.com:443",
        "status": "awaiting_intervention",
        "reason": "refused",
        "accepted_at": NOW,
        "awaiting_since": NOW + timedelta(seconds=1.5),
        "expires_at": NOW + timedelta(days=1),
        **fields,
    }
    return NotificationSummary.model_validate(document)


def written(format_: Format, *notifications: NotificationSummary) -> str:
    text = io.StringIO(newline="")
    write = writer(format_, text)
    for each in notifications:
        write(each)
    return text.getvalue()


@pytest.mark.parametrize("explanation", HOSTILE + FORMULAS, ids=ascii)
def test_json_lines_are_read_back_as_they_were(explanation: str) -> None:
    lines = written(Format.JSONL, summary(explanation=explanation), summary()).split("\n")
    assert (len(lines), lines[2]) == (3, "")
    found = json.loads(lines[0])
    assert tuple(found) == FIELDS
    assert NotificationSummary.model_validate(found) == summary(explanation=explanation)


@pytest.mark.parametrize("explanation", HOSTILE, ids=ascii)
def test_csv_is_read_back_as_it_was(explanation: str) -> None:
    text = written(Format.CSV, summary(explanation=explanation), summary(id="second"))
    header, first, second = csv.reader(io.StringIO(text, newline=""))
    assert tuple(header) == FIELDS
    found = {name: value or None for name, value in zip(header, first, strict=True)}
    expected = summary(explanation=explanation or None)
    assert NotificationSummary.model_validate(found) == expected
    assert second[0] == "second"


@pytest.mark.parametrize("formula", FORMULAS, ids=ascii)
def test_csv_holds_no_formula_of_a_spreadsheet(formula: str) -> None:
    fields = ("id", "type", "target", "authority", "explanation")
    text = written(Format.CSV, summary(**dict.fromkeys(fields, formula)))
    (line,) = csv.DictReader(io.StringIO(text, newline=""))
    assert [line[field] for field in fields] == [f"'{formula}"] * len(fields)


def test_csv_of_nothing_is_its_header() -> None:
    assert written(Format.CSV) == ",".join(FIELDS) + "\r\n"
    assert not written(Format.JSONL)
