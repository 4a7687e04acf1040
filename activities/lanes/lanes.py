"""The three lanes of a worker."""

from activities.lanes.fast import PLACES, FastLane
from activities.lanes.ordinary import OrdinaryLane
from activities.lanes.targets import Targets


class Lanes:
    """What a worker knows of its targets, and the lanes that it admits them to by that.

    The slow lane has a task queue and places of its own, and admits everybody.
    """

    def __init__(
        self, places: int, *, has_fast_lane: bool = True, targets: Targets | None = None
    ) -> None:
        """``places`` is the number of attempts at a time in the ordinary lane."""
        self.targets = targets or Targets()
        self.fast = FastLane(self.targets, min(PLACES, places) if has_fast_lane else 0)
        self.ordinary = OrdinaryLane(self.targets, places)
