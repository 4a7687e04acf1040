"""The fast lane: the targets that a worker attempts within a workflow task, and their places."""

import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

PLACES: Final = 25
"""Attempts in the lane at a time. Each holds a workflow task, and a worker takes 40 of these, so
that the tasks of other notifications always find one that is free."""
_PLACES_OF_ONE_TARGET: Final = 15
_QUICK: Final = 1.0
"""The longest exchange of a quick target, in seconds."""
_OF_LATE: Final = 60.0
"""The time for which an acknowledgement proves that its target is quick, in seconds."""
_MOST_TARGETS: Final = 10_000
"""The most targets that are known as quick; one is about 200 bytes."""


class FastLane:
    """The targets that have acknowledged quickly of late, and their attempts in flight.

    It is the knowledge of one worker, and no schedule depends on it. A target that nobody knows,
    one that has failed, and one that keeps an attempt waiting go through the ordinary lane.
    """

    def __init__(
        self, places: int = PLACES, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """``clock`` returns seconds. A lane with 0 places admits nobody."""
        self._places = places
        self._clock = clock
        self._acknowledged_at: OrderedDict[str, float] = OrderedDict()
        self._begun_at: defaultdict[str, list[float]] = defaultdict(list)

    @property
    def is_open(self) -> bool:
        """False if it never admits anybody."""
        return self._places > 0

    @contextmanager
    def place(self, authority: str) -> Iterator[bool]:
        """A place for one attempt at ``authority``, for the length of the block.

        False if the target is not admitted now. Then the block must make no attempt.
        """
        if not self._admits(authority):
            yield False
            return
        begun_at = self._clock()
        self._begun_at[authority].append(begun_at)
        try:
            yield True
        finally:
            self._begun_at[authority].remove(begun_at)
            if not self._begun_at[authority]:
                del self._begun_at[authority]

    def learn(self, authority: str, *, seconds: float, acknowledged: bool) -> None:
        """Takes note of an attempt that has ended, in whichever lane."""
        self._acknowledged_at.pop(authority, None)
        if acknowledged and seconds <= _QUICK and self.is_open:
            self._acknowledged_at[authority] = self._clock()
            if len(self._acknowledged_at) > _MOST_TARGETS:
                self._acknowledged_at.popitem(last=False)

    def _admits(self, authority: str) -> bool:
        now, acknowledged_at = self._clock(), self._acknowledged_at.get(authority)
        if acknowledged_at is None or now - acknowledged_at > _OF_LATE:
            return False
        begun_at = self._begun_at.get(authority, [])
        if len(begun_at) >= _PLACES_OF_ONE_TARGET:
            return False
        if sum(map(len, self._begun_at.values())) >= self._places:
            return False
        return all(now - each <= _QUICK for each in begun_at)
