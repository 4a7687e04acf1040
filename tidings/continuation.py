"""All that the workflow of a notification knows, and hands on to its next run; pure."""

from datetime import timedelta

from tidings.base import Record
from tidings.notification import StoredNotification
from tidings.state import NotificationState


class Wishes(Record):
    """The next steps that a notification has still to take."""

    resend: bool = False
    """True if a person wants a new round."""
    abandonment: str | None = None
    """The explanation with which it has to end abandoned; ``None`` if nobody wants that."""
    report: bool = False
    """True if the business system has no report of the present status yet."""
    spread: timedelta = timedelta(0)
    """The wished round, or the report of an abandon, comes at a random moment within this."""


class Continuation(Record):
    """A notification, corrections included, with its state and the wishes for it."""

    notification: StoredNotification
    state: NotificationState
    wishes: Wishes = Wishes()
