"""The targets as one worker knows them: how quick each was of late, and its attempts in flight."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

QUICK: Final = 1.0
"""The longest attempt at a quick target, in seconds."""
_OF_LATE: Final = 60.0
"""The time for which an attempt says anything about its target, in seconds."""
_QUICK_AGAIN: Final = 3
"""The quick attempts in a row after which a slow target counts as quick. With fewer, a host with
one slow path would change from lane to lane all the time."""
_MOST_TARGETS: Final = 10_000
"""The most targets that are known; one is about 1 KiB."""

logger = logging.getLogger("tidings.targets")


class Pace(Enum):
    """The speed of a target's answers. Acknowledgements and refusals count alike."""

    UNKNOWN = "unknown"
    QUICK = "quick"
    SLOW = "slow"


_CHANGES: Final = {
    Pace.SLOW: (logging.WARNING, "target.slow"),
    Pace.QUICK: (logging.INFO, "target.quick_again"),
}
"""The level and the event of the log line on a target that has become slow, or quick again."""


@dataclass
class InFlight:
    """An attempt in flight."""

    begun_at: float
    acknowledged: bool = False
    """Set by the attempt, before it ends."""


@dataclass
class _Target:
    """One target."""

    pace: Pace = Pace.UNKNOWN
    ended_at: float | None = None
    """The end of the last attempt."""
    acknowledged: bool = False
    """True if that attempt was acknowledged."""
    quick_in_a_row: int = 0
    in_flight: list[InFlight] = field(default_factory=list)
    """In the order in which they began."""
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the next attempt ends, and replaced then."""


class Targets:
    """The knowledge of one worker about its targets, by host and port.

    No schedule depends on it.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """``clock`` returns seconds."""
        self._clock = clock
        self._known: OrderedDict[str, _Target] = OrderedDict()

    def pace(self, authority: str) -> Pace:
        """The pace of a target. It is slow if it keeps an attempt waiting at this moment."""
        target = self._known.get(authority)
        if target is None:
            return Pace.UNKNOWN
        now = self._clock()
        if _waits(target, now):
            self._become(Pace.SLOW, authority, target)
        elif target.ended_at is None or now - target.ended_at > _OF_LATE:
            return Pace.UNKNOWN
        return target.pace

    def acknowledges(self, authority: str) -> bool:
        """True if the target is quick, and has acknowledged its last attempt."""
        return self.pace(authority) is Pace.QUICK and self._known[authority].acknowledged

    def in_flight(self, authority: str) -> int:
        """The attempts at a target in flight, in all lanes."""
        target = self._known.get(authority)
        return len(target.in_flight) if target is not None else 0

    @contextmanager
    def attempt(self, authority: str) -> Iterator[InFlight]:
        """Makes an attempt count as in flight for the length of the block, and learns from it."""
        target = self._known.setdefault(authority, _Target())
        attempt = InFlight(self._clock())
        target.in_flight.append(attempt)
        try:
            yield attempt
        finally:
            target.in_flight.remove(attempt)
            self._learn(authority, target, attempt)
            target.ended.set()
            target.ended = asyncio.Event()
            self._forget_the_oldest()

    async def next_end(self, authority: str, *, within: float) -> None:
        """Waits for the end of an attempt at a target, for as many seconds at most.

        It also returns when an attempt in flight has made the target slow.
        """
        target = self._known.get(authority)
        if target is None or not target.in_flight:
            return
        slow_in = max(target.in_flight[0].begun_at + QUICK - self._clock(), 0) + 0.001
        with suppress(TimeoutError):
            async with asyncio.timeout(min(within, slow_in)):
                await target.ended.wait()

    def _learn(self, authority: str, target: _Target, attempt: InFlight) -> None:
        now = self._clock()
        target.ended_at, target.acknowledged = now, attempt.acknowledged
        self._known.move_to_end(authority)
        if now - attempt.begun_at > QUICK:
            self._become(Pace.SLOW, authority, target)
            return
        target.quick_in_a_row += 1
        was_slow = target.pace is Pace.SLOW
        if not was_slow or (target.quick_in_a_row >= _QUICK_AGAIN and not _waits(target, now)):
            self._become(Pace.QUICK, authority, target)

    def _become(self, pace: Pace, authority: str, target: _Target) -> None:
        if pace is Pace.SLOW:
            target.quick_in_a_row = 0
        if Pace.SLOW in {pace, target.pace} and pace is not target.pace:
            level, event = _CHANGES[pace]
            logger.log(
                level, event, extra={"target": authority, "in_flight": len(target.in_flight)}
            )
        target.pace = pace

    def _forget_the_oldest(self) -> None:
        if len(self._known) > _MOST_TARGETS:
            idle = (each for each, target in self._known.items() if not target.in_flight)
            if (oldest := next(idle, None)) is not None:
                del self._known[oldest]


def _waits(target: _Target, now: float) -> bool:
    """True if an attempt in flight has waited for too long."""
    return bool(target.in_flight) and now - target.in_flight[0].begun_at > QUICK
