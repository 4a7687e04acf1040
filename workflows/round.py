"""One round as Temporal sees it: the policy it runs under, and what its failure means; pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

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
from tidings.fields.retry import Exponential, Schedule
from tidings.round import Round
from tidings.state import Attempt, WaitReason, read_log

_MAX_EXPLANATION = 500


class Failure(NamedTuple):
    """What is known of a round whose activity ended without an acknowledgement."""

    attempts: tuple[Attempt, ...]
    reason: WaitReason | None
    """``None`` where the round is not over: it was halted, or has to go on later."""
    explanation: str
    resumes_at: datetime | None = None
    """When the round has to go on, where its activity was handed out too early."""


def retry_policy(round_: Round) -> RetryPolicy:
    """Temporal's policy for what is left of a round.

    The activity names each delay itself, exactly and with jitter. The policy is what limits the
    attempts, and what the delay follows after an attempt that died with its worker: for a list
    that is the exponential curve from its first interval to its longest.
    """
    schedule = round_.notification.retry
    delays = schedule.delays[round_.attempts_made :] or (timedelta(seconds=1),)
    first, longest = delays[0], max(delays)
    if isinstance(schedule, Exponential):
        coefficient = schedule.coefficient
    else:
        coefficient = (longest / first) ** (1 / max(len(delays) - 1, 1))
    return RetryPolicy(
        initial_interval=first,
        backoff_coefficient=coefficient,
        maximum_interval=longest,
        maximum_attempts=schedule.maximum_attempts - round_.attempts_made,
    )


def failure(  # noqa: PLR0911 -- a table: a line for each way in which a round can fail
    round_: Round, began_at: datetime, error: ActivityError
) -> Failure:
    """What the failure of a round's activity means."""
    log = _log(error)
    schedule = round_.notification.retry

    def filled(count: int) -> tuple[Attempt, ...]:
        return round_.without_gaps(log, count=count, began_at=began_at)

    if error.retry_state is RetryState.MAXIMUM_ATTEMPTS_REACHED:  # the last died with its worker
        log = filled(schedule.maximum_attempts - round_.attempts_made)
        last = log[-1].explanation if isinstance(error.cause, TimeoutError) else f"{error.cause}"
        return Failure(log, WaitReason.EXHAUSTED, _all_failed(schedule, last))
    match error.cause:
        case CancelledError() | ApplicationError(type=contract.FAILURE_HALTED):
            return Failure(log, None, "")
        case ApplicationError(type=contract.FAILURE_TOO_EARLY):
            return Failure(log, None, "", resumes_at=log[-1].next_attempt_at)
        case ApplicationError(type=WaitReason.EXHAUSTED) as cause:
            return Failure(log, WaitReason.EXHAUSTED, _all_failed(schedule, cause.message))
        case ApplicationError(type=WaitReason.REFUSED | WaitReason.EXPIRED as reason) as cause:
            return Failure(log, WaitReason(reason), cause.message)
        case TimeoutError(type=TimeoutType.START_TO_CLOSE):  # the last attempt died with its worker
            count = len(log) + 1
            return Failure(filled(count), WaitReason.EXPIRED, "another attempt would come too late")
        case TimeoutError():
            return Failure(log, WaitReason.EXPIRED, "it expired while no worker could attempt it")
        case _ if error.retry_state is RetryState.TIMEOUT:
            return Failure(log, WaitReason.EXPIRED, "another attempt would come too late")
        case cause:
            explanation = f"the delivery failed by itself: {cause}"[:_MAX_EXPLANATION]
            return Failure(log, WaitReason.EXHAUSTED, explanation)


def _all_failed(schedule: Schedule, last: str) -> str:
    told = f"all {schedule.maximum_attempts} attempts failed; the last one: {last}"
    return told[:_MAX_EXPLANATION]


def _log(error: ActivityError) -> tuple[Attempt, ...]:
    """The attempts that the activity handed over with its failure."""
    details: Sequence[Any] = ()
    if isinstance(error.cause, ApplicationError):
        details = error.cause.details
    elif isinstance(error.cause, TimeoutError):
        details = error.cause.last_heartbeat_details
    return read_log(details[0]) if details else ()
