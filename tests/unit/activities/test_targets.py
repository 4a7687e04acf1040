"""The knowledge of a worker about its targets, as tables over a clock of the test."""

import asyncio
import logging
import time
from contextlib import ExitStack

import pytest

from activities.lanes.targets import Pace, Targets
from tests.support.paces import Clock, attempted

SHOP = "shop.test:443"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def targets(clock: Clock) -> Targets:
    return Targets(clock)


@pytest.mark.parametrize(
    ("lengths", "pace"),
    [
        ([], Pace.UNKNOWN),
        ([0.0], Pace.QUICK),
        ([1.0], Pace.QUICK),
        ([1.1], Pace.SLOW),
        ([0.1, 1.1], Pace.SLOW),
        ([1.1, 0.1, 0.1], Pace.SLOW),
        ([1.1, 0.1, 0.1, 0.1], Pace.QUICK),
        ([1.1, 0.1, 0.1, 1.1, 0.1, 0.1], Pace.SLOW),
    ],
)
def test_the_last_attempts_decide(
    targets: Targets, clock: Clock, lengths: list[float], pace: Pace
) -> None:
    """An acknowledgement changes nothing about the pace."""
    for number, seconds in enumerate(lengths):
        attempted(targets, clock, SHOP, seconds, acknowledged=bool(number % 2))
    assert targets.pace(SHOP) is pace
    assert targets.pace("other.test:443") is Pace.UNKNOWN


@pytest.mark.parametrize("seconds", [0.1, 1.1])
def test_it_is_unknown_after_a_minute(targets: Targets, clock: Clock, seconds: float) -> None:
    attempted(targets, clock, SHOP, seconds)
    known = targets.pace(SHOP)
    clock.now += 60
    assert targets.pace(SHOP) is known is not Pace.UNKNOWN
    clock.now += 0.1
    assert targets.pace(SHOP) is Pace.UNKNOWN


def test_it_is_slow_as_soon_as_an_attempt_waits(targets: Targets, clock: Clock) -> None:
    attempted(targets, clock, SHOP, 0.1)
    with targets.attempt(SHOP):
        clock.now += 1
        assert targets.pace(SHOP) is Pace.QUICK
        clock.now += 0.1
        assert targets.pace(SHOP) is Pace.SLOW


def test_it_is_slow_while_an_attempt_waits_whatever_the_others_do(
    targets: Targets, clock: Clock
) -> None:
    with targets.attempt(SHOP):
        clock.now += 90
        for _ in range(10):
            attempted(targets, clock, SHOP, 0.1)
            assert targets.pace(SHOP) is Pace.SLOW


@pytest.mark.parametrize(
    ("lengths", "acknowledged", "expected"),
    [
        ([0.1], True, True),
        ([0.1], False, False),
        ([1.1], True, False),
        ([1.1, 0.1], True, False),
        ([1.1, 0.1, 0.1, 0.1], True, True),
    ],
)
def test_only_a_quick_target_acknowledges(
    targets: Targets,
    clock: Clock,
    lengths: list[float],
    acknowledged: bool,  # noqa: FBT001 -- a table
    expected: bool,  # noqa: FBT001 -- a table
) -> None:
    for seconds in lengths:
        attempted(targets, clock, SHOP, seconds, acknowledged=acknowledged)
    assert targets.acknowledges(SHOP) is expected


def test_attempts_in_flight_are_counted_and_an_error_ends_one(targets: Targets) -> None:
    with ExitStack() as attempts:
        for _ in range(3):
            attempts.enter_context(targets.attempt(SHOP))
        assert targets.in_flight(SHOP) == 3
        with pytest.raises(RuntimeError), targets.attempt(SHOP):
            raise RuntimeError
        assert targets.in_flight(SHOP) == 3
    assert targets.in_flight(SHOP) == targets.in_flight("other.test:443") == 0


def test_a_change_of_pace_is_logged_once(
    targets: Targets, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "tidings.targets"):
        for seconds in (0.1, 1.1, 1.1, 0.1, 1.1, 0.1, 0.1, 0.1, 0.1):
            attempted(targets, clock, SHOP, seconds)
            targets.pace(SHOP)
    assert [(it.levelname, it.message, vars(it)["target"]) for it in caplog.records] == [
        ("WARNING", "target.slow", SHOP),
        ("INFO", "target.quick_again", SHOP),
    ]


def test_a_bounded_number_is_known_and_those_in_flight_stay(targets: Targets, clock: Clock) -> None:
    """The targets that it has not heard of for longest are forgotten first."""
    attempted(targets, clock, "first.test:80", 0)
    with targets.attempt(SHOP):
        for number in range(9_999):
            attempted(targets, clock, f"{number}.test:80", 0)
        assert targets.pace("first.test:80") is Pace.UNKNOWN
        assert targets.pace("0.test:80") is Pace.QUICK
        assert targets.in_flight(SHOP) == 1


async def test_the_wait_for_an_end() -> None:
    """Real time: it ends with an attempt, with the seconds given, or when the target is slow."""
    targets = Targets()
    await targets.next_end(SHOP, within=60)  # nothing is in flight
    with targets.attempt(SHOP):
        with targets.attempt(SHOP):
            waiting = asyncio.create_task(targets.next_end(SHOP, within=60))
            await asyncio.sleep(0)
            assert not waiting.done()
        await waiting
        await targets.next_end(SHOP, within=0.01)
        assert targets.pace(SHOP) is Pace.QUICK
        began = time.monotonic()
        await targets.next_end(SHOP, within=60)
        assert time.monotonic() - began < 30
        assert targets.pace(SHOP) is Pace.SLOW
