"""All that the workflow of a notification knows, and hands to its next run; pure."""

from tidings.base import Record
from tidings.notification import StoredNotification
from tidings.state import NotificationState


class Wishes(Record):
    """What is wanted of a notification and not yet done."""

    resend: bool = False
    """Somebody wants a new round."""
    correction: bool = False
    """Somebody has corrected it, and the running round has not taken that up."""
    abandonment: str | None = None
    """Why it is to end abandoned; ``None`` if nobody wants that."""
    report: bool = False
    """The business system has to be told the present status."""


class Continuation(Record):
    """A notification as corrected, its state, and what is wanted of it."""

    notification: StoredNotification
    state: NotificationState
    wishes: Wishes = Wishes()
    origin: dict[str, str] | None = None
    """The fingerprints of the notification as it was sent; ``None`` in the run that was started
    with it, and in those that go on from there."""
    earlier_run: str | None = None
    """An ended run whose story this one carries on, and which has to be forgotten."""
