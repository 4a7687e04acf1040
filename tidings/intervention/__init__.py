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
from tidings.intervention.refusal import check, expires_too_early, is_late
from tidings.intervention.scope import OPEN, meant

__all__ = [
    "ACTIONS",
    "CORRECTABLE",
    "OPEN",
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
    "expires_too_early",
    "is_late",
    "meant",
]
