"""Best-effort notification on Temporal: what business code imports."""

from tidings.acknowledgement import Acknowledgement
from tidings.bulk import Batch, BatchState
from tidings.client import NotificationClient
from tidings.errors import (
    BatchLimitError,
    BatchNotFoundError,
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
from tidings.paging import Page
from tidings.preset import PRESETS, Preset
from tidings.retry import Exponential, FixedInterval, Intervals
from tidings.sending import Receipt, SendResult
from tidings.state import (
    Attempt,
    FailureKind,
    Intervention,
    NotificationState,
    Report,
    Status,
    WaitReason,
)
from tidings.visibility import NotificationSummary

__version__ = "0.1.0"

__all__ = [
    "PRESETS",
    "Abandon",
    "Acknowledgement",
    "Attempt",
    "Batch",
    "BatchLimitError",
    "BatchNotFoundError",
    "BatchState",
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
    "Page",
    "Preset",
    "Receipt",
    "Report",
    "Resend",
    "SendResult",
    "Status",
    "TemporalRequestError",
    "TemporalUnavailableError",
    "TidingsError",
    "WaitReason",
    "WorkerUnavailableError",
]
