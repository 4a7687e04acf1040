"""Best-effort notification on Temporal: the names that business code imports.

Each name is loaded when it is first used. A process that only describes notifications loads
pydantic, and neither ``temporalio`` nor its native library.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # type checkers read these; a name that is added here is also added below
    from tidings.client import NotificationClient as NotificationClient
    from tidings.errors import BatchNotFoundError as BatchNotFoundError
    from tidings.errors import EmbeddedServerError as EmbeddedServerError
    from tidings.errors import InterventionRefusedError as InterventionRefusedError
    from tidings.errors import InvalidInputError as InvalidInputError
    from tidings.errors import NotificationConflictError as NotificationConflictError
    from tidings.errors import NotificationNotFoundError as NotificationNotFoundError
    from tidings.errors import NotificationRejectedError as NotificationRejectedError
    from tidings.errors import TemporalRequestError as TemporalRequestError
    from tidings.errors import TemporalUnavailableError as TemporalUnavailableError
    from tidings.errors import TidingsError as TidingsError
    from tidings.errors import WorkerUnavailableError as WorkerUnavailableError
    from tidings.fields.acknowledgement import Acknowledgement as Acknowledgement
    from tidings.fields.body_condition import BodyCondition as BodyCondition
    from tidings.fields.preset import PRESETS as PRESETS
    from tidings.fields.preset import Preset as Preset
    from tidings.fields.retry import Exponential as Exponential
    from tidings.fields.retry import FixedInterval as FixedInterval
    from tidings.fields.retry import Intervals as Intervals
    from tidings.filter import Filter as Filter
    from tidings.intervention import Abandon as Abandon
    from tidings.intervention import Correct as Correct
    from tidings.intervention import Resend as Resend
    from tidings.intervention import SentNotification as SentNotification
    from tidings.notification import Notification as Notification
    from tidings.results import Batch as Batch
    from tidings.results import BatchState as BatchState
    from tidings.results import NotificationSummary as NotificationSummary
    from tidings.results import Page as Page
    from tidings.results import Receipt as Receipt
    from tidings.results import SendResult as SendResult
    from tidings.state import Attempt as Attempt
    from tidings.state import FailureKind as FailureKind
    from tidings.state import Intervention as Intervention
    from tidings.state import Moment as Moment
    from tidings.state import NotificationState as NotificationState
    from tidings.state import Report as Report
    from tidings.state import Status as Status
    from tidings.state import WaitReason as WaitReason
    from tidings.temporal.process import run as run

__version__ = "0.1.0"

_NAMES_BY_MODULE = {
    "client": "NotificationClient",
    "errors": (
        "BatchNotFoundError EmbeddedServerError InterventionRefusedError InvalidInputError "
        "NotificationConflictError NotificationNotFoundError NotificationRejectedError "
        "TemporalRequestError TemporalUnavailableError TidingsError WorkerUnavailableError"
    ),
    "fields.acknowledgement": "Acknowledgement",
    "fields.body_condition": "BodyCondition",
    "fields.preset": "PRESETS Preset",
    "fields.retry": "Exponential FixedInterval Intervals",
    "filter": "Filter",
    "intervention": "Abandon Correct Resend SentNotification",
    "notification": "Notification",
    "results": "Batch BatchState NotificationSummary Page Receipt SendResult",
    "state": "Attempt FailureKind Intervention Moment NotificationState Report Status WaitReason",
    "temporal.process": "run",
}
_MODULE_OF = {
    name: f"{__name__}.{module}"
    for module, names in _NAMES_BY_MODULE.items()
    for name in names.split()
}

if not TYPE_CHECKING:  # type checkers would accept any name because of __getattr__
    __all__ = list(_MODULE_OF)

    def __getattr__(name: str) -> Any:
        if name not in _MODULE_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_MODULE_OF[name]), name)
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *_MODULE_OF})
