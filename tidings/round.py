"""The round: one schedule of attempts, as the workflow hands it to its delivery activity."""

from datetime import datetime, timedelta
from typing import Final

from pydantic import Field

from tidings.base import Record
from tidings.notification import StoredNotification
from tidings.state import Attempt, FailureKind

GRACE: Final = timedelta(seconds=5)
"""The time that an attempt may need beyond its own timeout, which ends it long before this."""


class Round(Record):
    """One round: the schedule of one notification, run by one activity, rarely by a second."""

    notification: StoredNotification
    number: int = Field(ge=1)
    """Counted from 1."""
    attempts_before: int = Field(ge=0)
    """The attempts of all earlier rounds, so that attempts are numbered over all rounds."""
    attempts_made: int = Field(default=0, ge=0)
    """The attempts that an earlier activity has made of this round."""

    @property
    def first_number(self) -> int:
        """The number of the first attempt that this activity makes."""
        return self.attempts_before + self.attempts_made + 1

    @property
    def attempt_limit(self) -> timedelta:
        """The time after which a silent attempt counts as lost with its worker."""
        return self.notification.timeout + GRACE

    def without_gaps(
        self, log: tuple[Attempt, ...], *, count: int, began_at: datetime
    ) -> tuple[Attempt, ...]:
        """``log`` with a record for each of the first ``count`` attempts of this activity.

        An attempt without a record was lost with its worker. Only its earliest possible moment is
        known.
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
            )
            complete.append(attempt)
            due_at = attempt.next_attempt_at or attempt.started_at + self.attempt_limit
        return tuple(complete)
