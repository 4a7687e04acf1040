import json
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import BaseModel

from tidings.errors import InvalidInputError
from tidings.intervention import Resend
from tidings.notification import Notification
from tidings.retry import PRESETS, Exponential, FixedInterval, Intervals, Schedule, next_delay
from tidings.state import WaitReason

from .samples import NOW, notification

MINUTE, HOUR, DAY, YEAR = 60, 3600, 86400, 365 * 86400


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


# What the field does, written out once more from the sources that FACTS names.
FIELD: dict[str, tuple[str, float]] = {
    "alipay": ("4m 10m 10m 1h 2h 6h 15h", 0),
    "wechat": ("15s 15s 30s 3m 10m 20m 30m 30m 30m 60m 3h 3h 3h 6h 6h", 0),
    "unionpay": ("1m 2m 4m 5m", 0),
    "rocketmq": ("10s 30s 1m 2m 3m 4m 5m 6m 7m 8m 9m 10m 20m 30m 1h 2h", 0),
    "standard-webhooks": ("5s 5m 30m 2h 5h 10h 14h 20h 24h", 0.1),
    "svix": ("5s 5m 30m 2h 5h 10h 10h", 0.2),
}


def test_every_preset_is_one_of_the_field() -> None:
    assert set(PRESETS) == set(FIELD)


@pytest.mark.parametrize("name", FIELD)
def test_a_preset_is_what_the_field_does(name: str) -> None:
    written, jitter = FIELD[name]
    units = {"s": 1, "m": MINUTE, "h": HOUR}
    expected = [int(each[:-1]) * units[each[-1]] for each in written.split()]

    schedule = notification(retry=name).retry

    assert schedule.delays == seconds(*expected)
    assert schedule.total == timedelta(seconds=sum(expected))
    assert schedule.longest_interval == timedelta(seconds=expected[-1])
    assert schedule.maximum_attempts == len(expected) + 1
    assert schedule.jitter == jitter


@pytest.mark.parametrize("model", [Notification, Resend])
def test_the_schema_names_the_presets_beside_the_kinds(model: type[BaseModel]) -> None:
    """Editors and other languages read it; without the names a preset breaks the schema."""
    choices = model.model_json_schema()["properties"]["retry"]["anyOf"]
    names = [choice for choice in choices if "$ref" not in choice]
    assert names == [{"type": "string", "enum": list(FIELD)}]
    kinds = {choice["$ref"].rpartition("/")[2] for choice in choices if "$ref" in choice}
    assert kinds == {"Exponential", "FixedInterval", "Intervals"}


@pytest.mark.parametrize("name", ["", "ALIPAY", "alipay ", "weixin"])
def test_an_unknown_preset_is_refused_with_the_names_there_are(name: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        notification(retry=name)
    for part in ("Notification.retry", repr(name), *FIELD):
        assert part in str(refused.value)


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


def test_a_maximum_interval_below_the_initial_one_is_refused_with_both() -> None:
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
def test_what_is_no_schedule_is_refused(given: object, fragment: str) -> None:
    with pytest.raises(InvalidInputError, match=fragment):
        notification(retry=given)


# How schedules are written.


@pytest.mark.parametrize(
    "schedule",
    [
        Exponential(initial_interval=0.5, coefficient=1.7, maximum_interval=90, jitter=0.25),
        FixedInterval(interval=timedelta(minutes=1, microseconds=1), maximum_attempts=3),
        Intervals(intervals=[0.001, 1.1, YEAR], jitter=0.2),
        *PRESETS.values(),
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


# When the next attempt is.


def after(
    schedule: Schedule,
    attempt: int = 1,
    *,
    random: float = 0.5,
    retry_after: float | None = None,
    timeout: float = 10,
    expires_in: float | None = None,
    now: datetime = NOW,
) -> float | WaitReason:
    """``next_delay`` in seconds."""
    delay = next_delay(
        schedule,
        attempt,
        now=now,
        random=random,
        retry_after=None if retry_after is None else timedelta(seconds=retry_after),
        timeout=timedelta(seconds=timeout),
        expires_at=None if expires_in is None else now + timedelta(seconds=expires_in),
    )
    return delay if isinstance(delay, WaitReason) else delay.total_seconds()


LIST = Intervals(intervals=[10, 60, 30])


@pytest.mark.parametrize(
    "schedule",
    [
        LIST,
        Exponential(jitter=0.5),
        Exponential(maximum_attempts=1),
        FixedInterval(interval=5, maximum_attempts=100),
        *PRESETS.values(),
    ],
)
def test_each_delay_follows_its_attempt_and_the_last_attempt_exhausts(schedule: Schedule) -> None:
    """However the attempt is counted, there is never one more than the schedule says."""
    limit = schedule.maximum_attempts
    given = [after(schedule, attempt) for attempt in range(1, limit)]
    assert given == [delay.total_seconds() for delay in schedule.delays]
    for beyond in (limit, limit + 1, limit + 1000):
        assert after(schedule, beyond) is WaitReason.EXHAUSTED
        assert after(schedule, beyond, retry_after=1, expires_in=-1) is WaitReason.EXHAUSTED


@pytest.mark.parametrize(
    ("jitter", "random", "expected"),
    [
        (0, 0, 100),
        (0, 0.999999, 100),
        (0.2, 0, 80),
        (0.2, 0.5, 100),
        (0.2, 0.75, 110),
        (0.2, 0.999999, 120),
        (0.99, 0, 1),
        (0.99, 0.999999, 199),
    ],
)
def test_jitter_moves_a_delay_by_its_fraction_up_or_down(
    jitter: float, random: float, expected: float
) -> None:
    schedule = FixedInterval(interval=100, maximum_attempts=2, jitter=jitter)
    assert after(schedule, random=random) == pytest.approx(expected, abs=0.001)


def test_no_delay_is_zero() -> None:
    """Temporal takes a delay of zero for none at all and falls back to its own."""
    schedule = FixedInterval(interval=0.001, maximum_attempts=2, jitter=0.99)
    assert after(schedule, random=0) == 0.001


@pytest.mark.parametrize(
    ("asked", "expires_in", "expected"),
    [
        pytest.param(None, None, 10, id="nothing-asked"),
        pytest.param(0, None, 10, id="at-once"),
        pytest.param(9.9, None, 10, id="shorter-than-the-delay"),
        pytest.param(10.1, None, 10.1, id="longer-than-the-delay"),
        pytest.param(60, None, 60, id="the-longest-interval"),
        pytest.param(61, None, 60, id="above-the-longest-interval"),
        pytest.param(YEAR, None, 60, id="a-year"),
        pytest.param(30, 100, 30, id="long-before-the-expiry"),
        pytest.param(30, 40, 30, id="one-attempt-just-fits"),
        pytest.param(30, 35, 25, id="cut-so-that-one-attempt-fits"),
        pytest.param(60, 21, 11, id="cut-close-to-the-delay"),
        pytest.param(60, 15, 10, id="never-cut-below-the-delay"),
        pytest.param(60, 10, WaitReason.EXPIRED, id="the-delay-itself-reaches-the-expiry"),
        pytest.param(None, 10.001, 10, id="just-before-the-expiry"),
        pytest.param(None, 10, WaitReason.EXPIRED, id="at-the-expiry"),
        pytest.param(None, 9, WaitReason.EXPIRED, id="after-the-expiry"),
        pytest.param(0, 0, WaitReason.EXPIRED, id="expired-now"),
        pytest.param(60, -100, WaitReason.EXPIRED, id="expired-long-ago"),
    ],
)
def test_retry_after_may_lengthen_a_delay(
    asked: float | None, expires_in: float | None, expected: float | WaitReason
) -> None:
    assert after(LIST, retry_after=asked, expires_in=expires_in) == expected


def test_retry_after_is_heard_over_a_delay_that_jitter_made_shorter() -> None:
    schedule = Intervals(intervals=[100, 1000], jitter=0.5)
    assert after(schedule, random=0) == 50
    assert after(schedule, random=0, retry_after=70) == 70
    assert after(schedule, random=0.999999, retry_after=70) == pytest.approx(150, abs=0.001)


def test_a_jittered_delay_counts_towards_the_expiry() -> None:
    schedule = FixedInterval(interval=100, maximum_attempts=2, jitter=0.5)
    assert after(schedule, random=0, expires_in=60) == 50
    assert after(schedule, random=0.9, expires_in=101) is WaitReason.EXPIRED
