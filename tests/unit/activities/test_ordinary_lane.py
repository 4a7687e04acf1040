"""The places that one target may take in the ordinary lane."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack

import pytest

from activities.lanes.ordinary import OrdinaryLane
from activities.lanes.targets import Pace, Targets
from tests.support.paces import Clock, attempted

SHOP = "shop.test:443"


class Waiting(Targets):
    """Targets over a clock of the test, on which each wait does what the test wants."""

    def __init__(self, clock: Clock, wait: Callable[[float], Awaitable[None]]) -> None:
        super().__init__(clock)
        self.waits: list[float] = []
        self._wait = wait

    async def next_end(self, authority: str, *, within: float) -> None:
        assert self.in_flight(authority)
        self.waits.append(within)
        await self._wait(within)


class Lane:
    """A lane with 200 places, and its clock."""

    def __init__(self, *, places: int = 200, passes: float = 0.4) -> None:
        """Each wait takes ``passes`` seconds."""
        self.clock = Clock()
        self.targets = Waiting(self.clock, self._pass)
        self.lane = OrdinaryLane(self.targets, places, clock=self.clock)
        self._passes = passes

    async def _pass(self, within: float) -> None:
        self.clock.now += min(self._passes, within)


@pytest.mark.parametrize(
    ("lengths", "places", "expected"),
    [
        ([], 200, 2),
        ([], 20, 1),
        ([], 1, 1),
        ([0.1], 200, 100),
        ([0.1], 20, 10),
        ([0.1], 1, 1),
        ([1.1], 200, 0),
    ],
)
async def test_one_target_takes_a_share(lengths: list[float], places: int, expected: int) -> None:
    it = Lane(places=places)
    for seconds in lengths:
        attempted(it.targets, it.clock, SHOP, seconds)
    with ExitStack() as attempts:
        admitted = 0
        while admitted < places and await it.lane.admits(SHOP):
            attempts.enter_context(it.targets.attempt(SHOP))
            admitted += 1
        assert admitted == min(expected, places)


async def test_others_are_admitted_meanwhile() -> None:
    it = Lane()
    with it.targets.attempt(SHOP), it.targets.attempt(SHOP):
        assert not await it.lane.admits(SHOP)
        assert await it.lane.admits("other.test:443")


async def test_nobody_waits_for_longer_than_a_second() -> None:
    """Attempts that begin again and again never make the target slow."""
    it = Lane(passes=0.3)
    async with AsyncExitStack() as attempts:
        for _ in range(2):
            attempts.enter_context(it.targets.attempt(SHOP))
        began = it.clock.now
        assert not await it.lane.admits(SHOP)
        assert it.clock.now - began == pytest.approx(1.0)
        assert it.targets.waits == pytest.approx([1.0, 0.7, 0.4, 0.1])


async def test_an_end_admits_the_next() -> None:
    """Real time: a probe that ends quickly opens the lane for all that wait."""
    targets = Targets()
    lane = OrdinaryLane(targets, 200)
    with ExitStack() as probes:
        for _ in range(2):
            probes.enter_context(targets.attempt(SHOP))
        waiting = [asyncio.create_task(lane.admits(SHOP)) for _ in range(50)]
        await asyncio.sleep(0)
        assert not any(each.done() for each in waiting)
    assert all(await asyncio.gather(*waiting))


async def test_who_waits_leaves_once_the_target_is_slow() -> None:
    it = Lane(passes=0.6)
    with it.targets.attempt(SHOP), it.targets.attempt(SHOP):
        it.clock.now += 0.5
        assert not await it.lane.admits(SHOP)
        assert it.targets.pace(SHOP) is Pace.SLOW
        assert it.targets.waits == [1.0]
