"""The meaning of the failure with which a round ends."""

from typing import Any

import pytest
from temporalio.exceptions import ApplicationError, RetryState, TimeoutType

from tests.support.activity_failures import activity_error, application_error, timeout
from tests.support.samples import NOW, attempt, going_on, numbers, round_
from tidings import contract
from tidings.errors import InvalidInputError
from tidings.fields.retry import FixedInterval
from tidings.state import Attempt, FailureKind, WaitReason
from workflows.round import RoundFailure, round_failure

ROUND = round_(retry=FixedInterval(interval=10, maximum_attempts=3))
LOG = (attempt(1), attempt(2, excerpt="不 ok"), attempt(3, explanation="answered 500"))
USED_UP = RetryState.MAXIMUM_ATTEMPTS_REACHED
FINAL = RetryState.NON_RETRYABLE_FAILURE
NOT_USED_UP = [*(state for state in RetryState if state is not USED_UP), None]
TOO_LATE = "another attempt would come too late"


def lost(log: tuple[Attempt, ...]) -> list[int]:
    return [each.number for each in log if each.failure is FailureKind.INTERRUPTED]


# A round that is used up.


@pytest.mark.parametrize("made", [0, 1, 2], ids=["whole", "resumed", "resumed-for-its-last"])
def test_a_round_that_is_used_up_keeps_its_attempts(made: int) -> None:
    """The attempts of an earlier activity are recorded already, and count too."""
    log = LOG[made:]
    cause = application_error(WaitReason.EXHAUSTED, "answered 500", *log)
    assert round_failure(going_on(ROUND, made), NOW, activity_error(cause, FINAL)) == RoundFailure(
        log, WaitReason.EXHAUSTED, "all 3 attempts failed; the last one: answered 500"
    )


@pytest.mark.parametrize(
    ("made", "recorded", "expected"),
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
    made: int, recorded: tuple[Attempt, ...], expected: list[int]
) -> None:
    for kind in (TimeoutType.START_TO_CLOSE, TimeoutType.HEARTBEAT):
        error = activity_error(timeout(kind, *recorded), USED_UP)
        failure = round_failure(going_on(ROUND, made), NOW, error)
        attempts = failure.attempts
        assert (failure.reason, failure.rest) == (WaitReason.EXHAUSTED, None)
        assert attempts[: len(recorded)] == recorded
        assert numbers(attempts) == list(range(made + 1, 4))
        assert lost(attempts) == expected
        last = attempts[-1].explanation
        assert failure.explanation == f"all 3 attempts failed; the last one: {last}"


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        pytest.param(0, [(11, 2), (12, 2)], id="whole"),
        pytest.param(1, [(12, 2)], id="resumed"),
    ],
)
def test_a_round_without_a_record_has_its_attempts(
    made: int, expected: list[tuple[int, int]]
) -> None:
    later = round_(
        number=2, attempts_before=10, retry=FixedInterval(interval=10, maximum_attempts=2)
    )
    error = activity_error(timeout(TimeoutType.START_TO_CLOSE), USED_UP)
    failure = round_failure(going_on(later, made), NOW, error)
    assert failure.reason is WaitReason.EXHAUSTED
    assert [(each.number, each.round) for each in failure.attempts] == expected
    assert failure.attempts[0].started_at == NOW


def test_a_bug_that_used_up_a_round_is_its_explanation() -> None:
    """Temporal retries an unexpected exception, and that leaves no record."""
    error = activity_error(ApplicationError("a bug", type="KeyError"), USED_UP)
    failure = round_failure(ROUND, NOW, error)
    assert (failure.reason, lost(failure.attempts)) == (WaitReason.EXHAUSTED, [1, 2, 3])
    assert failure.explanation == "all 3 attempts failed; the last one: KeyError: a bug"


@pytest.mark.parametrize("log", [pytest.param(LOG[:n], id=f"{n}-attempts") for n in (0, 1, 2)])
def test_an_activity_that_itself_failed_is_an_explanation(log: tuple[Attempt, ...]) -> None:
    """No attempt is added: the missing ones were never made."""
    for retry_state in NOT_USED_UP:
        if retry_state is RetryState.TIMEOUT:
            continue
        cause = application_error("RuntimeError", "no payload codec", *log)
        failure = round_failure(ROUND, NOW, activity_error(cause, retry_state))
        assert (failure.attempts, failure.reason) == (log, WaitReason.EXHAUSTED)
        assert failure.rest is None
        assert "no payload codec" in failure.explanation
        assert "all 3 attempts" not in failure.explanation


def test_a_round_that_failed_without_a_cause_has_an_explanation() -> None:
    failure = round_failure(ROUND, NOW, activity_error(None, FINAL))
    assert (failure.attempts, failure.reason) == ((), WaitReason.EXHAUSTED)
    assert failure.rest is None
    assert failure.explanation


# A round that ends early.


@pytest.mark.parametrize(
    ("reason", "log"),
    [
        pytest.param(WaitReason.REFUSED, LOG[:1], id="refused-at-the-first"),
        pytest.param(WaitReason.REFUSED, LOG, id="refused-at-the-last"),
        pytest.param(WaitReason.EXPIRED, (), id="expired-before-the-first"),
        pytest.param(WaitReason.EXPIRED, LOG[:1], id="expired-after-the-first"),
        pytest.param(WaitReason.EXPIRED, LOG, id="expired-after-the-last"),
    ],
)
def test_a_round_that_ends_early_keeps_reason_and_attempts(
    reason: WaitReason, log: tuple[Attempt, ...]
) -> None:
    cause = application_error(reason, "refused with 410", *log)
    expected = RoundFailure(log, reason, "refused with 410")
    assert round_failure(ROUND, NOW, activity_error(cause, FINAL)) == expected


@pytest.mark.parametrize(
    "log",
    [pytest.param((), id="never-a-worker"), pytest.param(LOG[:2], id="no-worker-in-time")],
)
def test_a_round_that_ran_out_of_time_without_a_worker_expired(log: tuple[Attempt, ...]) -> None:
    kinds = (TimeoutType.SCHEDULE_TO_CLOSE, TimeoutType.SCHEDULE_TO_START, TimeoutType.HEARTBEAT)
    for kind in kinds:
        for retry_state in (RetryState.TIMEOUT, FINAL):
            error = activity_error(timeout(kind, *log), retry_state)
            failure = round_failure(ROUND, NOW, error)
            assert (failure.attempts, failure.reason) == (log, WaitReason.EXPIRED)
            assert failure.rest is None
            assert "no worker" in failure.explanation


@pytest.mark.parametrize(
    ("made", "recorded", "expected"),
    [
        pytest.param(0, (), 1, id="its-first"),
        pytest.param(0, LOG[:1], 2, id="its-second"),
        pytest.param(0, LOG[:2], 3, id="its-last"),
        pytest.param(1, (), 2, id="the-first-of-those-left"),
        pytest.param(2, (), 3, id="the-only-one-left"),
    ],
)
def test_a_round_that_expired_in_a_lost_attempt_lost_only_that(
    made: int, recorded: tuple[Attempt, ...], expected: int
) -> None:
    for retry_state in NOT_USED_UP:
        error = activity_error(timeout(TimeoutType.START_TO_CLOSE, *recorded), retry_state)
        attempts, *end = round_failure(going_on(ROUND, made), NOW, error)
        assert end == [WaitReason.EXPIRED, TOO_LATE, None]
        assert attempts[:-1] == recorded
        assert lost(attempts) == [expected]


@pytest.mark.parametrize("log", [pytest.param((), id="no-log"), pytest.param(LOG[:2], id="two")])
def test_a_round_without_time_for_another_attempt_expired(log: tuple[Attempt, ...]) -> None:
    cause = application_error(contract.FAILURE_AGAIN, "answered 500", *log)
    expected = RoundFailure(log, WaitReason.EXPIRED, TOO_LATE)
    assert round_failure(ROUND, NOW, activity_error(cause, RetryState.TIMEOUT)) == expected


def test_an_explanation_has_at_most_500_characters() -> None:
    cause = application_error(WaitReason.REFUSED, "x" * 5000)
    assert round_failure(ROUND, NOW, activity_error(cause, FINAL)).explanation == "x" * 500


# A log that nobody can read.


@pytest.mark.parametrize(
    "details",
    [
        pytest.param("no log", id="text"),
        pytest.param([{"number": "one"}], id="not-an-attempt"),
        pytest.param(5, id="number"),
    ],
)
def test_details_that_are_not_a_log_are_refused(details: Any) -> None:
    cause = ApplicationError("answered 500", details, type=WaitReason.EXHAUSTED)
    with pytest.raises((InvalidInputError, ValueError)):
        round_failure(ROUND, NOW, activity_error(cause, FINAL))
