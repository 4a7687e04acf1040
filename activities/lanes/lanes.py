"""The three lanes of a worker."""

from activities.lanes.fast import PLACES, FastLane
from activities.lanes.ordinary import OrdinaryLane
from activities.lanes.targets import Targets


class Lanes:
    """The lanes of a worker, and its knowledge of the targets, by which the lanes admit them.

    The slow lane is not here: it has a task queue and places of its own, and admits every target.
    """

    def __init__(
        self, places: int, *, has_fast_lane: bool = True, targets: Targets | None = None
    ) -> None:
        """``places`` is the number of attempts at a time in the ordinary lane."""
        self.targets = targets or Targets()
        self.fast = FastLane(self.targets, min(PLACES, places) if has_fast_lane else 0)
        self.ordinary = OrdinaryLane(self.targets, places)
