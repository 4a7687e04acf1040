from datetime import timedelta
from typing import Any

import pytest
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    CancelledError,
    RetryState,
    TimeoutError,  # noqa: A004 -- Temporal's
    TimeoutType,
)

from tidings.errors import InvalidInputError
from tidings.retry import PRESETS, Exponential, FixedInterval, Intervals, Schedule
from tidings.state import Attempt, FailureKind, WaitReason
from workflows.round import failure, retry_policy

from .samples import NOW, attempt, round_

# The policy that Temporal runs a round under.

SCHEDULES = [
    Exponential(),
    Exponential(maximum_attempts=1),
    Exponential(initial_interval=5, coefficient=1, maximum_interval=5, maximum_attempts=100),
    Exponential(
        initial_interval=0.001,
        coefficient=100,
        maximum_interval=timedelta(days=365),
        maximum_attempts=100,
    ),
    FixedInterval(interval=30, maximum_attempts=5),
    FixedInterval(interval=0.001, maximum_attempts=1),
    Intervals(intervals=[7]),
    Intervals(intervals=[60, 10, 1]),
    Intervals(intervals=[10, 600, 1]),
    Intervals(intervals=[0.1] * 99),
    Intervals(intervals=[0.001, timedelta(days=365)]),
    *PRESETS.values(),
]


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_policy_is_valid_and_allows_the_attempts_of_its_schedule(schedule: Schedule) -> None:
    policy = retry_policy(schedule)
    assert policy.maximum_attempts == schedule.maximum_attempts
    assert policy.backoff_coefficient >= 1
    assert policy.initial_interval >= timedelta(milliseconds=1)
    assert policy.maximum_interval is not None
    assert policy.maximum_interval >= policy.initial_interval
    assert not policy.non_retryable_error_types


@pytest.mark.parametrize("schedule", [each for each in SCHEDULES if each.delays])
def test_a_policy_stays_within_the_delays_of_its_schedule(schedule: Schedule) -> None:
    policy = retry_policy(schedule)
    assert policy.initial_interval == schedule.delays[0]
    assert policy.maximum_interval == schedule.longest_interval


@pytest.mark.parametrize(
    ("schedule", "coefficient"),
    [
        (Exponential(coefficient=3), 3),
        (FixedInterval(interval=30, maximum_attempts=5), 1),
        (Intervals(intervals=[7]), 1),
        (Intervals(intervals=[60, 10, 1]), 1),
        (Intervals(intervals=[10, 40]), 4),
        (Intervals(intervals=[10, 1, 40]), 2),
    ],
)
def test_a_policy_grows_like_its_schedule(schedule: Schedule, coefficient: float) -> None:
    assert retry_policy(schedule).backoff_coefficient == pytest.approx(coefficient)


# What the failure of a round means.


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


ROUND = round_(retry=FixedInterval(interval=10, maximum_attempts=3))
LOG = (attempt(1), attempt(2, excerpt="不 ok"), attempt(3, explanation="answered 500"))
USED_UP = RetryState.MAXIMUM_ATTEMPTS_REACHED
FINAL = RetryState.NON_RETRYABLE_FAILURE


def test_a_round_that_is_used_up_keeps_its_attempts() -> None:
    cause = application_error("NotAcknowledged", "answered 500", *LOG)
    assert failure(ROUND, NOW, activity_error(cause, USED_UP)) == (
        LOG,
        WaitReason.EXHAUSTED,
        "all 3 attempts failed; the last one: answered 500",
    )


@pytest.mark.parametrize(
    "cause",
    [
        pytest.param(timeout(TimeoutType.START_TO_CLOSE, LOG[0]), id="timed-out"),
        pytest.param(timeout(TimeoutType.HEARTBEAT, LOG[0]), id="no-heartbeat"),
    ],
)
def test_attempts_that_died_with_their_worker_are_told_as_lost(cause: TimeoutError) -> None:
    attempts, reason, explanation = failure(ROUND, NOW, activity_error(cause, USED_UP))
    assert reason is WaitReason.EXHAUSTED
    assert attempts[0] == LOG[0]
    assert [each.number for each in attempts] == [1, 2, 3]
    assert [each.failure for each in attempts[1:]] == [FailureKind.INTERRUPTED] * 2
    assert explanation == f"all 3 attempts failed; the last one: {attempts[2].explanation}"


def test_a_round_of_which_no_record_is_left_has_its_attempts_all_the_same() -> None:
    later = round_(
        number=2, attempts_before=10, retry=FixedInterval(interval=10, maximum_attempts=2)
    )
    cause = timeout(TimeoutType.START_TO_CLOSE)
    attempts, reason, _ = failure(later, NOW, activity_error(cause, USED_UP))
    assert reason is WaitReason.EXHAUSTED
    assert [(each.number, each.round) for each in attempts] == [(11, 2), (12, 2)]
    assert attempts[0].started_at == NOW


@pytest.mark.parametrize(
    ("kind", "reason"), [("Refused", WaitReason.REFUSED), ("Expired", WaitReason.EXPIRED)]
)
@pytest.mark.parametrize("log", [LOG[:1], LOG])
def test_a_round_that_ends_early_keeps_its_reason_and_attempts(
    kind: str, reason: WaitReason, log: tuple[Attempt, ...]
) -> None:
    cause = application_error(kind, "refused with 410", *log)
    assert failure(ROUND, NOW, activity_error(cause, FINAL)) == (log, reason, "refused with 410")


def test_a_round_that_expired_before_its_first_attempt_has_none() -> None:
    cause = application_error("Expired", "expired at noon")
    assert failure(ROUND, NOW, activity_error(cause, FINAL)) == (
        (),
        WaitReason.EXPIRED,
        "expired at noon",
    )


@pytest.mark.parametrize(
    ("cause", "retry_state", "log"),
    [
        pytest.param(
            timeout(TimeoutType.SCHEDULE_TO_CLOSE, *LOG[:2]),
            RetryState.TIMEOUT,
            LOG[:2],
            id="no-worker-in-time",
        ),
        pytest.param(
            timeout(TimeoutType.SCHEDULE_TO_CLOSE), RetryState.TIMEOUT, (), id="no-worker-ever"
        ),
        pytest.param(
            timeout(TimeoutType.SCHEDULE_TO_CLOSE), FINAL, (), id="known-by-the-timeout-alone"
        ),
        pytest.param(
            timeout(TimeoutType.START_TO_CLOSE, LOG[0]),
            RetryState.TIMEOUT,
            LOG[:1],
            id="no-time-for-another-attempt",
        ),
    ],
)
def test_a_round_whose_time_ran_out_without_a_worker_has_expired(
    cause: TimeoutError, retry_state: RetryState, log: tuple[Attempt, ...]
) -> None:
    attempts, reason, explanation = failure(ROUND, NOW, activity_error(cause, retry_state))
    assert (attempts, reason) == (log, WaitReason.EXPIRED)
    assert "no worker" in explanation


@pytest.mark.parametrize(
    "retry_state",
    [state for state in RetryState if state not in (USED_UP, RetryState.TIMEOUT)] + [None],
)
@pytest.mark.parametrize("log", [(), LOG[:1], LOG[:2]], ids=["no-log", "one", "two"])
def test_a_round_that_failed_by_itself_keeps_its_log_and_tells_the_cause(
    retry_state: RetryState | None, log: tuple[Attempt, ...]
) -> None:
    """No attempt is made up for it: those that are missing were never made."""
    cause = application_error("RuntimeError", "no payload codec", *log)
    attempts, reason, explanation = failure(ROUND, NOW, activity_error(cause, retry_state))
    assert (attempts, reason) == (log, WaitReason.EXHAUSTED)
    assert "no payload codec" in explanation
    assert "all 3 attempts" not in explanation


def test_a_round_that_failed_without_a_cause_is_told_all_the_same() -> None:
    attempts, reason, explanation = failure(ROUND, NOW, activity_error(None, FINAL))
    assert (attempts, reason) == ((), WaitReason.EXHAUSTED)
    assert explanation


@pytest.mark.parametrize(
    "retry_state", [state for state in RetryState if state is not USED_UP] + [None]
)
def test_only_a_round_that_is_used_up_has_lost_attempts(retry_state: RetryState | None) -> None:
    cause = timeout(TimeoutType.START_TO_CLOSE, LOG[0])
    attempts, _, explanation = failure(ROUND, NOW, activity_error(cause, retry_state))
    assert attempts == LOG[:1]
    assert "all 3 attempts" not in explanation


@pytest.mark.parametrize("retry_state", [RetryState.CANCEL_REQUESTED, None])
def test_a_round_that_was_halted_is_not_used_up(retry_state: RetryState | None) -> None:
    """Its attempts have been read before; what a cancellation brings along is no log."""
    cause = CancelledError("cancelled", "ACTIVITY_ID_NOT_STARTED")
    assert failure(ROUND, NOW, activity_error(cause, retry_state)) == ((), None, "")


@pytest.mark.parametrize("details", ["no log", [{"number": "one"}], 5])
def test_what_is_no_log_is_not_taken_for_one(details: Any) -> None:
    cause = ApplicationError("answered 500", details, type="NotAcknowledged")
    with pytest.raises((InvalidInputError, ValueError)):
        failure(ROUND, NOW, activity_error(cause, USED_UP))
