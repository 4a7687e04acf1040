"""The paths of notifications whose attempts go through the slow lane."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from activities.lanes.lanes import Lanes
from activities.lanes.targets import Targets
from tests.support.paces import Clock, attempted
from tests.support.skipped_time import CONCURRENCY, SkippedTime
from tidings import FixedInterval, Resend, Status

SLOW: Final = "http://slow.test/"
_AUTHORITY: Final = "slow.test:80"
HOURLY: Final = FixedInterval(interval=3600, maximum_attempts=3)
DAY: Final = timedelta(days=1)


class SlowTarget:
    """The lanes of a worker whose clock the test sets, so that it knows when ``SLOW`` is slow."""

    def __init__(self) -> None:
        self._clock = Clock()
        self._targets = Targets(self._clock)
        self.lanes = Lanes(CONCURRENCY, targets=self._targets)

    def become_slow(self) -> None:
        """Makes the worker know the target as slow."""
        attempted(self._targets, self._clock, _AUTHORITY, 5)


@asynccontextmanager
async def slow_target(service: SkippedTime, *, is_known: bool = True) -> AsyncIterator[SlowTarget]:
    """Runs a worker that may know ``SLOW`` as slow."""
    target = SlowTarget()
    if is_known:
        target.become_slow()
    async with service.worker(target.lanes):
        yield target


async def retried(service: SkippedTime, name: str) -> None:
    """All of it goes through the slow lane."""
    service.target.answer(name, 503, 503, 200)
    async with slow_target(service):
        await service.send(name, target=SLOW, retry=HOURLY)
        await service.until_attempts(name, 1)
        await service.skip(name, DAY)
        await service.client.outcome(name)


async def moved(service: SkippedTime, name: str) -> None:
    """The target becomes slow after the first attempt."""
    service.target.answer(name, 503)
    async with slow_target(service, is_known=False) as target:
        await service.send(name, target=SLOW, retry=HOURLY)
        await service.until_attempts(name, 1)
        target.become_slow()
        await service.skip(name, DAY)
        await service.until(name, Status.AWAITING_INTERVENTION)
        await service.client.abandon(name)
        await service.client.outcome(name)


async def corrected(service: SkippedTime, name: str) -> None:
    """A person gives it another target between two attempts in the slow lane."""
    service.target.answer(name, 503, 200)
    async with slow_target(service):
        await service.send(name, target=SLOW, retry=HOURLY)
        await service.until_attempts(name, 1)
        await service.client.resend(name, Resend(operator="li", target="http://corrected.test/"))
        await service.client.outcome(name)
