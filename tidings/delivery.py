"""What a round hands from the workflow to its delivery activity."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from tidings.model import Record
from tidings.notification import Notification


def _accepted(value: object) -> Notification:
    """What another release has accepted stays accepted, fields unknown to this one included."""
    return Notification.model_validate(value, extra="ignore")


class Round(Record):
    """One round: the schedule of one notification, run by one activity, rarely by a second."""

    notification: Annotated[Notification, BeforeValidator(_accepted)]
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
