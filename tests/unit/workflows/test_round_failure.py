"""The meaning of the failure of a round's activity."""

from datetime import timedelta
from typing import Any

import pytest
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    CancelledError,
    RetryState,
    TimeoutError,  # noqa: A004 -- Temporal's; this module does not use the built-in
    TimeoutType,
)

from tests.support.samples import NOW, attempt, going_on, numbers, round_
from tidings import contract
from tidings.retry import FixedInterval
from tidings.state import Attempt, FailureKind, WaitReason, log_json
from workflows.round import RoundFailure, round_failure

ROUND = round_(retry=FixedInterval(interval=60, maximum_attempts=3))
ENDED = RetryState.NON_RETRYABLE_FAILURE
USED_UP = RetryState.MAXIMUM_ATTEMPTS_REACHED


def ended(kind: str, *log: Attempt) -> ApplicationError:
    """The failure with which the activity ends a round."""
    return ApplicationError("status 500", log_json(log), type=kind, non_retryable=True)


def lost(kind: TimeoutType, *log: Attempt) -> TimeoutError:
    """The failure by which Temporal ends an attempt, or the whole activity."""
    details = [log_json(log)] if log else []
    return TimeoutError("timed out", type=kind, last_heartbeat_details=details)


def failed(cause: BaseException, retry_state: RetryState = ENDED, **made: Any) -> RoundFailure:
    error = ActivityError(
        "it failed",
        scheduled_event_id=1,
        started_event_id=2,
        identity="a worker",
        activity_type=contract.ACTIVITY_DELIVER,
        activity_id="round-1",
        retry_state=retry_state,
    )
    error.__cause__ = cause
    return round_failure(going_on(ROUND, **made) if made else ROUND, NOW, error)


ONE, TWO, THREE = attempt(1), attempt(2), attempt(3)
START_TO_CLOSE, SCHEDULE_TO_CLOSE = TimeoutType.START_TO_CLOSE, TimeoutType.SCHEDULE_TO_CLOSE

STUCK = {
    "the schedule is used up": (
        ended("exhausted", ONE, TWO, THREE),
        ENDED,
        [1, 2, 3],
        WaitReason.EXHAUSTED,
        "all 3 attempts failed; the last one: status 500",
    ),
    "the last attempt died with its worker": (
        lost(START_TO_CLOSE, ONE, TWO),
        USED_UP,
        [1, 2, 3],
        WaitReason.EXHAUSTED,
        "all 3 attempts failed; the last one: the worker was lost",
    ),
    "every attempt died with its worker": (
        lost(START_TO_CLOSE),
        USED_UP,
        [1, 2, 3],
        WaitReason.EXHAUSTED,
        "all 3 attempts failed; the last one: the worker was lost",
    ),
    "the activity raised at every attempt": (
        ApplicationError("a bug", type="KeyError"),
        USED_UP,
        [1, 2, 3],
        WaitReason.EXHAUSTED,
        "all 3 attempts failed; the last one: KeyError: a bug",
    ),
    "the activity cannot run": (
        ApplicationError("no such activity", type="NotFoundError", non_retryable=True),
        ENDED,
        [],
        WaitReason.EXHAUSTED,
        "the delivery activity itself failed: NotFoundError: no such activity",
    ),
    "the target refused": (
        ended("refused", ONE),
        ENDED,
        [1],
        WaitReason.REFUSED,
        "status 500",
    ),
    "it expires before the next attempt": (
        ended("expired", ONE),
        ENDED,
        [1],
        WaitReason.EXPIRED,
        "status 500",
    ),
    "it expires after an attempt that died": (
        lost(START_TO_CLOSE, ONE),
        RetryState.TIMEOUT,
        [1, 2],
        WaitReason.EXPIRED,
        "another attempt would come too late",
    ),
    "it expires after a retryable failure": (
        ApplicationError("status 500", type=contract.FAILURE_AGAIN),
        RetryState.TIMEOUT,
        [],
        WaitReason.EXPIRED,
        "another attempt would come too late",
    ),
    "it expires while no worker runs": (
        lost(SCHEDULE_TO_CLOSE, ONE),
        RetryState.TIMEOUT,
        [1],
        WaitReason.EXPIRED,
        "it expired while no worker could attempt it",
    ),
}


@pytest.mark.parametrize(
    ("cause", "retry_state", "recorded", "reason", "explanation"), STUCK.values(), ids=STUCK
)
def test_a_round_that_is_over_has_a_reason(
    cause: BaseException,
    retry_state: RetryState,
    recorded: list[int],
    reason: WaitReason,
    explanation: str,
) -> None:
    failure = failed(cause, retry_state)
    assert numbers(failure.attempts) == recorded
    assert failure.reason is reason
    assert failure.explanation.startswith(explanation)
    assert failure.resumes_at is None


@pytest.mark.parametrize(
    "cause",
    [
        pytest.param(ended(contract.FAILURE_HALTED, ONE), id="by-the-activity"),
        pytest.param(CancelledError("cancelled"), id="by-a-cancellation"),
    ],
)
def test_a_halted_round_is_not_stuck(cause: BaseException) -> None:
    failure = failed(cause)
    assert (failure.reason, failure.explanation, failure.resumes_at) == (None, "", None)


def test_a_round_that_came_too_early_resumes() -> None:
    due_at = NOW + timedelta(hours=1)
    first = attempt(1, next_attempt_at=due_at)
    failure = failed(ended(contract.FAILURE_TOO_EARLY, first))
    assert failure == RoundFailure((first,), resumes_at=due_at)


def test_only_the_rest_of_a_resumed_round_can_be_lost() -> None:
    failure = failed(lost(START_TO_CLOSE, TWO), USED_UP, attempts_made=1)
    assert numbers(failure.attempts) == [2, 3]
    assert [each.failure for each in failure.attempts] == [None, FailureKind.INTERRUPTED]


def test_an_explanation_has_at_most_500_characters() -> None:
    cause = ApplicationError("x" * 5000, type="refused", non_retryable=True)
    assert failed(cause).explanation == "x" * 500
