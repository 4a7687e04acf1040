"""A batch: many notifications that are resent or abandoned together."""

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime

from tidings.base import Model

BatchAction = Literal["resend", "abandon"]


class BatchState(StrEnum):
    """The state of a batch."""

    RUNNING = "running"
    COMPLETED = "completed"
    """Every notification has the signal, or could not get it (``Batch.failed``)."""
    STOPPED = "stopped"
    """Somebody stopped it; a signal that was sent before stays sent."""
    FAILED = "failed"
    """Temporal gave it up."""


class Batch(Model):
    """A batch, and how far it has come.

    Each notification decides for itself, as it does on any resend or abandon. If the action makes
    no sense for it, it records that among its refused interventions.
    """

    id: str
    action: BatchAction
    state: BatchState
    total: int
    """The notifications found at its beginning; 0 until Temporal has counted them."""
    completed: int
    """The notifications that have the signal. Temporal counts 1,000 at a time, and the rest at the
    end; it does not say how many they were when the batch was stopped."""
    failed: int
    """The notifications that could not get the signal because they had ended meanwhile."""
    remaining: int | None
    """The notifications of its filter that await intervention at this moment, newcomers included;
    ``None`` once it has ended."""
    operator: str | None
    reason: str
    started_at: AwareDatetime
    closed_at: AwareDatetime | None
