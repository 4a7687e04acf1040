"""One round as Temporal sees it: the policy it runs under, and what its failure means; pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from temporalio.common import RetryPolicy
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    CancelledError,
    RetryState,
    TimeoutError,  # noqa: A004 -- Temporal's, and the built-in is not used here
    TimeoutType,
)

from tidings import contract
from tidings.delivery import Round
from tidings.retry import Exponential, Schedule
from tidings.state import Attempt, WaitReason, without_gaps

_ATTEMPTS = TypeAdapter(tuple[Attempt, ...])
_MAX_EXPLANATION = 500


class Failure(NamedTuple):
    """What is known of a round that ended without an acknowledgement."""

    attempts: tuple[Attempt, ...]
    reason: WaitReason | None
    """``None`` where the round was halted and not used up."""
    explanation: str


def retry_policy(schedule: Schedule) -> RetryPolicy:
    """Temporal's policy for a schedule.

    The activity names each delay itself, exactly and with jitter. The policy is what limits the
    attempts, and what the delay follows after an attempt that died with its worker: for a list
    that is the exponential curve from its first interval to its longest.
    """
    delays = schedule.delays or (timedelta(seconds=1),)
    first, longest = delays[0], schedule.longest_interval or delays[0]
    if isinstance(schedule, Exponential):
        coefficient = schedule.coefficient
    else:
        coefficient = (longest / first) ** (1 / max(len(delays) - 1, 1))
    return RetryPolicy(
        initial_interval=first,
        backoff_coefficient=coefficient,
        maximum_interval=longest,
        maximum_attempts=schedule.maximum_attempts,
    )


def failure(round_: Round, began_at: datetime, error: ActivityError) -> Failure:
    """What the failure of a round's activity means."""
    reason, explanation = _why(error)
    log = _log(error)
    if error.retry_state is RetryState.MAXIMUM_ATTEMPTS_REACHED:
        count = round_.notification.retry.maximum_attempts
        log = without_gaps(
            log,
            first=round_.attempts_before + 1,
            count=count,
            round_=round_.number,
            began_at=began_at,
        )
        explanation = f"all {count} attempts failed; the last one: {log[-1].explanation}"
    return Failure(log, reason, explanation)


def _why(error: ActivityError) -> tuple[WaitReason | None, str]:
    cause = error.cause
    if isinstance(cause, CancelledError):
        return None, ""
    if isinstance(cause, ApplicationError) and cause.type == contract.FAILURE_REFUSED:
        return WaitReason.REFUSED, cause.message
    if isinstance(cause, ApplicationError) and cause.type == contract.FAILURE_EXPIRED:
        return WaitReason.EXPIRED, cause.message
    if error.retry_state is RetryState.TIMEOUT or (
        isinstance(cause, TimeoutError) and cause.type is TimeoutType.SCHEDULE_TO_CLOSE
    ):
        return WaitReason.EXPIRED, "it expired while no worker could attempt it"
    return WaitReason.EXHAUSTED, f"the delivery failed by itself: {cause}"[:_MAX_EXPLANATION]


def _log(error: ActivityError) -> tuple[Attempt, ...]:
    """The attempts that the activity handed over with its failure."""
    details: Sequence[Any] = ()
    if isinstance(error.cause, ApplicationError):
        details = error.cause.details
    elif isinstance(error.cause, TimeoutError):
        details = error.cause.last_heartbeat_details
    return _ATTEMPTS.validate_python(details[0]) if details else ()
