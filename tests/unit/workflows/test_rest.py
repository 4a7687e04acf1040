"""The rest of a round whose activity has ended, and the round has not."""

from datetime import timedelta

import pytest
from temporalio.exceptions import CancelledError, RetryState

from tests.support.activity_failures import activity_error, application_error
from tests.support.samples import NOW, attempt, going_on, round_
from tidings import contract
from tidings.fields.retry import FixedInterval
from tidings.state import Attempt
from workflows.round import Rest, RoundFailure, round_failure

ROUND = round_(retry=FixedInterval(interval=10, maximum_attempts=3))
LOG = (attempt(1),)
FINAL = RetryState.NON_RETRYABLE_FAILURE
DUE = NOW + timedelta(hours=1)
WAITING = attempt(2, next_attempt_at=DUE)
AFTER_AN_ATTEMPT = pytest.mark.parametrize(
    ("made", "log"),
    [
        pytest.param(0, (attempt(1, next_attempt_at=DUE),), id="after-its-first-attempt"),
        pytest.param(0, (attempt(1, next_attempt_at=NOW), WAITING), id="after-its-second"),
        pytest.param(1, (WAITING,), id="once-more"),
    ],
)


@AFTER_AN_ATTEMPT
def test_a_round_that_was_handed_out_too_early_resumes(made: int, log: tuple[Attempt, ...]) -> None:
    cause = application_error(contract.FAILURE_TOO_EARLY, "due in an hour", *log)
    expected = RoundFailure(log, rest=Rest(DUE))
    assert round_failure(going_on(ROUND, made), NOW, activity_error(cause, FINAL)) == expected


@AFTER_AN_ATTEMPT
def test_a_round_whose_target_is_slow_resumes_in_the_slow_lane(
    made: int, log: tuple[Attempt, ...]
) -> None:
    cause = application_error(contract.FAILURE_SLOW_TARGET, "target.test:80 is slow", *log)
    expected = RoundFailure(log, rest=Rest(NOW, is_target_slow=True))
    assert round_failure(going_on(ROUND, made), NOW, activity_error(cause, FINAL)) == expected


@pytest.mark.parametrize(
    ("cause", "retry_state", "log"),
    [
        pytest.param(
            CancelledError("cancelled", "ACTIVITY_ID_NOT_STARTED"),
            RetryState.CANCEL_REQUESTED,
            (),
            id="cancelled",
        ),
        pytest.param(
            CancelledError("cancelled", "ACTIVITY_ID_NOT_STARTED"), None, (), id="without-a-state"
        ),
        pytest.param(
            application_error(contract.FAILURE_HALTED, "somebody intervened", *LOG),
            FINAL,
            LOG,
            id="by-itself",
        ),
    ],
)
def test_a_round_that_was_halted_is_not_used_up(
    cause: BaseException, retry_state: RetryState | None, log: tuple[Attempt, ...]
) -> None:
    """The halt has read the attempts before; the details of a cancellation are not a log."""
    assert round_failure(ROUND, NOW, activity_error(cause, retry_state)) == RoundFailure(log)
