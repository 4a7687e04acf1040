"""The round: one schedule of attempts, as its workflow gives it to the delivery activity; pure."""

from datetime import datetime, timedelta
from typing import Final

from pydantic import Field

from tidings.base import Record
from tidings.notification import StoredNotification
from tidings.state import Attempt, FailureKind, cause

GRACE: Final = timedelta(seconds=5)
"""The time beyond its timeout after which an attempt counts as lost with its worker."""


class Outline(Record):
    """A round without its notification: all that its attempts are numbered and timed by."""

    number: int = Field(ge=1)
    """The number of the round, from 1."""
    attempts_before: int = Field(ge=0)
    """The attempts of all earlier rounds, because attempts are numbered over all rounds."""
    attempts_made: int = Field(default=0, ge=0)
    """The attempts of this round that an earlier activity has made."""
    timeout: timedelta
    """The limit for one attempt."""

    @property
    def first_number(self) -> int:
        """The number of the first attempt that this activity makes."""
        return self.attempts_before + self.attempts_made + 1

    @property
    def attempt_limit(self) -> timedelta:
        """The time after which a silent attempt counts as lost with its worker."""
        return self.timeout + GRACE

    def without_gaps(
        self, log: tuple[Attempt, ...], *, count: int, began_at: datetime
    ) -> tuple[Attempt, ...]:
        """``log``, completed to the first ``count`` attempts of this activity.

        An attempt without a record was lost with its worker. Its record then has the earliest
        moment at which it can have begun.
        """
        by_number = {attempt.number: attempt for attempt in log}
        due_at = began_at
        complete = []
        for number in range(self.first_number, self.first_number + count):
            attempt = by_number.get(number) or Attempt(
                number=number,
                round=self.number,
                started_at=min([due_at, *(it.started_at for it in log if it.number > number)]),
                failure=FailureKind.INTERRUPTED,
                explanation="the worker was lost in this attempt, so its outcome is unknown",
                cause=cause.of_failure(FailureKind.INTERRUPTED),
            )
            complete.append(attempt)
            due_at = attempt.next_attempt_at or attempt.started_at + self.attempt_limit
        return tuple(complete)


class Round(Record):
    """One pass through the schedule of a notification. Usually one activity makes all of it."""

    notification: StoredNotification
    """The notification, corrections included."""
    number: int = Field(ge=1)
    """As in ``Outline``, like the two fields below."""
    attempts_before: int = Field(ge=0)
    attempts_made: int = Field(default=0, ge=0)

    @property
    def outline(self) -> Outline:
        """The round without its notification, whose body may be large."""
        return Outline(
            number=self.number,
            attempts_before=self.attempts_before,
            attempts_made=self.attempts_made,
            timeout=self.notification.timeout,
        )
