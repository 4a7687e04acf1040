"""The summary of a notification, as a list shows it."""

from dataclasses import dataclass

from pydantic import AwareDatetime

from tidings.base import Model
from tidings.state import Status, WaitReason


class NotificationSummary(Model):
    """One notification as a list shows it."""

    id: str
    type: str | None
    """``None`` until a worker has seen a notification that was started without attributes."""
    authority: str | None
    """Host and port of the target; ``None`` likewise."""
    status: Status
    reason: WaitReason | None = None
    """Why it awaits intervention; ``None`` unless it does."""
    explanation: str | None = None
    """One sentence on that."""
    awaiting_since: AwareDatetime | None = None
    accepted_at: AwareDatetime
    closed_at: AwareDatetime | None = None


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some of the notifications of a filter."""

    notifications: tuple[NotificationSummary, ...]
    """The last page may be empty."""
    cursor: str | None
    """The cursor of the next page, safe in a URL; ``None`` on the last page."""
