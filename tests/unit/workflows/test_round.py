"""The meaning of a round's failure."""

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

from tests.support.samples import NOW, attempt, going_on, numbers, round_
from tidings import contract
from tidings.errors import InvalidInputError
from tidings.fields.retry import FixedInterval
from tidings.state import Attempt, FailureKind, WaitReason
from workflows.round import Failure, failure


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
TOO_LATE = "another attempt would come too late"


def lost(log: tuple[Attempt, ...]) -> list[int]:
    return [each.number for each in log if each.failure is FailureKind.INTERRUPTED]


@pytest.mark.parametrize("made", [0, 1, 2])
def test_a_round_that_is_used_up_keeps_its_attempts(made: int) -> None:
    """Attempts of an earlier activity were read before. All attempts are counted."""
    log = LOG[made:]
    cause = application_error(WaitReason.EXHAUSTED, "answered 500", *log)
    assert failure(going_on(ROUND, made), NOW, activity_error(cause, FINAL)) == Failure(
        log, WaitReason.EXHAUSTED, "all 3 attempts failed; the last one: answered 500"
    )


@pytest.mark.parametrize("kind", [TimeoutType.START_TO_CLOSE, TimeoutType.HEARTBEAT])
@pytest.mark.parametrize(
    ("made", "recorded", "numbers_lost"),
    [
        pytest.param(0, (), [1, 2, 3], id="all"),
        pytest.param(0, LOG[:1], [2, 3], id="all-but-the-first"),
        pytest.param(0, LOG[:2], [3], id="the-last"),
        pytest.param(1, (), [2, 3], id="all-that-were-left"),
        pytest.param(1, LOG[1:2], [3], id="the-last-of-those-left"),
        pytest.param(2, (), [3], id="the-only-one-left"),
    ],
)
def test_attempts_that_died_with_their_worker_are_lost(
    kind: TimeoutType, made: int, recorded: tuple[Attempt, ...], numbers_lost: list[int]
) -> None:
    error = activity_error(timeout(kind, *recorded), USED_UP)
    attempts, reason, explanation, resumes_at = failure(going_on(ROUND, made), NOW, error)
    assert (reason, resumes_at) == (WaitReason.EXHAUSTED, None)
    assert attempts[: len(recorded)] == recorded
    assert numbers(attempts) == list(range(made + 1, 4))
    assert lost(attempts) == numbers_lost
    assert explanation == f"all 3 attempts failed; the last one: {attempts[-1].explanation}"


@pytest.mark.parametrize(
    ("made", "expected"), [(0, [(11, 2), (12, 2)]), (1, [(12, 2)])], ids=["whole", "resumed"]
)
def test_a_round_without_any_record_has_its_attempts(
    made: int, expected: list[tuple[int, int]]
) -> None:
    later = round_(
        number=2, attempts_before=10, retry=FixedInterval(interval=10, maximum_attempts=2)
    )
    error = activity_error(timeout(TimeoutType.START_TO_CLOSE), USED_UP)
    end = failure(going_on(later, made), NOW, error)
    assert end.reason is WaitReason.EXHAUSTED
    assert [(each.number, each.round) for each in end.attempts] == expected
    assert end.attempts[0].started_at == NOW


@pytest.mark.parametrize("reason", [WaitReason.REFUSED, WaitReason.EXPIRED])
@pytest.mark.parametrize("log", [LOG[:1], LOG], ids=["one", "three"])
def test_a_round_that_ends_early_keeps_its_reason_and_attempts(
    reason: WaitReason, log: tuple[Attempt, ...]
) -> None:
    cause = application_error(reason, "refused with 410", *log)
    expected = Failure(log, reason, "refused with 410")
    assert failure(ROUND, NOW, activity_error(cause, FINAL)) == expected


def test_a_round_that_expired_before_its_first_attempt_has_none() -> None:
    cause = application_error(WaitReason.EXPIRED, "expired at noon")
    expected = Failure((), WaitReason.EXPIRED, "expired at noon")
    assert failure(ROUND, NOW, activity_error(cause, FINAL)) == expected


DUE = NOW + timedelta(hours=1)
WAITING = attempt(2, next_attempt_at=DUE)


@pytest.mark.parametrize(
    ("made", "log"),
    [
        pytest.param(0, (attempt(1, next_attempt_at=DUE),), id="after-its-first-attempt"),
        pytest.param(0, (attempt(1, next_attempt_at=NOW), WAITING), id="after-its-second"),
        pytest.param(1, (WAITING,), id="once-more"),
    ],
)
def test_a_round_that_came_too_early_goes_on_when_due(made: int, log: tuple[Attempt, ...]) -> None:
    cause = application_error(contract.FAILURE_TOO_EARLY, "due in an hour", *log)
    expected = Failure(log, None, "", resumes_at=DUE)
    assert failure(going_on(ROUND, made), NOW, activity_error(cause, FINAL)) == expected


@pytest.mark.parametrize(
    ("kind", "retry_state", "log"),
    [
        pytest.param(TimeoutType.SCHEDULE_TO_CLOSE, RetryState.TIMEOUT, (), id="closed-unmade"),
        pytest.param(TimeoutType.SCHEDULE_TO_CLOSE, RetryState.TIMEOUT, LOG[:2], id="closed"),
        pytest.param(TimeoutType.SCHEDULE_TO_CLOSE, FINAL, (), id="closed-for-good-unmade"),
        pytest.param(TimeoutType.SCHEDULE_TO_CLOSE, FINAL, LOG[:2], id="closed-for-good"),
        pytest.param(TimeoutType.SCHEDULE_TO_START, RetryState.TIMEOUT, (), id="unstarted-unmade"),
        pytest.param(TimeoutType.SCHEDULE_TO_START, RetryState.TIMEOUT, LOG[:2], id="unstarted"),
        pytest.param(TimeoutType.SCHEDULE_TO_START, FINAL, (), id="unstarted-for-good-unmade"),
        pytest.param(TimeoutType.SCHEDULE_TO_START, FINAL, LOG[:2], id="unstarted-for-good"),
        pytest.param(TimeoutType.HEARTBEAT, RetryState.TIMEOUT, (), id="silent-unmade"),
        pytest.param(TimeoutType.HEARTBEAT, RetryState.TIMEOUT, LOG[:2], id="silent"),
        pytest.param(TimeoutType.HEARTBEAT, FINAL, (), id="silent-for-good-unmade"),
        pytest.param(TimeoutType.HEARTBEAT, FINAL, LOG[:2], id="silent-for-good"),
    ],
)
def test_a_round_whose_time_ran_out_without_a_worker_has_expired(
    kind: TimeoutType, retry_state: RetryState, log: tuple[Attempt, ...]
) -> None:
    attempts, reason, explanation, resumes_at = failure(
        ROUND, NOW, activity_error(timeout(kind, *log), retry_state)
    )
    assert (attempts, reason, resumes_at) == (log, WaitReason.EXPIRED, None)
    assert "no worker" in explanation


@pytest.mark.parametrize(
    "retry_state", [state for state in RetryState if state is not USED_UP] + [None]
)
@pytest.mark.parametrize(
    ("made", "recorded", "numbers_lost"),
    [
        pytest.param(0, (), 1, id="its-first"),
        pytest.param(0, LOG[:1], 2, id="its-second"),
        pytest.param(0, LOG[:2], 3, id="its-last"),
        pytest.param(1, (), 2, id="the-first-of-those-left"),
        pytest.param(2, (), 3, id="the-only-one-left"),
    ],
)
def test_a_round_that_expired_in_a_lost_attempt_loses_only_it(
    retry_state: RetryState | None,
    made: int,
    recorded: tuple[Attempt, ...],
    numbers_lost: int,
) -> None:
    error = activity_error(timeout(TimeoutType.START_TO_CLOSE, *recorded), retry_state)
    attempts, *end = failure(going_on(ROUND, made), NOW, error)
    assert end == [WaitReason.EXPIRED, TOO_LATE, None]
    assert attempts[:-1] == recorded
    assert lost(attempts) == [numbers_lost]


@pytest.mark.parametrize("log", [(), LOG[:2]], ids=["no-log", "two"])
def test_a_round_without_time_for_an_attempt_has_expired(log: tuple[Attempt, ...]) -> None:
    cause = application_error(contract.FAILURE_AGAIN, "answered 500", *log)
    expected = Failure(log, WaitReason.EXPIRED, TOO_LATE)
    assert failure(ROUND, NOW, activity_error(cause, RetryState.TIMEOUT)) == expected


@pytest.mark.parametrize(
    "retry_state",
    [state for state in RetryState if state not in (USED_UP, RetryState.TIMEOUT)] + [None],
)
@pytest.mark.parametrize("log", [(), LOG[:1], LOG[:2]], ids=["no-log", "one", "two"])
def test_a_round_that_failed_by_itself_keeps_log_and_cause(
    retry_state: RetryState | None, log: tuple[Attempt, ...]
) -> None:
    """No attempt is invented: the missing ones were never made."""
    cause = application_error("RuntimeError", "no payload codec", *log)
    attempts, reason, explanation, resumes_at = failure(
        ROUND, NOW, activity_error(cause, retry_state)
    )
    assert (attempts, reason, resumes_at) == (log, WaitReason.EXHAUSTED, None)
    assert "no payload codec" in explanation
    assert "all 3 attempts" not in explanation


def test_a_round_that_failed_without_a_cause_is_explained() -> None:
    attempts, reason, explanation, resumes_at = failure(ROUND, NOW, activity_error(None, FINAL))
    assert (attempts, reason, resumes_at) == ((), WaitReason.EXHAUSTED, None)
    assert explanation


@pytest.mark.parametrize("retry_state", [RetryState.CANCEL_REQUESTED, None])
def test_a_round_that_was_halted_is_not_used_up(retry_state: RetryState | None) -> None:
    """Its attempts were read before. The details of a cancellation are not a log."""
    cause = CancelledError("cancelled", "ACTIVITY_ID_NOT_STARTED")
    assert failure(ROUND, NOW, activity_error(cause, retry_state)) == Failure((), None, "")


@pytest.mark.parametrize("details", ["no log", [{"number": "one"}], 5])
def test_a_broken_log_is_refused(details: Any) -> None:
    cause = ApplicationError("answered 500", details, type=WaitReason.EXHAUSTED)
    with pytest.raises((InvalidInputError, ValueError)):
        failure(ROUND, NOW, activity_error(cause, FINAL))
