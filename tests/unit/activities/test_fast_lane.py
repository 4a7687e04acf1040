"""Which targets the fast lane admits, as a table over a clock of the test."""

from contextlib import ExitStack, suppress

import pytest

from activities.fast_lane import FastLane

SHOP = "shop.test:443"


class Clock:
    """Seconds that the test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lane(clock: Clock) -> FastLane:
    """A lane that knows ``SHOP`` as quick."""
    lane = FastLane(clock=clock)
    lane.learn(SHOP, seconds=0.2, acknowledged=True)
    return lane


def is_admitted(lane: FastLane, authority: str = SHOP) -> bool:
    with lane.place(authority) as admitted:
        return admitted


def test_an_unknown_target_takes_the_ordinary_lane(lane: FastLane) -> None:
    assert is_admitted(lane)
    assert not is_admitted(lane, "shop.test:8443")
    assert not is_admitted(lane, "other.test:443")


@pytest.mark.parametrize(
    ("seconds", "acknowledged", "admitted"),
    [(0.0, True, True), (1.0, True, True), (1.1, True, False), (0.1, False, False)],
)
def test_the_last_attempt_decides(
    lane: FastLane,
    seconds: float,
    acknowledged: bool,  # noqa: FBT001 -- a table
    admitted: bool,  # noqa: FBT001 -- a table
) -> None:
    lane.learn(SHOP, seconds=seconds, acknowledged=acknowledged)
    assert is_admitted(lane) is admitted


def test_an_acknowledgement_counts_for_a_minute(lane: FastLane, clock: Clock) -> None:
    clock.now += 60
    assert is_admitted(lane)
    clock.now += 0.1
    assert not is_admitted(lane)


def test_one_target_never_fills_the_lane(lane: FastLane) -> None:
    lane.learn("quick.test:80", seconds=0.1, acknowledged=True)
    with ExitStack() as places:
        taken = [places.enter_context(lane.place(SHOP)) for _ in range(100)]
        assert taken.count(True) == 15
        assert not is_admitted(lane)
        assert is_admitted(lane, "quick.test:80")
    assert is_admitted(lane)


def test_many_targets_together_fill_it(lane: FastLane) -> None:
    names = [f"{number}.test:80" for number in range(50)]
    for each in names:
        lane.learn(each, seconds=0.1, acknowledged=True)
    with ExitStack() as places:
        taken = [places.enter_context(lane.place(each)) for each in names]
        assert taken.count(True) == 25
        assert not is_admitted(lane)
    assert is_admitted(lane)


def test_a_target_that_keeps_one_waiting_gets_no_other(lane: FastLane, clock: Clock) -> None:
    with lane.place(SHOP):
        clock.now += 1
        assert is_admitted(lane)
        clock.now += 0.1
        assert not is_admitted(lane)


def test_a_place_is_free_after_an_error(lane: FastLane) -> None:
    for _ in range(100):
        with suppress(RuntimeError), lane.place(SHOP) as admitted:
            assert admitted
            raise RuntimeError


def test_a_closed_lane_admits_nobody(clock: Clock) -> None:
    lane = FastLane(places=0, clock=clock)
    lane.learn(SHOP, seconds=0.1, acknowledged=True)
    assert not is_admitted(lane)


def test_it_knows_a_bounded_number_of_targets(lane: FastLane) -> None:
    """The targets that it has not heard of for longest are forgotten first."""
    for number in range(9_999):
        lane.learn(f"{number}.test:80", seconds=0.1, acknowledged=True)
    assert is_admitted(lane)
    lane.learn(SHOP, seconds=0.1, acknowledged=True)
    lane.learn("another.test:80", seconds=0.1, acknowledged=True)
    assert is_admitted(lane)
    assert not is_admitted(lane, "0.test:80")
