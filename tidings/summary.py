"""The summary of a notification in a list; pure."""

from dataclasses import dataclass

from pydantic import AwareDatetime

from tidings.base import Model
from tidings.state import Status, WaitReason


class NotificationSummary(Model):
    """One notification in a list, with what Temporal's lists hold of it."""

    id: str
    """The id of the notification."""
    type: str | None
    """The type of the notification. ``None`` if another language started it without search
    attributes and no worker has seen it yet."""
    target: str | None
    """The URL it is sent to now. ``None`` as for ``type``."""
    authority: str | None
    """Host and port of the target, as ``orders.example.com:443``. ``None`` as for ``type``."""
    status: Status
    """The status when the list was read."""
    reason: WaitReason | None = None
    """The reason why it awaits intervention; ``None`` in every other status."""
    explanation: str | None = None
    """One sentence on how it got stuck; ``None`` in every other status."""
    awaiting_since: AwareDatetime | None = None
    """The moment since which it awaits intervention; ``None`` in every other status."""
    accepted_at: AwareDatetime
    """The moment at which Temporal recorded it."""
    closed_at: AwareDatetime | None = None
    """The moment at which it ended; ``None`` while it is open."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some of the notifications of a filter."""

    notifications: tuple[NotificationSummary, ...]
    """The notifications of this page. The last page may be empty."""
    cursor: str | None
    """The cursor of the next page, safe in a URL; ``None`` on the last page."""
