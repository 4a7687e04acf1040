"""The answers of ``NotificationClient``: receipts, summaries, pages and batches; pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime

from tidings.base import Model
from tidings.errors import TidingsError
from tidings.state import Status, WaitReason


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


BatchAction = Literal["resend", "abandon"]


class BatchState(StrEnum):
    """The state of a batch."""

    RUNNING = "running"
    """Temporal is still sending signals."""
    COMPLETED = "completed"
    """Every notification has got the signal, or could not get it (``Batch.failed``)."""
    STOPPED = "stopped"
    """Somebody stopped it. Signals that were sent before stay sent."""
    FAILED = "failed"
    """Temporal gave it up."""


class Batch(Model):
    """A batch and its progress.

    Each notification decides for itself, as it does on any resend or abandon. If the action does
    not make sense for it, it records that among its refused interventions.
    """

    id: str
    """The id of the batch, as ``tidings-resend-20260101T000000Z-abcdef``."""
    action: BatchAction
    """The action on each notification: ``resend`` or ``abandon``."""
    state: BatchState
    """The state of the batch as a whole."""
    total: int
    """The notifications found at its start; 0 until Temporal has counted them."""
    completed: int
    """The notifications that have got the signal. Temporal counts 1,000 at a time and the rest at
    the end. It does not count the rest of a batch that was stopped."""
    failed: int
    """The notifications that could not get the signal because they had ended meanwhile."""
    remaining: int | None
    """The notifications of its filter that await intervention at this moment, newcomers included.
    ``None`` once the batch has ended."""
    operator: str | None
    """The person who started it; ``None`` if nobody was named."""
    reason: str
    """The reason that this person gave."""
    started_at: AwareDatetime
    """The moment of its start."""
    closed_at: AwareDatetime | None
    """The moment of its end; ``None`` while it runs."""
