"""A batch: an intervention in many notifications, and how far it has come; pure."""

from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime, Field

from tidings.base import Model, Record
from tidings.filter import Filter
from tidings.intervention import ACTIONS, Action, ActionName, action_name


class BatchState(StrEnum):
    """The state of a batch."""

    RUNNING = "running"
    COMPLETED = "completed"
    """Every notification of its filter was resolved, refused or failed."""
    STOPPED = "stopped"
    """Somebody stopped it; what had begun before stays."""
    FAILED = "failed"
    """It ended by itself before it was complete; ``tidings batch ID`` shows why."""


class BatchOrder(Record):
    """What a batch has to do."""

    action: ActionName
    document: dict[str, Any]
    """The JSON object of the ``Resend``, ``Abandon`` or ``Correct``."""
    filter: Filter
    """The notifications that are meant, by their status too."""
    rate: float = Field(gt=0, allow_inf_nan=False)
    """Notifications a second."""
    total: int
    """The notifications that were found before it began."""

    @classmethod
    def of(cls, intervention: Action, filter_: Filter, *, rate: float, total: int) -> "BatchOrder":
        """The order for one intervention in all notifications of ``filter_``."""
        return cls.model_validate(
            {
                "action": action_name(intervention),
                "document": intervention.to_json(),
                "filter": filter_,
                "rate": rate,
                "total": total,
            }
        )

    @property
    def intervention(self) -> Action:
        """What is done to each notification."""
        return ACTIONS[self.action].model_validate(self.document)


class BatchProgress(Record):
    """How far a batch has come."""

    resolved: int = 0
    """Notifications that took the intervention: their round has begun, or they have ended."""
    refused: int = 0
    """Notifications that no longer met the filter, or whose correction broke a rule. Each of them
    is as it was, and keeps the reason among its refused interventions if it is still open."""
    failed: int = 0
    """Notifications that could not be asked; ``last_problem`` says why."""
    last_problem: str | None = None
    """The reason of the last refusal or failure."""
    cursor: str | None = None
    """The page of the list that it has come to."""
    done: tuple[str, ...] = ()
    """The ids of that page that are done."""
    is_stopped: bool = False

    @property
    def count(self) -> int:
        """The notifications that are done."""
        return self.resolved + self.refused + self.failed


class Batch(Model):
    """A batch, and how far it has come."""

    id: str
    action: ActionName
    state: BatchState
    total: int
    """The notifications that were found before it began."""
    resolved: int
    """Notifications that took the intervention: their round has begun, or they have ended."""
    refused: int
    """Notifications that no longer met the filter, or whose correction broke a rule."""
    failed: int
    """Notifications that could not be asked."""
    remaining: int
    """Notifications that are still to begin, or that a stopped batch has left alone."""
    last_problem: str | None = None
    """The reason of the last refusal or failure."""
    operator: str | None
    reason: str | None
    started_at: AwareDatetime
    closed_at: AwareDatetime | None
