"""The ordinary lane: its places, and how many of them one target may take."""

import time
from collections.abc import Callable
from typing import Final

from activities.lanes.targets import Pace, Targets

_SHARE: Final = {Pace.QUICK: 0.5, Pace.UNKNOWN: 0.01}
"""The part of the places that one target may take. A target that nobody knows may be one that
hangs, and fifty of these together must not fill the lane either."""
_LONGEST_WAIT: Final = 1.0
"""The longest wait for a place, in seconds. It fits into the grace of an attempt."""


class OrdinaryLane:
    """The attempts of delivery activities, but for those at slow targets."""

    def __init__(
        self, targets: Targets, places: int, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """``clock`` returns seconds."""
        self._targets = targets
        self._places = places
        self._clock = clock

    async def admits(self, authority: str) -> bool:
        """Waits until the target may have another attempt; false if it has to go to the slow lane.

        It waits for a second at most. By then an attempt at the target has ended, or the target
        counts as slow.
        """
        give_up_at = self._clock() + _LONGEST_WAIT
        while (pace := self._targets.pace(authority)) is not Pace.SLOW:
            if self._targets.in_flight(authority) < max(1, int(self._places * _SHARE[pace])):
                return True
            if (left := give_up_at - self._clock()) <= 0:
                return False
            await self._targets.next_end(authority, within=left)
        return False
