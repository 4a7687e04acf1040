"""The filter that options describe."""

from datetime import UTC, datetime
from typing import Any, Final

import pytest

from tidings import Correct, Filter, InvalidInputError, Resend, Status, WaitReason
from tidings.cli import filters
from tidings.intervention import OPEN, Action

RESEND: Final = Resend()
STUCK: Final = (Status.AWAITING_INTERVENTION,)


def read(since: str | None = None, until: str | None = None) -> Filter:
    return filters.read(since=since, until=until, target=None, type_=None)


def of_many(action: Action = RESEND, **options: Any) -> Filter:
    nothing = dict.fromkeys(("where", "target", "type_", "since", "until"))
    return filters.of_many(action, **{**nothing, "everything": False, **options})


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        pytest.param("2026-11-22T08:00:00+08:00", datetime(2026, 11, 22, tzinfo=UTC), id="offset"),
        pytest.param("2026-11-22T00:00:00Z", datetime(2026, 11, 22, tzinfo=UTC), id="utc"),
        pytest.param(
            "2026-11-22 00:00:00.5+00:00",
            datetime(2026, 11, 22, 0, 0, 0, 500_000, tzinfo=UTC),
            id="fraction",
        ),
        pytest.param("2026-11-22", datetime(2026, 11, 22).astimezone(UTC), id="local-midnight"),
    ],
)
def test_a_time_has_a_time_zone_or_is_a_date(text: str, moment: datetime) -> None:
    assert (read(since=text).since, read(until=text).until) == (moment, moment)


@pytest.mark.parametrize(
    ("text", "problem"),
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
def test_another_time_is_refused_by_option_and_value(text: str, problem: str) -> None:
    for name in ("since", "until"):
        with pytest.raises(InvalidInputError, match=problem) as refused:
            read(**{name: text})
        assert f"--{name}" in str(refused.value)
        assert repr(text) in str(refused.value)


@pytest.mark.parametrize("until", ["2026-11-22T00:00:00Z", "2026-11-22T00:00:00+08:00"])
def test_an_empty_period_is_refused(until: str) -> None:
    with pytest.raises(InvalidInputError, match="is not after"):
        read(since="2026-11-22T00:00:00Z", until=until)


def test_a_bulk_filter_finds_only_what_is_stuck() -> None:
    assert of_many(type_="a.b", where="StartTime > '2026'") == Filter(
        status=STUCK, type="a.b", where="StartTime > '2026'"
    )
    assert of_many(everything=True) == Filter(status=STUCK)
    assert of_many(status=[], id_prefix="a") == Filter(status=STUCK, id_prefix="a")


def test_case_7_a_correction_of_many_finds_all_open_ones() -> None:
    correct = Correct(target="http://orders.example.com/v2")
    assert of_many(correct, target="orders.example.com") == Filter(
        status=OPEN, target="orders.example.com"
    )


def test_case_20_a_bulk_filter_may_name_a_reason() -> None:
    assert of_many(reason=WaitReason.REFUSED) == Filter(status=STUCK, reason=WaitReason.REFUSED)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        pytest.param({}, "give an ID, or filters", id="nothing"),
        pytest.param(
            {"everything": True, "type_": "a"}, "leave the filters out", id="all-and-type"
        ),
        pytest.param({"everything": True, "where": ""}, "is empty", id="all-and-empty-condition"),
        pytest.param({"where": ""}, "is empty", id="empty-condition"),
        pytest.param({"status": list(STUCK)}, "give an ID, or filters", id="status-alone"),
        pytest.param(
            {"everything": True, "reason": "refused"}, "leave the filters out", id="all-and-reason"
        ),
        pytest.param(
            {"status": ["delivered"], "type_": "a"}, "set even_if_delivered", id="delivered"
        ),
        pytest.param({"target": "h/a"}, "a path needs a whole URL", id="path-of-a-host"),
        pytest.param({"where": "a = 1) OR (a = 2"}, "parenthesis", id="condition-that-leaves"),
        pytest.param({"type_": "x'"}, "cannot hold quotes", id="quote"),
        pytest.param({"target": "://"}, "is not a host", id="no-host"),
        pytest.param({"since": "yesterday"}, "yesterday", id="no-time"),
        pytest.param({"since": "2026-01-02", "until": "2026-01-01"}, "is not after", id="period"),
    ],
)
def test_a_bulk_filter_of_nothing_or_too_much_is_refused(
    options: dict[str, Any], problem: str
) -> None:
    with pytest.raises(InvalidInputError, match=problem):
        of_many(**options)
