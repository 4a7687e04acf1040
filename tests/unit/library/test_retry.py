"""Retry schedules: their delays, their bounds, and their JSON."""

import json
import math
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.support.samples import notification
from tidings.errors import InvalidInputError
from tidings.fields.preset import PRESETS
from tidings.fields.retry import Exponential, FixedInterval, Intervals, Schedule

YEAR = 365 * 86400


def seconds(*given: float) -> tuple[timedelta, ...]:
    return tuple(timedelta(seconds=each) for each in given)


# What every schedule comes to.


@pytest.mark.parametrize(
    ("schedule", "delays"),
    [
        pytest.param(Exponential(), [10, 20, 40, 80, 160, 320, 640], id="exponential-default"),
        pytest.param(
            Exponential(
                initial_interval=60, coefficient=3, maximum_interval=600, maximum_attempts=6
            ),
            [60, 180, 540, 600, 600],
            id="exponential-capped",
        ),
        pytest.param(
            Exponential(initial_interval=10, coefficient=1, maximum_attempts=4),
            [10, 10, 10],
            id="exponential-constant",
        ),
        pytest.param(
            Exponential(initial_interval=2, coefficient=1.5, maximum_attempts=4),
            [2, 3, 4.5],
            id="exponential-fraction",
        ),
        pytest.param(
            Exponential(
                initial_interval=5, maximum_interval=5, coefficient=100, maximum_attempts=100
            ),
            [5] * 99,
            id="exponential-capped-at-once",
        ),
        pytest.param(Exponential(maximum_attempts=1), [], id="exponential-single-attempt"),
        pytest.param(FixedInterval(interval=30, maximum_attempts=4), [30] * 3, id="fixed"),
        pytest.param(FixedInterval(interval=30, maximum_attempts=1), [], id="fixed-single-attempt"),
        pytest.param(Intervals(intervals=[10, 5, 20]), [10, 5, 20], id="intervals"),
        pytest.param(Intervals(intervals=[7]), [7], id="intervals-single"),
    ],
)
def test_a_schedule_has_one_attempt_more_than_delays(
    schedule: Schedule, delays: list[float]
) -> None:
    assert schedule.delays == seconds(*delays)
    assert schedule.total == timedelta(seconds=sum(delays))
    assert schedule.longest_interval == timedelta(seconds=max(delays, default=0))
    assert schedule.maximum_attempts == len(delays) + 1


# The bounds of each field.

exponential = Exponential.model_validate


def fixed(fields: dict[str, Any]) -> FixedInterval:
    return FixedInterval.model_validate({"interval": 1, "maximum_attempts": 2, **fields})


def intervals(fields: dict[str, Any]) -> Intervals:
    return Intervals.model_validate({"intervals": [1], **fields})


Make = Callable[[dict[str, Any]], Schedule]


@pytest.mark.parametrize(
    ("make", "fields"),
    [
        (exponential, {"maximum_attempts": 1}),
        (exponential, {"maximum_attempts": 100}),
        (exponential, {"coefficient": 1}),
        (exponential, {"coefficient": 100}),
        (exponential, {"initial_interval": 0.001}),
        (exponential, {"initial_interval": YEAR, "maximum_interval": YEAR}),
        (exponential, {"initial_interval": 9, "maximum_interval": 9}),
        (exponential, {"jitter": 0}),
        (exponential, {"jitter": 0.99}),
        (fixed, {"maximum_attempts": 1}),
        (fixed, {"maximum_attempts": 100}),
        (fixed, {"interval": 0.001}),
        (fixed, {"interval": YEAR}),
        (fixed, {"jitter": 0.99}),
        (intervals, {"intervals": [1] * 99}),
        (intervals, {"intervals": [0.001, YEAR]}),
        (intervals, {"jitter": 0.99}),
    ],
)
def test_the_bounds_belong_to_the_range(make: Make, fields: dict[str, Any]) -> None:
    schedule = make(fields)
    assert len(schedule.delays) == schedule.maximum_attempts - 1


@pytest.mark.parametrize(
    ("make", "fields", "field"),
    [
        *(
            (make, {name: value}, f"{kind}.{name}")
            for make, kind in (
                (exponential, "Exponential"),
                (fixed, "FixedInterval"),
                (intervals, "Intervals"),
            )
            for name, values in {
                "maximum_attempts": (0, -1, 101, 1.5, None, math.nan, math.inf),
                "jitter": (-0.1, 1, 1.1, math.nan, math.inf, None),
            }.items()
            for value in values
            if not (kind == "Intervals" and name == "maximum_attempts")
        ),
        *(
            (exponential, {"coefficient": value}, "Exponential.coefficient")
            for value in (0, 0.99, -2, 100.1, math.nan, math.inf, None)
        ),
        *(
            (exponential, {name: value}, f"Exponential.{name}")
            for name in ("initial_interval", "maximum_interval")
            for value in (0, -1, 0.0005, YEAR + 1, math.nan, math.inf, None, "60", "1m")
        ),
        *(
            (fixed, {"interval": value}, "FixedInterval.interval")
            for value in (0, -1, 0.0005, YEAR + 1, math.nan, math.inf, None, "60", "1m")
        ),
        *(
            (intervals, {"intervals": value}, "Intervals.intervals")
            for value in ([], [1] * 100, None, 60, "PT1M")
        ),
        *(
            (intervals, {"intervals": [1, value]}, "Intervals.intervals.1")
            for value in (0, -1, 0.0005, YEAR + 1, math.nan, math.inf, None, "60")
        ),
    ],
)
def test_what_lies_outside_the_bounds_is_refused_by_name(
    make: Make, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInputError, match=rf"{field} is "):
        make(fields)


def test_a_maximum_interval_below_the_initial_one_is_refused() -> None:
    with pytest.raises(InvalidInputError) as refused:
        Exponential(initial_interval=10, maximum_interval=9.999)
    for part in ("maximum_interval", "0:00:09.999", "initial_interval", "0:00:10"):
        assert part in str(refused.value)


@pytest.mark.parametrize(
    ("given", "fragment"),
    [
        pytest.param({"kind": "fixed", "interval": 1}, "maximum_attempts is missing", id="missing"),
        pytest.param({"kind": "weekly"}, "'weekly'", id="unknown-kind"),
        pytest.param({"maximum_attempts": 3}, "Notification.retry", id="no-kind"),
        pytest.param(None, "Notification.retry is None", id="none"),
        pytest.param(5, "Notification.retry is 5", id="number"),
        pytest.param(["alipay"], "Notification.retry", id="list"),
        pytest.param(
            {"kind": "intervals", "intervals": [1], "maximum_attempts": 2},
            "no field 'maximum_attempts'",
            id="count-of-a-list",
        ),
        pytest.param(
            {"kind": "fixed", "interval": 1, "maximum_attempts": 2, "max": 1},
            "no field 'max'",
            id="unknown-field",
        ),
    ],
)
def test_a_bad_schedule_is_refused(given: object, fragment: str) -> None:
    with pytest.raises(InvalidInputError, match=fragment):
        notification(retry=given)


# How schedules are written.


@pytest.mark.parametrize(
    "schedule",
    [
        Exponential(initial_interval=0.5, coefficient=1.7, maximum_interval=90, jitter=0.25),
        FixedInterval(interval=timedelta(minutes=1, microseconds=1), maximum_attempts=3),
        Intervals(intervals=[0.001, 1.1, YEAR], jitter=0.2),
        *(preset.schedule for preset in PRESETS.values()),
    ],
)
def test_a_schedule_comes_back_from_json_as_it_was(schedule: Schedule) -> None:
    read = notification(retry=json.loads(json.dumps(schedule.to_json()))).retry
    assert read == schedule
    assert type(read) is type(schedule)


def test_json_names_the_kind_and_counts_in_seconds() -> None:
    assert Intervals(intervals=[timedelta(minutes=1)]).to_json() == {
        "kind": "intervals",
        "intervals": [60],
        "jitter": 0,
    }
    assert FixedInterval(interval=1.5, maximum_attempts=2).to_json() == {
        "kind": "fixed",
        "interval": 1.5,
        "maximum_attempts": 2,
        "jitter": 0,
    }
    assert Exponential().to_json() == {
        "kind": "exponential",
        "initial_interval": 10,
        "coefficient": 2,
        "maximum_interval": 3600,
        "maximum_attempts": 8,
        "jitter": 0.1,
    }


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(5400, id="whole-seconds"),
        pytest.param(5400.0, id="fraction"),
        pytest.param(timedelta(minutes=90), id="timedelta"),
        pytest.param("PT1H30M", id="iso-8601"),
        pytest.param("PT5400S", id="iso-8601-seconds"),
    ],
)
def test_a_duration_may_be_written_as(written: object) -> None:
    assert fixed({"interval": written}).interval == timedelta(minutes=90)
    assert intervals({"intervals": [written]}).intervals == (timedelta(minutes=90),)
    assert exponential({"maximum_interval": written}).maximum_interval == timedelta(minutes=90)
