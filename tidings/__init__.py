"""Best-effort notification on Temporal: what business code imports."""

from tidings.acknowledgement import Acknowledgement
from tidings.client import NotificationClient, Receipt, SendResult
from tidings.errors import (
    EmbeddedServerError,
    InterventionRefusedError,
    InvalidInputError,
    NotificationConflictError,
    NotificationNotFoundError,
    NotificationRejectedError,
    TemporalRequestError,
    TemporalUnavailableError,
    TidingsError,
    WorkerUnavailableError,
)
from tidings.intervention import Abandon, Resend
from tidings.notification import Notification
from tidings.retry import Exponential, FixedInterval, Intervals
from tidings.state import (
    Attempt,
    FailureKind,
    Intervention,
    NotificationState,
    Status,
    WaitReason,
)
from tidings.visibility import NotificationSummary

__version__ = "0.1.0"

__all__ = [
    "Abandon",
    "Acknowledgement",
    "Attempt",
    "EmbeddedServerError",
    "Exponential",
    "FailureKind",
    "FixedInterval",
    "Intervals",
    "Intervention",
    "InterventionRefusedError",
    "InvalidInputError",
    "Notification",
    "NotificationClient",
    "NotificationConflictError",
    "NotificationNotFoundError",
    "NotificationRejectedError",
    "NotificationState",
    "NotificationSummary",
    "Receipt",
    "Resend",
    "SendResult",
    "Status",
    "TemporalRequestError",
    "TemporalUnavailableError",
    "TidingsError",
    "WaitReason",
    "WorkerUnavailableError",
]
