"""The answers of ``NotificationClient``: receipts, summaries, pages and batches; pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime

from tidings.base import Model
from tidings.errors import TidingsError
from tidings.state import Status, WaitReason, cause


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Proof that Temporal has recorded a notification."""

    id: str
    """The id of the notification."""
    created: bool
    """False if the same notification had been accepted before. Nothing is sent twice then."""


@dataclass(frozen=True, kw_only=True)
class SendResult:
    """The result for one of many notifications: a receipt or an error."""

    index: int
    """The position of the notification in the input, from 0."""
    id: str | None
    """The id of the notification; ``None`` if the input is too broken to have one."""
    receipt: Receipt | None = None
    """The receipt; ``None`` if there was an error."""
    error: TidingsError | None = None
    """The error; ``None`` if there is a receipt."""


class NotificationSummary(Model):
    """One notification in a list, with what Temporal's lists hold of it."""

    id: str
    """The id of the notification."""
    type: str | None
    """The type of the notification. ``None`` if another language started it without search
    attributes and no worker has seen it yet."""
    target: str | None
    """The URL that it is sent to now. ``None`` as for ``type``."""
    authority: str | None
    """Host and port of the target, as ``orders.example.com:443``. ``None`` as for ``type``."""
    status: Status
    """The status when the list was read."""
    reason: WaitReason | None = None
    """The reason why it awaits intervention; ``None`` in every other status."""
    cause: str | None = None
    """The code of what went wrong, as ``connection_refused``; ``None`` in every other status."""
    explanation: str | None = None
    """One sentence on how it came to its status; ``None`` while it is scheduled or delivering."""
    awaiting_since: AwareDatetime | None = None
    """The moment since which it awaits intervention; ``None`` in every other status."""
    expires_at: AwareDatetime | None = None
    """The moment from which no attempt begins any more; ``None`` if that is never, and while it is
    scheduled or delivering."""
    attempt_count: int | None = None
    """The number of attempts so far; ``None`` while it is scheduled or delivering."""
    status_code: int | None = None
    """The HTTP status of the last answer; ``None`` as for ``attempt_count``, and without one."""
    excerpt: str | None = None
    """The beginning of the last answer's body, at most 200 characters; ``None`` likewise."""
    operator: str | None = None
    """The person who intervened last; ``None`` as for ``attempt_count``, and if nobody did."""
    operator_reason: str | None = None
    """The reason that this person gave; ``None`` likewise."""
    accepted_at: AwareDatetime
    """The moment at which Temporal recorded it."""
    closed_at: AwareDatetime | None = None
    """The moment at which it ended; ``None`` while it is open."""

    @property
    def problem(self) -> str | None:
        """What went wrong, as a person would say it; of a rejected one, the rule that it broke.

        ``None`` in every other status.
        """
        if self.status is Status.REJECTED:
            return self.explanation
        return cause.words(self.cause) if self.cause is not None else self.reason


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some of the notifications of a filter."""

    notifications: tuple[NotificationSummary, ...]
    """The notifications of this page. There may be fewer than the size of a page, even none,
    although further pages follow: only ``cursor`` shows the end."""
    cursor: str | None
    """The cursor of the next page, safe in a URL; ``None`` on the last page."""


class BatchState(StrEnum):
    """The state of a batch."""

    RUNNING = "running"
    """The service goes through its notifications, or waits for a worker."""
    COMPLETED = "completed"
    """Every notification of its filter was resolved, refused or failed."""
    STOPPED = "stopped"
    """Somebody stopped it; what had begun before stays."""
    FAILED = "failed"
    """It ended by itself before it was complete; ``tidings batch ID`` shows why."""


class Batch(Model):
    """A batch, and how far it has come."""

    id: str
    """The id of the batch, as ``batch:resend-20260101T000000Z-abcdef``."""
    action: Literal["resend", "correct", "abandon"]
    """The action on each notification."""
    state: BatchState
    """The state of the batch as a whole."""
    total: int
    """The notifications that were found before it began."""
    resolved: int
    """Notifications that took the intervention: their round has begun, they are corrected, or they
    have ended."""
    refused: int
    """Notifications that no longer met the filter, had expired, or whose correction broke a rule.
    Each of them is as it was."""
    failed: int
    """Notifications that could not be asked."""
    remaining: int
    """Notifications that are still to be asked, or that a stopped batch has left alone."""
    last_problem: str | None = None
    """The reason of the last refusal or failure."""
    operator: str | None
    """The person who started it; ``None`` if nobody was named."""
    reason: str | None
    """The reason that this person gave."""
    started_at: AwareDatetime
    """The moment of its start."""
    closed_at: AwareDatetime | None
    """The moment of its end; ``None`` while it runs."""
