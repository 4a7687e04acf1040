"""Failures of an activity as Temporal hands them to a workflow."""

from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    RetryState,
    TimeoutError,  # noqa: A004 -- Temporal's; this module does not use the built-in
    TimeoutType,
)

from tidings.state import Attempt


def activity_error(cause: BaseException | None, retry_state: RetryState | None) -> ActivityError:
    error = ActivityError(
        "Activity task failed",
        scheduled_event_id=5,
        started_event_id=6,
        identity="worker",
        activity_type="deliver",
        activity_id="round-1",
        retry_state=retry_state,
    )
    error.__cause__ = cause
    return error


def application_error(kind: str, message: str, *log: Attempt) -> ApplicationError:
    details = [[each.to_json() for each in log]] if log else []
    return ApplicationError(message, *details, type=kind, non_retryable=True)


def timeout(kind: TimeoutType, *log: Attempt) -> TimeoutError:
    details = [[each.to_json() for each in log]] if log else []
    return TimeoutError("activity timeout", type=kind, last_heartbeat_details=details)
