"""The retry policy that Temporal applies to a round."""

from datetime import timedelta

import pytest

from tests.support.samples import going_on, round_
from tidings.preset import PRESETS
from tidings.retry import Exponential, FixedInterval, Intervals, Schedule
from workflows.round import retry_policy

SCHEDULES = [
    Exponential(),
    Exponential(maximum_attempts=1),
    Exponential(initial_interval=5, coefficient=1, maximum_interval=5, maximum_attempts=100),
    Exponential(
        initial_interval=0.001,
        coefficient=100,
        maximum_interval=timedelta(days=365),
        maximum_attempts=100,
    ),
    FixedInterval(interval=30, maximum_attempts=5),
    FixedInterval(interval=0.001, maximum_attempts=1),
    Intervals(intervals=[7]),
    Intervals(intervals=[60, 10, 1]),
    Intervals(intervals=[10, 600, 1]),
    Intervals(intervals=[0.1] * 99),
    Intervals(intervals=[0.001, timedelta(days=365)]),
    *(preset.schedule for preset in PRESETS.values()),
]


LEFT = [
    pytest.param(schedule, made, id=f"{schedule.kind}-{made}-of-{schedule.maximum_attempts}")
    for schedule in SCHEDULES
    for made in sorted({0, 1, schedule.maximum_attempts // 2, schedule.maximum_attempts - 1})
    if made < schedule.maximum_attempts
]


@pytest.mark.parametrize(("schedule", "made"), LEFT)
def test_a_policy_allows_the_attempts_that_are_left(schedule: Schedule, made: int) -> None:
    policy = retry_policy(going_on(round_(retry=schedule), made))
    assert policy.maximum_attempts == schedule.maximum_attempts - made
    assert policy.maximum_attempts >= 1, "0 means unlimited to Temporal"
    assert policy.backoff_coefficient >= 1
    assert policy.initial_interval >= timedelta(milliseconds=1)
    assert policy.maximum_interval is not None
    assert policy.maximum_interval >= policy.initial_interval
    assert not policy.non_retryable_error_types


@pytest.mark.parametrize("schedule", [each for each in SCHEDULES if each.delays])
def test_a_policy_stays_within_the_delays_of_its_schedule(schedule: Schedule) -> None:
    policy = retry_policy(round_(retry=schedule))
    assert policy.initial_interval == schedule.delays[0]
    assert policy.maximum_interval == schedule.longest_interval


@pytest.mark.parametrize(
    ("schedule", "made", "first", "longest"),
    [
        pytest.param(Exponential(), 1, 20, 640, id="exponential-second"),
        pytest.param(Exponential(), 6, 640, 640, id="exponential-last"),
        pytest.param(Exponential(maximum_interval=30), 1, 20, 30, id="capped-second"),
        pytest.param(Exponential(maximum_interval=30), 5, 30, 30, id="capped-late"),
        pytest.param(FixedInterval(interval=30, maximum_attempts=5), 3, 30, 30, id="fixed"),
        pytest.param(Intervals(intervals=[60, 10, 1]), 1, 10, 10, id="falling-second"),
        pytest.param(Intervals(intervals=[60, 10, 1]), 2, 1, 1, id="falling-last"),
        pytest.param(Intervals(intervals=[10, 1, 600]), 1, 1, 600, id="valley-second"),
        pytest.param(Intervals(intervals=[10, 600, 1]), 2, 1, 1, id="peak-last"),
    ],
)
def test_a_resumed_round_stays_within_the_delays_left(
    schedule: Schedule, made: int, first: float, longest: float
) -> None:
    policy = retry_policy(going_on(round_(retry=schedule), made))
    assert policy.initial_interval == timedelta(seconds=first)
    assert policy.maximum_interval == timedelta(seconds=longest)


@pytest.mark.parametrize(
    ("schedule", "made", "coefficient"),
    [
        pytest.param(Exponential(coefficient=3), 0, 3, id="exponential"),
        pytest.param(Exponential(coefficient=3), 4, 3, id="exponential-resumed"),
        pytest.param(FixedInterval(interval=30, maximum_attempts=5), 0, 1, id="fixed"),
        pytest.param(FixedInterval(interval=30, maximum_attempts=5), 3, 1, id="fixed-resumed"),
        pytest.param(Intervals(intervals=[7]), 0, 1, id="a-single-interval"),
        pytest.param(Intervals(intervals=[60, 10, 1]), 0, 1, id="falling"),
        pytest.param(Intervals(intervals=[10, 40]), 0, 4, id="rising"),
        pytest.param(Intervals(intervals=[10, 40]), 1, 1, id="rising-resumed"),
        pytest.param(Intervals(intervals=[10, 1, 40]), 0, 2, id="valley"),
        pytest.param(Intervals(intervals=[10, 1, 40]), 1, 40, id="valley-resumed"),
        pytest.param(Intervals(intervals=[10, 1, 40]), 3, 1, id="valley-last"),
    ],
)
def test_a_policy_grows_like_the_rest_of_its_schedule(
    schedule: Schedule, made: int, coefficient: float
) -> None:
    policy = retry_policy(going_on(round_(retry=schedule), made))
    assert policy.backoff_coefficient == pytest.approx(coefficient)
