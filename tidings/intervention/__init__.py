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
from tidings.intervention.refusal import check, foreseen_refusal, is_late
from tidings.intervention.scope import OPEN, meant
from tidings.intervention.sent import SentNotification

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
    "SentNotification",
    "action_name",
    "changes",
    "check",
    "foreseen_refusal",
    "is_late",
    "meant",
]
