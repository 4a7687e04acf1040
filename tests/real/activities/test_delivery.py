"""The delivery activity alone: no server, and a target in place of the HTTP transport."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from tests.support.delivering import NOW, Harness, failed, round_of
from tests.support.keyrings import write
from tests.support.paces import attempted
from tests.support.signing_keys import HMAC_KEY
from tests.support.target import Target, streamed
from tidings import (
    Acknowledgement,
    Attempt,
    Intervals,
    WaitReason,
    contract,
)


@pytest.fixture
def target() -> Target:
    return Target()


@pytest.fixture
def harness(target: Target) -> Harness:
    return Harness(target)


async def test_an_acknowledgement_returns_the_log_of_the_round(
    harness: Harness, target: Target
) -> None:
    target.answer("n-1", 503, 200)
    round_ = round_of()
    first = failed(await harness.attempt(round_))
    assert (first.type, first.non_retryable) == (contract.FAILURE_AGAIN, False)
    assert first.next_retry_delay == timedelta(hours=1)
    log = await harness.attempt(round_, 2, at=NOW + timedelta(hours=1))
    assert isinstance(log, list)
    assert [(each.number, each.round, each.status_code) for each in log] == [
        (11, 2, 503),
        (12, 2, 200),
    ]


async def test_the_target_gets_the_bytes_that_were_signed(target: Target, tmp_path: Path) -> None:
    keyring = write(tmp_path / "keyring.toml", f'orders = "{HMAC_KEY}"')
    round_ = round_of(body={"城": "鄭州 🀄"}, signing_key="orders")
    await Harness(target, keyring).attempt(round_, at=datetime.now(UTC))
    (request,) = target.requests
    assert request.content == '{"城":"鄭州 🀄"}'.encode()
    Webhook(HMAC_KEY).verify(request.content, dict(request.headers), json_parse=False)


async def test_a_failed_attempt_leaves_its_record_in_one_heartbeat(
    harness: Harness, target: Target
) -> None:
    """A second heartbeat within an attempt may get lost, and a large failure is not shown."""
    target.answer("n-1", lambda: streamed(500, b"y" * 100_000))
    error = failed(await harness.attempt(round_of()))
    assert len(harness.heartbeats) == 1
    assert error.details == ()
    (record,) = (Attempt.model_validate(each) for each in harness.heartbeats[0])
    assert record.excerpt == "y" * 1024
    assert record.next_attempt_at is not None


async def test_the_last_attempt_hands_the_log_over_with_its_failure(
    harness: Harness, target: Target
) -> None:
    target.answer("n-1", 500)
    for number in (1, 2):
        await harness.attempt(round_of(), number)
    error = failed(await harness.attempt(round_of(), 3))
    assert error.next_retry_delay is None
    assert [each["number"] for each in error.details[0]] == [11, 12, 13]


async def test_a_refusal_is_final(harness: Harness, target: Target) -> None:
    target.answer("n-1", 410)
    error = failed(await harness.attempt(round_of()))
    assert (error.type, error.non_retryable) == (WaitReason.REFUSED, True)
    assert [each["status_code"] for each in error.details[0]] == [410]


async def test_a_round_that_is_being_halted_makes_no_further_attempt(
    harness: Harness, target: Target
) -> None:
    """The first was under way when somebody intervened; its record is handed over."""
    target.answer("n-1", 503)
    harness.halted = True
    first = failed(await harness.attempt(round_of()))
    assert first.type == contract.FAILURE_AGAIN
    second = failed(await harness.attempt(round_of(), 2, at=NOW + timedelta(hours=1)))
    assert (second.type, second.non_retryable) == (contract.FAILURE_HALTED, True)
    assert [each["status_code"] for each in second.details[0]] == [503]
    assert len(target.requests) == 1


async def test_a_late_first_attempt_asks_for_a_halt_too(harness: Harness, target: Target) -> None:
    """It may have waited for the very worker that had to halt its round."""
    harness.halted = True
    late = failed(await harness.attempt(round_of(), queued_for=timedelta(seconds=3)))
    assert late.type == contract.FAILURE_HALTED
    assert not target.requests
    assert isinstance(await harness.attempt(round_of(), queued_for=timedelta(seconds=1)), list)


def make_slow(harness: Harness) -> None:
    """Makes the worker know the target as slow: an attempt is in flight for longer than 1 s."""
    harness.clock.now += 100
    attempted(harness.lanes.targets, harness.clock, "target.test:80", 5)


@pytest.mark.parametrize("made", [0, 1])
async def test_a_slow_target_is_not_attempted_in_the_ordinary_lane(
    harness: Harness, target: Target, made: int
) -> None:
    """The attempts before are handed over, and none is spent."""
    target.answer("n-1", 503)
    for number in range(made):
        failed(await harness.attempt(round_of(), number + 1))
    make_slow(harness)
    error = failed(await harness.attempt(round_of(), made + 1, at=NOW + timedelta(hours=1)))
    assert (error.type, error.non_retryable) == (contract.FAILURE_SLOW_TARGET, True)
    assert error.message == "target.test:80 is slow"
    assert [each["status_code"] for each in error.details[0]] == [503] * made
    assert len(target.requests) == made


async def test_the_slow_lane_attempts_a_slow_target(harness: Harness, target: Target) -> None:
    make_slow(harness)
    harness.task_queue = contract.SLOW_TASK_QUEUE
    assert isinstance(await harness.attempt(round_of()), list)
    assert len(target.requests) == 1


async def test_what_was_halted_is_not_moved_to_the_slow_lane(harness: Harness) -> None:
    make_slow(harness)
    harness.halted = True
    error = failed(await harness.attempt(round_of(), queued_for=timedelta(seconds=3)))
    assert error.type == contract.FAILURE_HALTED


async def test_an_expired_notification_is_not_requested(harness: Harness, target: Target) -> None:
    round_ = round_of(expires_at=NOW + timedelta(minutes=1))
    error = failed(await harness.attempt(round_, at=NOW + timedelta(minutes=1)))
    assert (error.type, error.non_retryable) == (WaitReason.EXPIRED, True)
    assert not target.requests


async def test_no_retry_is_planned_for_after_the_expiry(harness: Harness, target: Target) -> None:
    target.answer("n-1", 500)
    error = failed(await harness.attempt(round_of(expires_at=NOW + timedelta(minutes=1))))
    assert (error.type, error.non_retryable) == (WaitReason.EXPIRED, True)
    assert [each["status_code"] for each in error.details[0]] == [500]


async def test_attempts_without_a_record_count_as_interrupted(
    harness: Harness, target: Target
) -> None:
    target.answer("n-1", 503, 200)
    round_ = round_of(retry=Intervals(intervals=[60, 60, 60, 60]))
    await harness.attempt(round_, 1)
    log = await harness.attempt(round_, 4, at=NOW + timedelta(hours=1))
    assert isinstance(log, list)
    assert [(each.number, each.failure) for each in log] == [
        (11, None),
        (12, "interrupted"),
        (13, "interrupted"),
        (14, None),
    ]
    assert log[1].started_at == log[0].next_attempt_at


async def test_an_error_of_our_own_does_not_stop_the_retries(
    harness: Harness, target: Target, caplog: pytest.LogCaptureFixture
) -> None:
    """A target that triggers a bug in the worker must not end its own deliveries that way."""
    target.answer("n-1", ValueError("a secret detail"), 200)
    error = failed(await harness.attempt(round_of()))
    assert error.type == contract.FAILURE_AGAIN
    (record,) = (Attempt.model_validate(each) for each in harness.heartbeats[0])
    assert (record.failure, record.explanation) == (
        "internal",
        "our HTTP client failed: ValueError",
    )
    assert "delivery.failed_by_itself" in caplog.messages
    assert isinstance(await harness.attempt(round_of(), 2, at=NOW + timedelta(hours=1)), list)


async def test_an_attempt_that_comes_too_early_is_not_made(
    harness: Harness, target: Target
) -> None:
    """A server that has restarted may hand out an activity that still waits for its retry."""
    target.answer("n-1", 503)
    await harness.attempt(round_of())
    error = failed(await harness.attempt(round_of(), 2, at=NOW + timedelta(minutes=30)))
    assert (error.type, error.non_retryable) == (contract.FAILURE_TOO_EARLY, True)
    assert [each["number"] for each in error.details[0]] == [11]
    assert len(target.requests) == 1


async def test_a_reset_in_temporal_means_now_and_forgets_nothing(
    harness: Harness, target: Target
) -> None:
    """It sets the attempt back to 1 and keeps the log, so the schedule still holds."""
    target.answer("n-1", 503)
    await harness.attempt(round_of())
    await harness.attempt(round_of(), 1)
    error = failed(await harness.attempt(round_of(), 1))
    assert error.type == WaitReason.EXHAUSTED
    assert [each["number"] for each in error.details[0]] == [11, 12, 13]
    error = failed(await harness.attempt(round_of(), 4))
    assert len(target.requests) == 3


async def test_a_second_activity_continues_the_round(harness: Harness, target: Target) -> None:
    target.answer("n-1", 503)
    rest = round_of().model_copy(update={"attempts_made": 2})
    error = failed(await harness.attempt(rest))
    assert error.type == WaitReason.EXHAUSTED
    assert [each["number"] for each in error.details[0]] == [13]


async def test_no_secret_reaches_the_log(
    harness: Harness, target: Target, caplog: pytest.LogCaptureFixture
) -> None:
    target.answer("n-1", lambda: streamed(200, b"body-s3cret"))
    with caplog.at_level("DEBUG", "tidings"):
        await harness.attempt(
            round_of(
                target="http://target.test/path?token=url-s3cret",
                headers={"x-order": "header-s3cret"},
                body={"card": "request-s3cret"},
                acknowledgement=Acknowledgement(body_equals="other-s3cret"),
            )
        )
    (record,) = [each for each in caplog.records if each.message == "delivery.attempted"]
    assert (record.__dict__["target"], record.__dict__["verdict"]) == ("target.test:80", "retry")
    assert "s3cret" not in repr(record.__dict__)
