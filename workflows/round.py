"""One round as Temporal sees it: its retry policy, and the meaning of its failure; pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from temporalio.common import RetryPolicy
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    CancelledError,
    RetryState,
    TimeoutError,  # noqa: A004 -- Temporal's; this module does not use the built-in
    TimeoutType,
)

from activities.outcome import Outcome
from tidings import contract
from tidings.fields.retry import Exponential
from tidings.round import Round
from tidings.state import Attempt, WaitReason, read_log

_MAX_EXPLANATION: Final = 500
_TOO_LATE: Final = "another attempt would come too late"
_NO_WORKER: Final = "it expired while no worker could attempt it"


class Rest(NamedTuple):
    """The rest of a round, for the next activity."""

    due_at: datetime
    """The time of the next attempt; if it has passed, the attempt is due now."""
    is_target_slow: bool = False
    """True if the slow lane has to make the next attempt."""


class RoundFailure(NamedTuple):
    """The result of a round's activity that ended without an acknowledgement."""

    attempts: tuple[Attempt, ...]
    reason: WaitReason | None = None
    """The reason why the notification is stuck; ``None`` if the round was halted or resumes."""
    explanation: str = ""
    rest: Rest | None = None
    """The rest of the round, for another activity; ``None`` if no activity follows."""


def retry_policy(round_: Round) -> RetryPolicy:
    """Temporal's policy for the rest of a round.

    The activity sets the delay after each failed attempt itself, exactly and with jitter. The
    policy limits the number of attempts, and sets the delay after an attempt that died with its
    worker. For a list of intervals that delay follows the exponential curve from its first
    interval to its longest.
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


def round_failure(round_: Round, began_at: datetime, error: ActivityError) -> RoundFailure:
    """The meaning of the failure of a round's activity, which began at ``began_at``."""
    log = _log(error)
    match error.cause:
        case CancelledError() | ApplicationError(type=contract.FAILURE_HALTED):
            return RoundFailure(log)
        case ApplicationError(type=contract.FAILURE_TOO_EARLY):
            return RoundFailure(log, rest=_rest_after(log[-1]))
        case ApplicationError(type=contract.FAILURE_SLOW_TARGET):
            return RoundFailure(log, rest=Rest(began_at, is_target_slow=True))
    if lost := _lost_count(round_, log, error):
        log = round_.outline.without_gaps(log, count=len(log) + lost, began_at=began_at)
    reason, explanation = _stuck(round_, log, error)
    return RoundFailure(log, reason, explanation[:_MAX_EXPLANATION])


def first_failure(round_: Round, attempt: Attempt, outcome: Outcome) -> RoundFailure:
    """The meaning of ``attempt``, a first one in the fast lane that was not acknowledged."""
    if outcome.reason is None:
        return RoundFailure((attempt,), rest=_rest_after(attempt))
    explanation = outcome.explanation
    if outcome.reason is WaitReason.EXHAUSTED:
        explanation = _all_failed(round_, explanation)
    return RoundFailure((attempt,), outcome.reason, explanation[:_MAX_EXPLANATION])


def _rest_after(attempt: Attempt) -> Rest | None:
    """The rest of a round after an attempt that set the time of the next."""
    return Rest(attempt.next_attempt_at) if attempt.next_attempt_at is not None else None


def _lost_count(round_: Round, log: tuple[Attempt, ...], error: ActivityError) -> int:
    """The number of attempts that were made and left no record, because their worker died."""
    if _is_used_up(error):
        return round_.notification.retry.maximum_attempts - round_.attempts_made - len(log)
    return 1 if _died(error.cause) else 0


def _stuck(round_: Round, log: tuple[Attempt, ...], error: ActivityError) -> tuple[WaitReason, str]:
    """The reason why the round is over, and its explanation."""
    match error.cause:
        case ApplicationError(type=WaitReason.REFUSED | WaitReason.EXPIRED as reason) as cause:
            return WaitReason(reason), cause.message
        case TimeoutError() as cause if not _is_used_up(error):
            return WaitReason.EXPIRED, _TOO_LATE if _died(cause) else _NO_WORKER
        case _ if error.retry_state is RetryState.TIMEOUT:
            return WaitReason.EXPIRED, _TOO_LATE
    return WaitReason.EXHAUSTED, _exhausted(round_, log, error)


def _exhausted(round_: Round, log: tuple[Attempt, ...], error: ActivityError) -> str:
    """The explanation of a round that has no attempt left."""
    match error.cause:
        case TimeoutError():
            last = log[-1].explanation
        case ApplicationError(type=WaitReason.EXHAUSTED, message=message):
            last = message
        case cause if _is_used_up(error):
            last = f"{cause}"
        case cause:
            return f"the delivery activity itself failed: {cause}"
    return _all_failed(round_, last)


def _all_failed(round_: Round, last: str) -> str:
    return f"all {round_.notification.retry.maximum_attempts} attempts failed; the last one: {last}"


def _is_used_up(error: ActivityError) -> bool:
    """True if Temporal ended the activity because its retry policy has no attempt left."""
    return error.retry_state is RetryState.MAXIMUM_ATTEMPTS_REACHED


def _died(cause: BaseException | None) -> bool:
    """True if the worker died in an attempt: any other attempt ends within its time."""
    return isinstance(cause, TimeoutError) and cause.type is TimeoutType.START_TO_CLOSE


def _log(error: ActivityError) -> tuple[Attempt, ...]:
    """The attempts that the activity handed over with its failure."""
    details: Sequence[Any] = ()
    if isinstance(error.cause, ApplicationError):
        details = error.cause.details
    elif isinstance(error.cause, TimeoutError):
        details = error.cause.last_heartbeat_details
    return read_log(details[0]) if details else ()
