"""The order of a batch, an intervention in many notifications, and its progress; pure."""

from typing import Any

from pydantic import Field

from tidings.base import Record
from tidings.filter import Filter
from tidings.intervention.action import ACTIONS, Action, ActionName, action_name


class BatchOrder(Record):
    """The order that a batch carries out."""

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
        """The intervention in each notification."""
        return ACTIONS[self.action].model_validate(self.document)


class BatchProgress(Record):
    """The progress of a batch."""

    resolved: int = 0
    """Notifications that took the intervention: their round has begun, or they have ended."""
    refused: int = 0
    """Notifications that no longer met the filter, or whose correction broke a rule. Each of them
    is as it was, and keeps the reason among its refused interventions if it is still open."""
    failed: int = 0
    """Notifications that could not be asked; ``last_problem`` says why."""
    last_problem: str | None = None
    """The reason of the last refusal or failure."""
    page: tuple[str, ...] = ()
    """The ids of the present page that are still to be asked."""
    cursor: str | None = None
    """The cursor of the page after that one."""
    is_last_page: bool = False
    """True if no page comes after that one."""
    is_stopped: bool = False

    @property
    def count(self) -> int:
        """The notifications that are done."""
        return self.resolved + self.refused + self.failed
