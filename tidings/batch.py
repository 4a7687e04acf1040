"""A batch: many notifications that are resent or abandoned together."""

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime

from tidings.base import Model

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
