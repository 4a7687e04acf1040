"""The moments and spans that a person writes on the command line."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tidings import InvalidInputError
from tidings.cli import moments

NOW = datetime(2026, 11, 26, 13, 30, 15, tzinfo=UTC)


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The local time of Berlin: UTC+1, in summer UTC+2."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def at(*fields: int) -> datetime:
    return datetime(*fields, tzinfo=UTC)  # type: ignore[arg-type, misc] # year to second


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0s", NOW),
        ("90s", NOW - timedelta(seconds=90)),
        ("5m", NOW - timedelta(minutes=5)),
        ("2h", NOW - timedelta(hours=2)),
        ("1d12h", NOW - timedelta(hours=36)),
        ("2w", NOW - timedelta(days=14)),
        ("1h1h", NOW - timedelta(hours=2)),
        ("today", at(2026, 11, 25, 23)),
        ("yesterday", at(2026, 11, 24, 23)),
        ("2026-11-22", at(2026, 11, 21, 23)),
        ("20261122", at(2026, 11, 21, 23)),
        ("2026-07-01", at(2026, 6, 30, 22)),  # summer time
        ("2026-10-25", at(2026, 10, 24, 22)),  # it ends on that day
        ("14:30", at(2026, 11, 26, 13, 30)),
        ("08:00:05", at(2026, 11, 26, 7, 0, 5)),
        ("2026-11-22T08:00", at(2026, 11, 22, 7)),
        ("2026-11-22 08:00", at(2026, 11, 22, 7)),
        ("2026-11-22T08:00:00+08:00", at(2026, 11, 22)),
        ("2026-11-22T08:00:00Z", at(2026, 11, 22, 8)),
        ("2026-10-25T02:30", at(2026, 10, 25, 0, 30)),  # twice; the first one
    ],
)
def test_a_moment_is_read(text: str, expected: datetime) -> None:
    assert moments.moment("--since", text, NOW) == expected


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "5",
            "m",
            "5 m",
            "-5m",
            "+5m",
            "5M",
            "1.5h",
            "5min",
            "\N{ARABIC-INDIC DIGIT FIVE}m",
            "5m\n",
            "1y",
        ),
        *("9999999d", "999999w", "tomorrow", "Yesterday", "2026", "1764000000", "26:00", "14"),
        *("2026-02-30", "2026-13-01", "22.11.2026", "2026-11-22T25:00", "2026-11-22T08:00+99:00"),
        *("0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00", "0001-01-01", "\ud800"),
        "1" * 5000 + "s",
    ],
)
def test_another_moment_is_refused_with_all_forms(text: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        moments.moment("--until", text, NOW)
    message = str(refused.value)
    assert message.startswith("--until is ")
    assert "5m, 2h, 1d12h), today, yesterday, a date (2026-11-22)" in message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0s", timedelta(0)),
        ("90s", timedelta(seconds=90)),
        ("1w1d1h1m1s", timedelta(days=8, hours=1, minutes=1, seconds=1)),
    ],
)
def test_a_span_is_read(text: str, expected: timedelta) -> None:
    assert moments.span("--older-than", text) == expected


@pytest.mark.parametrize("text", ["", "5", "today", "2026-11-22", "-5m", "5m 3s", "9" * 7 + "s"])
def test_another_span_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match=r"--older-than is .*; it takes a span, as 90s"):
        moments.span("--older-than", text)


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("today", at(2026, 11, 25, 23), at(2026, 11, 26, 23)),
        ("yesterday", at(2026, 11, 24, 23), at(2026, 11, 25, 23)),
        ("2026-03-29", at(2026, 3, 28, 23), at(2026, 3, 29, 22)),  # 23 hours
        ("2026-10-25", at(2026, 10, 24, 22), at(2026, 10, 25, 23)),  # 25 hours
    ],
)
def test_a_day_goes_from_midnight_to_midnight(text: str, begin: datetime, end: datetime) -> None:
    assert moments.day("--day", text, NOW) == (begin, end)


@pytest.mark.parametrize("text", ["", "5m", "14:30", "2026-11", "2026-02-30", "9999-12-31", "now"])
def test_another_day_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="it takes today, yesterday, or a date"):
        moments.day("--day", text, NOW)


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(seconds=-5), "0s"),
        (timedelta(seconds=59.9), "59s"),
        (timedelta(minutes=59), "59m"),
        (timedelta(hours=1, minutes=5), "1h05m"),
        (timedelta(hours=24), "1d0h"),
        (timedelta(days=400, hours=23), "400d23h"),
    ],
)
def test_an_age_has_its_two_largest_units(length: timedelta, text: str) -> None:
    assert moments.age(length) == text
