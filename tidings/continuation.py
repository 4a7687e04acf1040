"""All that the workflow of a notification knows, and hands to its next run; pure."""

from datetime import timedelta

from tidings.base import Record
from tidings.notification import StoredNotification
from tidings.state import NotificationState


class Wishes(Record):
    """What is wanted of a notification and not yet done."""

    resend: bool = False
    """Somebody wants a new round."""
    abandonment: str | None = None
    """Why it is to end abandoned; ``None`` if nobody wants that."""
    report: bool = False
    """The business system has to be told the present status."""
    spread: timedelta = timedelta(0)
    """The wished round or report comes at a random moment within this."""


class Continuation(Record):
    """A notification as corrected, its state, and what is wanted of it."""

    notification: StoredNotification
    state: NotificationState
    wishes: Wishes = Wishes()
