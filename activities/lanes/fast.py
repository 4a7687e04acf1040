"""The fast lane: the targets that a worker attempts within a workflow task, and their places."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from activities.lanes.targets import Targets

PLACES: Final = 25
"""Attempts in the lane at a time. Each holds a workflow task, and a worker takes 40 of these, so
that the tasks of other notifications always find one that is free."""
_PLACES_OF_ONE_TARGET: Final = 15


class FastLane:
    """The attempts within workflow tasks.

    A target that nobody knows, one that has failed, and one that keeps an attempt waiting are not
    admitted.
    """

    def __init__(self, targets: Targets, places: int = PLACES) -> None:
        """A lane with 0 places admits nobody."""
        self._targets = targets
        self._places = places
        self._taken: Counter[str] = Counter()

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
        self._taken[authority] += 1
        try:
            yield True
        finally:
            self._taken[authority] -= 1
            if not self._taken[authority]:
                del self._taken[authority]

    def _admits(self, authority: str) -> bool:
        return (
            self._taken.total() < self._places
            and self._taken[authority] < _PLACES_OF_ONE_TARGET
            and self._targets.acknowledges(authority)
        )
