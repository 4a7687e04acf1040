"""What stands in a reconciliation file, whatever a target has answered."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.samples import NOW
from tidings import InvalidInputError, NotificationSummary
from tidings.cli import selection
from tidings.cli.export import FIELDS, Format, writer
from tidings.cli.selection import Selection

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
    given = {
        "id": "payment-1",
        "type": "payment.succeeded",
        "target": "orders.example.com:443",
        "status": "awaiting_intervention",
        "reason": "refused",
        "accepted_at": NOW,
        "awaiting_since": NOW + timedelta(seconds=1.5),
        **fields,
    }
    return NotificationSummary.model_validate(given)


def written(format_: Format, *notifications: NotificationSummary) -> str:
    text = io.StringIO(newline="")
    write = writer(format_, text)
    for each in notifications:
        write(each)
    return text.getvalue()


@pytest.mark.parametrize("explanation", HOSTILE + FORMULAS, ids=ascii)
def test_json_lines_hold_what_was_said(explanation: str) -> None:
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
@pytest.mark.parametrize("field", ["id", "type", "target", "explanation"])
def test_csv_holds_nothing_that_a_spreadsheet_computes(field: str, formula: str) -> None:
    text = written(Format.CSV, summary(**{field: formula}))
    (line,) = csv.DictReader(io.StringIO(text, newline=""))
    assert line[field] == f"'{formula}"


def test_csv_of_nothing_is_its_header() -> None:
    assert written(Format.CSV) == ",".join(FIELDS) + "\r\n"
    assert not written(Format.JSONL)


def read(since: str | None = None, until: str | None = None) -> Selection:
    return selection.read(None, None, None, since=since, until=until)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-22T08:00:00+08:00", datetime(2026, 11, 22, tzinfo=UTC)),
        ("2026-11-22T00:00:00Z", datetime(2026, 11, 22, tzinfo=UTC)),
        ("2026-11-22 00:00:00.5+00:00", datetime(2026, 11, 22, 0, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-11-22", datetime(2026, 11, 22).astimezone(UTC)),
    ],
)
def test_a_time_has_a_time_zone_or_is_a_local_midnight(text: str, moment: datetime) -> None:
    assert (read(since=text).since, read(until=text).until) == (moment, moment)


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("2026-11-22T08:00:00", "has no time zone; add one"),
        ("2026-11-22 08:00", "has no time zone; add one"),
        ("yesterday", "takes ISO 8601 with time zone"),
        ("", "takes ISO 8601 with time zone"),
        ("2026-02-30", "takes ISO 8601 with time zone"),
        ("1764000000", "takes ISO 8601 with time zone"),
        ("0001-01-01T00:00:00+08:00", "takes ISO 8601 with time zone"),
        ("9999-12-31T23:59:59-08:00", "takes ISO 8601 with time zone"),
    ],
)
@pytest.mark.parametrize("name", ["since", "until"])
def test_any_other_time_is_refused_and_told(name: str, text: str, fragment: str) -> None:
    with pytest.raises(InvalidInputError, match=fragment) as refused:
        read(**{name: text})
    assert f"--{name}" in str(refused.value)
    assert repr(text) in str(refused.value)


@pytest.mark.parametrize("until", ["2026-11-22T00:00:00Z", "2026-11-22T00:00:00+08:00"])
def test_a_period_in_which_nothing_can_lie_is_refused(until: str) -> None:
    with pytest.raises(InvalidInputError, match="is not after"):
        read(since="2026-11-22T00:00:00Z", until=until)


@pytest.mark.parametrize(
    ("duration", "shown"),
    [
        (timedelta(days=7), "7 days"),
        (timedelta(days=1), "1 day"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=36), "36 hours"),
        (timedelta(hours=72), "3 days"),
    ],
)
def test_a_retention_is_told_in_days(duration: timedelta, shown: str) -> None:
    assert selection.shown_days(duration) == shown
