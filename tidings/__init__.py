"""Best-effort notification on Temporal: the names that business code imports.

Each name is loaded when it is first used. A process that only describes notifications loads
pydantic, and neither ``temporalio`` nor its native library.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tidings.acknowledgement import Acknowledgement
    from tidings.batch import Batch, BatchState
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
    from tidings.filter import Filter
    from tidings.intervention import Abandon, Resend
    from tidings.notification import Notification
    from tidings.preset import PRESETS, Preset
    from tidings.receipt import Receipt, SendResult
    from tidings.retry import Exponential, FixedInterval, Intervals
    from tidings.state import (
        Attempt,
        FailureKind,
        Intervention,
        NotificationState,
        Report,
        Status,
        WaitReason,
    )
    from tidings.summary import NotificationSummary, Page
    from tidings.temporal.process import run

__version__ = "0.1.0"

_ROOMS = {
    "tidings.acknowledgement": ("Acknowledgement",),
    "tidings.batch": ("Batch", "BatchState"),
    "tidings.client": ("NotificationClient",),
    "tidings.errors": (
        "BatchLimitError",
        "BatchNotFoundError",
        "EmbeddedServerError",
        "InterventionRefusedError",
        "InvalidInputError",
        "NotificationConflictError",
        "NotificationNotFoundError",
        "NotificationRejectedError",
        "TemporalRequestError",
        "TemporalUnavailableError",
        "TidingsError",
        "WorkerUnavailableError",
    ),
    "tidings.filter": ("Filter",),
    "tidings.intervention": ("Abandon", "Resend"),
    "tidings.notification": ("Notification",),
    "tidings.preset": ("PRESETS", "Preset"),
    "tidings.receipt": ("Receipt", "SendResult"),
    "tidings.retry": ("Exponential", "FixedInterval", "Intervals"),
    "tidings.state": (
        "Attempt",
        "FailureKind",
        "Intervention",
        "NotificationState",
        "Report",
        "Status",
        "WaitReason",
    ),
    "tidings.summary": ("NotificationSummary", "Page"),
    "tidings.temporal.process": ("run",),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_ROOM_OF[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_ROOM_OF})


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
    "Filter",
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
    "run",
]
