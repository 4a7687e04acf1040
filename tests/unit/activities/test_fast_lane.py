"""Which targets the fast lane admits."""

from contextlib import ExitStack, suppress

import pytest

from activities.lanes.fast import FastLane
from activities.lanes.targets import Targets
from tests.support.paces import Clock, attempted

SHOP = "shop.test:443"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def targets(clock: Clock) -> Targets:
    """``SHOP`` is known as quick."""
    targets = Targets(clock)
    attempted(targets, clock, SHOP, 0.2)
    return targets


@pytest.fixture
def lane(targets: Targets) -> FastLane:
    return FastLane(targets)


def is_admitted(lane: FastLane, authority: str = SHOP) -> bool:
    with lane.place(authority) as admitted:
        return admitted


def test_an_unknown_target_takes_the_ordinary_lane(lane: FastLane) -> None:
    assert is_admitted(lane)
    assert not is_admitted(lane, "shop.test:8443")
    assert not is_admitted(lane, "other.test:443")


@pytest.mark.parametrize(("seconds", "acknowledged"), [(1.1, True), (0.1, False)])
def test_a_target_that_is_slow_or_fails_takes_the_ordinary_lane(
    lane: FastLane,
    targets: Targets,
    clock: Clock,
    seconds: float,
    acknowledged: bool,  # noqa: FBT001 -- a table
) -> None:
    attempted(targets, clock, SHOP, seconds, acknowledged=acknowledged)
    assert not is_admitted(lane)


def test_one_target_never_fills_the_lane(lane: FastLane, targets: Targets, clock: Clock) -> None:
    attempted(targets, clock, "quick.test:80", 0.1)
    with ExitStack() as places:
        taken = [places.enter_context(lane.place(SHOP)) for _ in range(100)]
        assert taken.count(True) == 15
        assert not is_admitted(lane)
        assert is_admitted(lane, "quick.test:80")
    assert is_admitted(lane)


def test_many_targets_together_fill_it(lane: FastLane, targets: Targets, clock: Clock) -> None:
    names = [f"{number}.test:80" for number in range(50)]
    for each in names:
        attempted(targets, clock, each, 0.1)
    with ExitStack() as places:
        taken = [places.enter_context(lane.place(each)) for each in names]
        assert taken.count(True) == 25
        assert not is_admitted(lane)
    assert is_admitted(lane)


def test_a_target_that_keeps_one_waiting_gets_no_other(
    lane: FastLane, targets: Targets, clock: Clock
) -> None:
    with lane.place(SHOP), targets.attempt(SHOP):
        clock.now += 1
        assert is_admitted(lane)
        clock.now += 0.1
        assert not is_admitted(lane)


def test_a_place_is_free_after_an_error(lane: FastLane) -> None:
    for _ in range(100):
        with suppress(RuntimeError), lane.place(SHOP) as admitted:
            assert admitted
            raise RuntimeError


def test_a_closed_lane_admits_nobody(targets: Targets) -> None:
    assert not is_admitted(FastLane(targets, places=0))
