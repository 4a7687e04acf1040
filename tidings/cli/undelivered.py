"""What is not delivered, in groups of one status, target and cause; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from tidings import Moment, NotificationSummary, Status

STATUSES: Final = (
    Status.AWAITING_INTERVENTION,
    Status.REJECTED,
    Status.DELIVERING,
    Status.SCHEDULED,
)
"""The statuses of what is not delivered, in the order of their urgency."""


class By(StrEnum):
    """A field that tells groups apart, beside status and cause."""

    AUTHORITY = "authority"
    URL = "url"
    TYPE = "type"

    def of(self, notification: NotificationSummary) -> str | None:
        """The value of this field in ``notification``; ``None`` if it has none."""
        match self:
            case By.AUTHORITY:
                return notification.authority
            case By.URL:
                return notification.target
            case By.TYPE:
                return notification.type


@dataclass(frozen=True)
class Key:
    """The values that all notifications of a group have."""

    status: Status
    values: tuple[str | None, ...]
    """The values of the fields that were chosen."""
    cause: str | None
    """The code of the cause; only what is stuck has one."""
    problem: str | None
    """The cause in words; for what is rejected, the rule that its start broke."""


@dataclass
class Group:
    """Notifications that have the same key."""

    count: int = 0
    oldest: datetime | None = None
    """The earliest moment of one of them."""
    older: int = 0
    """The notifications whose moment is before the limit. What is scheduled is not late."""


class Undelivered:
    """The groups; it holds no notification, so its size does not grow with their number."""

    def __init__(self, fields: Sequence[By], moment: Moment, limit: datetime) -> None:
        """Groups by ``fields``; ``limit`` divides the older from the others by their ``moment``."""
        self.fields = tuple(fields)
        self.moment = moment
        self.limit = limit
        self._groups: dict[Key, Group] = {}

    def add(self, notification: NotificationSummary) -> None:
        """Adds one notification to its group."""
        key = self._key(notification)
        group = self._groups.setdefault(key, Group())
        group.count += 1
        at = self.moment.of(notification)
        if at is None:
            return
        group.oldest = min(at, group.oldest or at)
        if at < self.limit and key.status is not Status.SCHEDULED:
            group.older += 1

    def _key(self, notification: NotificationSummary) -> Key:
        values = tuple(by.of(notification) for by in self.fields)
        return Key(notification.status, values, notification.cause, notification.problem)

    @property
    def groups(self) -> list[tuple[Key, Group]]:
        """The groups, the most urgent status first, and the largest of each status first."""
        return sorted(
            self._groups.items(), key=lambda it: (STATUSES.index(it[0].status), -it[1].count)
        )

    @property
    def count(self) -> int:
        """The number of all notifications."""
        return sum(group.count for group in self._groups.values())

    @property
    def by_status(self) -> dict[Status, int]:
        """The number of notifications of each status, also of those without any."""
        counts = dict.fromkeys(STATUSES, 0)
        for key, group in self._groups.items():
            counts[key.status] += group.count
        return counts

    def documents(self) -> Iterator[dict[str, Any]]:
        """The groups as JSON objects."""
        for key, group in self.groups:
            yield {
                "status": key.status,
                **dict(zip(self.fields, key.values, strict=True)),
                "cause": key.cause,
                "problem": key.problem,
                "notifications": group.count,
                "oldest": group.oldest.isoformat() if group.oldest is not None else None,
                "older": group.older,
            }
