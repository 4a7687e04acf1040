"""Attempts of which a worker learns how quick its targets are."""

from activities.lanes.targets import Targets


class Clock:
    """Seconds that the test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def attempted(
    targets: Targets, clock: Clock, authority: str, seconds: float, *, acknowledged: bool = True
) -> None:
    """Makes one attempt that takes so long."""
    with targets.attempt(authority) as attempt:
        clock.now += seconds
        attempt.acknowledged = acknowledged
