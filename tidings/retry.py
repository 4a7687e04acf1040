"""Retry schedules: the attempts of a round, and the delay after each of them; pure.

A schedule always ends. The first attempt of a round is immediate. ``delays[n - 1]`` is the time
from the end of the failed attempt ``n`` to the next one.
"""

from abc import abstractmethod
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from tidings.base import Duration, Model, default
from tidings.decision import Again, Stuck
from tidings.state import WaitReason

MAX_ATTEMPTS: Final = 100
"""The most attempts that one round may have."""

SHORTEST_INTERVAL: Final = timedelta(milliseconds=1)
LONGEST_INTERVAL: Final = timedelta(days=365)

if TYPE_CHECKING:
    from tidings.base import Converted

    Interval = Duration
    IntervalList = Converted[tuple[timedelta, ...], list[timedelta | float]]
else:
    Interval = Annotated[Duration, Field(ge=SHORTEST_INTERVAL, le=LONGEST_INTERVAL)]
    IntervalList = Annotated[tuple[Interval, ...], Field(min_length=1, max_length=MAX_ATTEMPTS - 1)]

AttemptLimit = Annotated[int, Field(ge=1, le=MAX_ATTEMPTS)]
Jitter = Annotated[float, Field(ge=0, lt=1)]


class _Schedule(Model):
    """The base of every schedule: figures that follow from its delays."""

    @property
    @abstractmethod
    def delays(self) -> tuple[timedelta, ...]:
        """The delay after each failed attempt but the last, without jitter."""

    @property
    def longest_interval(self) -> timedelta:
        """The longest of the delays; zero if there is a single attempt."""
        return max(self.delays, default=timedelta(0))

    @property
    def total(self) -> timedelta:
        """The length of the whole schedule: the sum of its delays."""
        return sum(self.delays, timedelta(0))


class Exponential(_Schedule):
    """Delays that grow: ``min(initial_interval * coefficient ** (n - 1), maximum_interval)``."""

    kind: Literal["exponential"] = "exponential"
    """The kind of schedule, by which JSON distinguishes them."""
    initial_interval: Interval = default(timedelta(seconds=10))
    """The delay after the first attempt: 1 ms to 365 days."""
    coefficient: float = Field(default=2.0, ge=1, le=100)
    """The factor from one delay to the next: 1 to 100."""
    maximum_interval: Interval = default(timedelta(hours=1))
    """The longest delay: 1 ms to 365 days, and not below ``initial_interval``."""
    maximum_attempts: AttemptLimit = 8
    """The attempts of one round, the first included: 1 to 100."""
    jitter: Jitter = 0.1
    """The fraction by which each delay varies at random, up or down: from 0 to below 1."""

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        if self.maximum_interval < self.initial_interval:
            raise ValueError(
                f"maximum_interval ({self.maximum_interval}) must not be shorter than "
                f"initial_interval ({self.initial_interval})"
            )
        return self

    @property
    def delays(self) -> tuple[timedelta, ...]:
        """The delay after each failed attempt but the last, without jitter."""
        first = self.initial_interval.total_seconds()
        longest = self.maximum_interval.total_seconds()
        return tuple(
            timedelta(seconds=min(first * self.coefficient**exponent, longest))
            for exponent in range(self.maximum_attempts - 1)
        )


class FixedInterval(_Schedule):
    """The same delay after every attempt."""

    kind: Literal["fixed"] = "fixed"
    """The kind of schedule, by which JSON distinguishes them."""
    interval: Interval
    """The delay after each attempt but the last: 1 ms to 365 days."""
    maximum_attempts: AttemptLimit
    """The attempts of one round, the first included: 1 to 100."""
    jitter: Jitter = 0.0
    """The fraction by which each delay varies at random, up or down: from 0 to below 1."""

    @property
    def delays(self) -> tuple[timedelta, ...]:
        """The delay after each failed attempt but the last, without jitter."""
        return (self.interval,) * (self.maximum_attempts - 1)


class Intervals(_Schedule):
    """A list of delays. A round has one attempt more than there are delays."""

    kind: Literal["intervals"] = "intervals"
    """The kind of schedule, by which JSON distinguishes them."""
    intervals: IntervalList
    """The delay after each attempt but the last: 1 to 99 delays of 1 ms to 365 days."""
    jitter: Jitter = 0.0
    """The fraction by which each delay varies at random, up or down: from 0 to below 1."""

    @property
    def delays(self) -> tuple[timedelta, ...]:
        """The delay after each failed attempt but the last, without jitter."""
        return self.intervals

    @property
    def maximum_attempts(self) -> int:
        """The attempts of one round, the first included."""
        return len(self.intervals) + 1


Schedule = Exponential | FixedInterval | Intervals


def is_used_up(schedule: Schedule, attempts: int) -> bool:
    """True if a round of ``schedule`` has made all its attempts after so many ``attempts``."""
    return attempts >= schedule.maximum_attempts


def after_failure(
    schedule: Schedule,
    attempt: int,
    *,
    now: datetime,
    random: float,
    own_interval: timedelta | None = None,
    retry_after: timedelta | None,
    timeout: timedelta,
    expires_at: datetime | None,
) -> Again | Stuck:
    """The decision after ``attempt`` (from 1, in its round) has failed.

    ``random`` is in [0, 1). ``own_interval`` replaces the delay of the schedule, without jitter;
    a pending answer has one. ``retry_after`` is the wish of the target. It never shortens a delay.
    It may lengthen one up to the longest interval of the schedule, but only so far that another
    attempt of length ``timeout`` fits before ``expires_at``.
    """
    if is_used_up(schedule, attempt):
        return Stuck(WaitReason.EXHAUSTED)
    if own_interval is not None:
        delay = own_interval
    else:
        delay = schedule.delays[attempt - 1] * (1 + schedule.jitter * (2 * random - 1))
    if retry_after is not None:
        wish = min(retry_after, schedule.longest_interval)
        if expires_at is not None:
            wish = min(wish, expires_at - now - timeout)
        delay = max(delay, wish)
    delay = max(delay, SHORTEST_INTERVAL)
    if expires_at is not None and now + delay >= expires_at:
        return Stuck(WaitReason.EXPIRED)
    return Again(delay)
