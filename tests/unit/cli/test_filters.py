"""The filter that options describe."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from tests.support.samples import NOW
from tidings import Correct, Filter, InvalidInputError, Moment, Resend, Status, WaitReason
from tidings.cli import filters
from tidings.cli.groups import FilterOptions
from tidings.intervention import OPEN, Action

RESEND: Final = Resend()
STUCK: Final = (Status.AWAITING_INTERVENTION,)
HOUR: Final = timedelta(hours=1)


def read(**options: Any) -> Filter:
    return filters.read(FilterOptions(**options), NOW)


def of_many(
    action: Action = RESEND,
    *,
    ids: tuple[str, ...] = (),
    everything: bool = False,
    **options: Any,
) -> Filter:
    return filters.of_many(action, FilterOptions(**options), NOW, ids=ids, everything=everything)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, Filter()),
        ({"status": []}, Filter()),
        (
            {"status": ["delivered", "abandoned"]},
            Filter(status=(Status.DELIVERED, Status.ABANDONED)),
        ),
        ({"target": "h.example:80", "type_": "a.b"}, Filter(target="h.example:80", type="a.b")),
        (
            {"because": WaitReason.REFUSED, "cause": "refused:404"},
            Filter(reason=WaitReason.REFUSED, cause="refused:404"),
        ),
        ({"id_prefix": "order-"}, Filter(id_prefix="order-")),
        ({"where": "StartTime > '2026'"}, Filter(where="StartTime > '2026'")),
        ({"older_than": "2h"}, Filter(until=NOW - 2 * HOUR)),
        ({"since": "2h", "until": "1h"}, Filter(since=NOW - 2 * HOUR, until=NOW - HOUR)),
        ({"since": "2h", "older_than": "1h"}, Filter(since=NOW - 2 * HOUR, until=NOW - HOUR)),
        (
            {"since": "2026-01-01T08:00:00+08:00"},
            Filter(since=datetime(2026, 1, 1, tzinfo=UTC)),
        ),
        (
            {"moment": Moment.ENDED, "since": "2h"},
            Filter(moment=Moment.ENDED, since=NOW - 2 * HOUR),
        ),
    ],
)
def test_options_become_a_filter(options: dict[str, Any], expected: Filter) -> None:
    assert read(**options) == expected


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"since": "1h", "until": "2h"}, "--until 2h is not after --since 1h"),
        ({"since": "1h", "older_than": "2h"}, "--older-than 2h is not after --since 1h"),
        (
            {"since": "2026-11-22T00:00:00Z", "until": "2026-11-22T00:00:00Z"},
            "is not after --since",
        ),
        (
            {"since": "2026-11-22T00:00:00Z", "until": "2026-11-22T00:00:00+08:00"},
            "is not after --since",
        ),
        ({"until": "1h", "older_than": "1h"}, "give one of them"),
        ({"moment": Moment.STUCK}, "--moment says what --since"),
        ({"since": "tomorrow"}, "--since is 'tomorrow'; it takes a span before now"),
        ({"until": ""}, "--until is ''; it takes a span before now"),
        ({"older_than": "2026-01-01"}, "--older-than is '2026-01-01'; it takes a span"),
        ({"status": ["delivered"], "cause": "timeout"}, "leave the cause or the status out"),
        ({"cause": "it's"}, "cause"),
        ({"id_prefix": "a b"}, "id_prefix"),
    ],
)
def test_options_that_cannot_be_meant_are_refused(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidInputError, match=problem):
        read(**options)


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


def test_ids_mean_each_of_them_as_it_is() -> None:
    """Only what is scheduled keeps its time, and only by intent is sent again what has ended."""
    ids = ("a", "notification:b", "a")
    open_ = (Status.DELIVERING, *STUCK)
    assert of_many(ids=ids) == Filter(ids=("a", "notification:b"), status=open_)
    again = Resend(even_if_delivered=True)
    assert of_many(again, ids=ids) == Filter(ids=ids, status=(*open_, Status.DELIVERED))


def test_a_wrong_id_is_refused_with_its_place() -> None:
    with pytest.raises(InvalidInputError, match=r"Filter\.ids\.1 is 'a b'"):
        of_many(ids=("a", "a b"))


def test_case_20_a_bulk_filter_may_name_a_reason() -> None:
    assert of_many(because=WaitReason.REFUSED) == Filter(status=STUCK, reason=WaitReason.REFUSED)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        pytest.param({}, "give IDs, or filters", id="nothing"),
        pytest.param(
            {"everything": True, "type_": "a"}, "leave the filters out", id="all-and-type"
        ),
        pytest.param({"everything": True, "where": ""}, "is empty", id="all-and-empty-condition"),
        pytest.param({"where": ""}, "is empty", id="empty-condition"),
        pytest.param({"status": list(STUCK)}, "give IDs, or filters", id="status-alone"),
        pytest.param(
            {"everything": True, "because": "refused"}, "leave the filters out", id="all-and-reason"
        ),
        pytest.param(
            {"status": ["delivered"], "type_": "a"}, "set even_if_delivered", id="delivered"
        ),
        pytest.param({"target": "h/a"}, "a path needs a whole URL", id="path-of-a-host"),
        pytest.param({"where": "a = 1) OR (a = 2"}, "parenthesis", id="condition-that-leaves"),
        pytest.param({"type_": "x'"}, "cannot hold quotes", id="quote"),
        pytest.param({"target": "://"}, "is not a host", id="no-host"),
        pytest.param({"since": "tomorrow"}, "tomorrow", id="no-time"),
        pytest.param({"since": "2026-01-02", "until": "2026-01-01"}, "is not after", id="period"),
    ],
)
def test_a_bulk_filter_of_nothing_or_too_much_is_refused(
    options: dict[str, Any], problem: str
) -> None:
    with pytest.raises(InvalidInputError, match=problem):
        of_many(**options)
