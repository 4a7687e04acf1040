"""Interventions: what a person does to a notification, and when that is refused."""

from tidings.intervention.action import (
    ACTIONS,
    CORRECTABLE,
    Abandon,
    Action,
    ActionName,
    Correct,
    Resend,
    action_name,
    changes,
)
from tidings.intervention.batch import BatchOrder, BatchProgress
from tidings.intervention.refusal import check, is_late

__all__ = [
    "ACTIONS",
    "CORRECTABLE",
    "Abandon",
    "Action",
    "ActionName",
    "BatchOrder",
    "BatchProgress",
    "Correct",
    "Resend",
    "action_name",
    "changes",
    "check",
    "is_late",
]
