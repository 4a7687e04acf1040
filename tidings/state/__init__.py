"""The state of a notification: its status, its attempts and its interventions; pure."""

from tidings.state.acts import Change, Intervention, RefusedIntervention, Report
from tidings.state.attempt import Attempt, log_json, merged, read_log
from tidings.state.moment import Moment, Subject
from tidings.state.notification_state import (
    MAX_ATTEMPTS_KEPT,
    MAX_EXCERPTS_KEPT,
    MAX_INTERVENTIONS_KEPT,
    NotificationState,
)
from tidings.state.status import FailureKind, Status, WaitReason

__all__ = [
    "MAX_ATTEMPTS_KEPT",
    "MAX_EXCERPTS_KEPT",
    "MAX_INTERVENTIONS_KEPT",
    "Attempt",
    "Change",
    "FailureKind",
    "Intervention",
    "Moment",
    "NotificationState",
    "RefusedIntervention",
    "Report",
    "Status",
    "Subject",
    "WaitReason",
    "log_json",
    "merged",
    "read_log",
]
