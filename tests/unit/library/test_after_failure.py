"""The decision after a failed attempt: again after a delay, or stuck for a reason."""

from datetime import datetime, timedelta

import pytest

from tests.support.samples import NOW
from tidings.fields.decision import Again, Stuck
from tidings.fields.preset import PRESETS
from tidings.fields.retry import Exponential, FixedInterval, Intervals, Schedule, after_failure
from tidings.state import WaitReason

YEAR = 365 * 86400


def after(
    schedule: Schedule,
    attempt: int = 1,
    *,
    random: float = 0.5,
    own_interval: float | None = None,
    retry_after: float | None = None,
    timeout: float = 10,
    expires_in: float | None = None,
    now: datetime = NOW,
) -> float | WaitReason:
    """The decision: a delay in seconds, or a reason."""
    decision = after_failure(
        schedule,
        attempt,
        now=now,
        random=random,
        own_interval=None if own_interval is None else timedelta(seconds=own_interval),
        retry_after=None if retry_after is None else timedelta(seconds=retry_after),
        timeout=timedelta(seconds=timeout),
        expires_at=None if expires_in is None else now + timedelta(seconds=expires_in),
    )
    match decision:
        case Again(delay):
            return delay.total_seconds()
        case Stuck(reason):
            return reason


LIST = Intervals(intervals=[10, 60, 30])


@pytest.mark.parametrize(
    "schedule",
    [
        LIST,
        Exponential(jitter=0.5),
        Exponential(maximum_attempts=1),
        FixedInterval(interval=5, maximum_attempts=100),
        *(preset.schedule for preset in PRESETS.values()),
    ],
)
def test_each_attempt_has_its_delay_and_the_last_one_exhausts(schedule: Schedule) -> None:
    """There is never one attempt more than the schedule says."""
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
    """Temporal reads a delay of zero as a missing one, and uses its own."""
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


def test_retry_after_lengthens_a_delay_that_jitter_shortened() -> None:
    schedule = Intervals(intervals=[100, 1000], jitter=0.5)
    assert after(schedule, random=0) == 50
    assert after(schedule, random=0, retry_after=70) == 70
    assert after(schedule, random=0.999999, retry_after=70) == pytest.approx(150, abs=0.001)


def test_a_jittered_delay_counts_towards_the_expiry() -> None:
    schedule = FixedInterval(interval=100, maximum_attempts=2, jitter=0.5)
    assert after(schedule, random=0, expires_in=60) == 50
    assert after(schedule, random=0.9, expires_in=101) is WaitReason.EXPIRED


# After an answer that has an interval of its own.

JITTERED = Intervals(intervals=[10, 60, 30], jitter=0.5)


@pytest.mark.parametrize("own", [0.001, 5, 10, 59, 61, YEAR])
def test_an_own_interval_is_kept_to_exactly(own: float) -> None:
    """The target expects the next attempt at that time: no jitter, and no schedule."""
    for attempt in (1, 2, 3):
        for random in (0, 0.25, 0.5, 0.999999):
            assert after(JITTERED, attempt, random=random, own_interval=own) == own


@pytest.mark.parametrize("schedule", [JITTERED, Exponential(maximum_attempts=1)])
@pytest.mark.parametrize("own", [0.001, 5, YEAR])
def test_an_own_interval_adds_no_attempt(schedule: Schedule, own: float) -> None:
    for beyond in (schedule.maximum_attempts, schedule.maximum_attempts + 1):
        assert after(schedule, beyond, own_interval=own) is WaitReason.EXHAUSTED


@pytest.mark.parametrize(
    ("own", "asked", "expires_in", "expected"),
    [
        pytest.param(5, None, None, 5, id="alone"),
        pytest.param(5, 0, None, 5, id="asked-at-once"),
        pytest.param(5, 4.9, None, 5, id="never-shortened"),
        pytest.param(5, 5.1, None, 5.1, id="lengthened"),
        pytest.param(5, 60, None, 60, id="up-to-the-longest-interval"),
        pytest.param(5, 61, None, 60, id="and-not-above-it"),
        pytest.param(90, 61, None, 90, id="above-it-by-itself"),
        pytest.param(90, YEAR, None, 90, id="above-it-and-asked-for-more"),
        pytest.param(5, 60, 35, 25, id="cut-so-that-one-attempt-fits"),
        pytest.param(5, 60, 12, 5, id="never-cut-below-it"),
        pytest.param(5, None, 5.001, 5, id="just-before-the-expiry"),
        pytest.param(5, None, 5, WaitReason.EXPIRED, id="at-the-expiry"),
        pytest.param(5, 60, 4, WaitReason.EXPIRED, id="after-the-expiry"),
        pytest.param(90, None, 60, WaitReason.EXPIRED, id="the-schedule-would-have-fitted"),
        pytest.param(0.001, None, 1, 0.001, id="shortest"),
    ],
)
def test_an_own_interval_takes_the_place_of_the_schedules(
    own: float, asked: float | None, expires_in: float | None, expected: float | WaitReason
) -> None:
    given = after(LIST, own_interval=own, retry_after=asked, expires_in=expires_in)
    assert given == expected


def test_no_own_interval_is_zero() -> None:
    """Temporal reads a delay of zero as a missing one, and uses its own."""
    assert after(LIST, own_interval=0) == 0.001
