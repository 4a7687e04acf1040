"""What a notification says now, beside what it said when it was sent; pure."""

from typing import Self

from tidings.base import Model
from tidings.fields import headers
from tidings.notification import Notification


class SentNotification(Model):
    """The fields of a notification as they are now, and as they were sent.

    Headers may hold secrets by mistake, so each value of them is ``***``.
    """

    id: str
    """The id of the notification."""
    now: Notification
    """The notification as the next attempt would send it, or as it was at its end."""
    sent: Notification | None
    """The notification as it was accepted, before any correction; ``None`` if Temporal does not
    keep that any more."""
    changed: tuple[str, ...]
    """The names of the fields that were corrected; empty if ``sent`` is ``None``."""
    complete: bool
    """False if no worker could be asked. A correction that no attempt has used yet may then be
    missing in ``now``."""

    @classmethod
    def of(cls, *, now: Notification, sent: Notification | None, complete: bool) -> Self:
        """Both versions with their headers masked. They are compared before that."""
        return cls(
            id=now.id,
            now=_masked(now),
            sent=_masked(sent) if sent is not None else None,
            changed=sent.differences(now) if sent is not None else (),
            complete=complete,
        )


def _masked(notification: Notification) -> Notification:
    return notification.model_copy(update={"headers": headers.masked(notification.headers)})
