"""The running round of a notification, as the server describes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import PendingActivityState
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.client import WorkflowExecutionDescription
from temporalio.converter import DataConverter

from tidings import contract
from tidings.state import Attempt, read_log

_BETWEEN_ATTEMPTS = (
    PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED,
    PendingActivityState.PENDING_ACTIVITY_STATE_PAUSED,
)


@dataclass(frozen=True)
class RunningRound:
    """The delivery activity in progress, as the server describes it."""

    activity_id: str
    log: tuple[Attempt, ...]
    """The attempts that left a record."""
    attempts_made: int
    """The number of attempts that have ended, with or without a record."""
    in_flight: bool
    """True if an attempt is being made at this moment."""
    paused: bool
    """True if somebody has paused the activity, so that no further attempt begins."""
    scheduled_at: datetime
    """The moment at which the activity began."""
    next_attempt_at: datetime | None
    """The moment at which the next attempt is due; ``None`` while one is being made."""


async def running_round(description: WorkflowExecutionDescription) -> RunningRound | None:
    """The delivery activity in progress. ``None`` means that no delivery is in progress."""
    for activity in description.raw_description.pending_activities:
        if activity.activity_type.name == contract.ACTIVITY_DELIVER:
            log = await attempts_in(description.data_converter, activity.heartbeat_details.payloads)
            return RunningRound(
                activity_id=activity.activity_id,
                log=log,
                attempts_made=activity.attempt - 1,
                in_flight=activity.state not in _BETWEEN_ATTEMPTS,
                paused=activity.paused,
                scheduled_at=activity.scheduled_time.ToDatetime(UTC),
                next_attempt_at=_next_attempt_at(activity, log),
            )
    return None


def is_being_halted(description: WorkflowExecutionDescription) -> bool:
    """True if somebody intervened in its round, so that no further attempt may be made."""
    pending = description.raw_description.pending_activities
    return any(each.activity_type.name == contract.ACTIVITY_HALT for each in pending)


def _next_attempt_at(activity: PendingActivityInfo, log: tuple[Attempt, ...]) -> datetime | None:
    if activity.HasField("next_attempt_schedule_time"):
        return activity.next_attempt_schedule_time.ToDatetime(UTC)
    # An attempt leaves its record just before it fails. The server counts it just after that.
    is_recorded = len(log) >= activity.attempt
    return log[-1].next_attempt_at if log and is_recorded else None


async def attempts_in(converter: DataConverter, payloads: Sequence[Payload]) -> tuple[Attempt, ...]:
    """The attempts in the payloads of an activity's log."""
    if not payloads:
        return ()
    return read_log((await converter.decode(payloads))[0])
