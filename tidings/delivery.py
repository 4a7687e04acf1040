"""What a round hands from the workflow to its delivery activity."""

from pydantic import Field

from tidings.model import Model
from tidings.notification import Notification


class Round(Model):
    """One round: the whole schedule of one notification, run by one activity."""

    notification: Notification
    number: int = Field(ge=1)
    """Counted from 1."""
    attempts_before: int = Field(ge=0)
    """The attempts of all earlier rounds, so that attempts are numbered over all rounds."""
