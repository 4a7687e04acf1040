"""All that the workflow of a notification knows, and hands on to its next run; pure."""

from tidings.base import Record
from tidings.notification import StoredNotification
from tidings.state import NotificationState


class Wishes(Record):
    """The next steps that a notification has still to take."""

    resend: bool = False
    """True if a person wants a new round."""
    correction: bool = False
    """True if a person has corrected it and its round has not taken that up."""
    abandonment: str | None = None
    """The explanation with which it has to end abandoned; ``None`` if nobody wants that."""
    report: bool = False
    """True if the business system has no report of the present status yet."""


class Continuation(Record):
    """A notification, corrections included, with its state and the wishes for it."""

    notification: StoredNotification
    state: NotificationState
    wishes: Wishes = Wishes()
    attempts_before: int | None = None
    """The attempts before the round that goes on in the next run; ``None`` if no round does."""
    origin: dict[str, str] | None = None
    """The fingerprints of the notification as it was sent; ``None`` if an earlier run of the same
    chain was started with it."""
    sent: StoredNotification | None = None
    """The notification as it was sent, if a correction has changed it since, and if it is short
    enough for two of them; ``None`` otherwise, and if Temporal has the run that began with it."""
    earlier_run: str | None = None
    """The id of an ended run, whose story this one carries on and which has to be deleted."""
