"""Attempts are made at the times of the schedule, on the real server, over skipped days."""

from datetime import timedelta
from itertools import pairwise

import pytest

from tests.support.skipped_time import SkippedTime
from tests.support.target import WorkerKilledError, sent_at, streamed
from tidings import Acknowledgement, Exponential, FixedInterval, Intervals, Status, WaitReason
from tidings.fields.preset import PRESETS
from tidings.fields.retry import Schedule

pytestmark = pytest.mark.timed

WECHAT = [15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600]
"""WeChat Pay v3: 15s/15s/30s/3m/10m/20m/30m/30m/30m/60m/3h/3h/3h/6h/6h, 24 h 4 m in all."""


async def test_wechat_s_schedule_makes_all_16_attempts_on_time(
    service: SkippedTime, new_id: str
) -> None:
    """Each of the 15 delays is that of WeChat Pay's documentation, within a second."""
    assert sum(WECHAT) == timedelta(hours=24, minutes=4).total_seconds()
    service.target.answer(new_id, 500)
    await service.send(new_id, retry="wechat")
    await service.skip(new_id, timedelta(days=2))
    state = await service.client.state(new_id)

    assert (state.status, state.reason) == (Status.AWAITING_INTERVENTION, WaitReason.EXHAUSTED)
    times = [attempt.started_at for attempt in state.attempts]
    delays = [(later - earlier).total_seconds() for earlier, later in pairwise(times)]
    assert len(service.target.seen(new_id)) == len(times) == 16
    assert delays == pytest.approx(WECHAT, abs=1)
    stamps = [sent_at(request).timestamp() for request in service.target.seen(new_id)]
    assert stamps == pytest.approx([time.timestamp() for time in times], abs=1)


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        pytest.param(
            Exponential(
                initial_interval=0.05,
                coefficient=10,
                maximum_interval=3600,
                maximum_attempts=7,
                jitter=0,
            ),
            [0.05, 0.5, 5, 50, 500, 3600],
            id="exponential",
        ),
        pytest.param(FixedInterval(interval=90, maximum_attempts=4), [90, 90, 90], id="fixed"),
        pytest.param(
            Intervals(intervals=[timedelta(days=3), 0.5, 60]),
            [3 * 86400, 0.5, 60],
            id="intervals that fall",
        ),
        pytest.param(FixedInterval(interval=1, maximum_attempts=1), [], id="a single attempt"),
    ],
)
async def test_every_kind_of_schedule_is_kept(
    service: SkippedTime, new_id: str, schedule: Schedule, expected: list[float]
) -> None:
    service.target.answer(new_id, 503)
    await service.send(new_id, retry=schedule)
    await service.skip(new_id, timedelta(days=4))
    state = await service.until(new_id, Status.AWAITING_INTERVENTION)

    times = [attempt.started_at for attempt in state.attempts]
    delays = [(later - earlier).total_seconds() for earlier, later in pairwise(times)]
    assert delays == pytest.approx(expected, abs=1)
    assert all(delay >= due for delay, due in zip(delays, expected, strict=True))
    assert state.reason is WaitReason.EXHAUSTED


@pytest.mark.parametrize("name", sorted(set(PRESETS) - {"wechat"}))
async def test_every_preset_is_driven_through(service: SkippedTime, new_id: str, name: str) -> None:
    service.target.answer(new_id, 503)
    notification = await service.send(new_id, retry=name)
    await service.skip(new_id, timedelta(days=7))
    state = await service.until(new_id, Status.AWAITING_INTERVENTION)

    times = [attempt.started_at for attempt in state.attempts]
    delays = [(later - earlier).total_seconds() for earlier, later in pairwise(times)]
    # The service's random number is 0.5, at which jitter changes nothing.
    expected = [delay.total_seconds() for delay in notification.retry.delays]
    assert delays == pytest.approx(expected, abs=1)


async def test_pending_answers_have_an_interval_of_their_own(
    service: SkippedTime, new_id: str
) -> None:
    """They count as attempts of the schedule, which goes on at its place after them."""
    service.target.answer(new_id, 202, 503, 202, 200)
    rule = Acknowledgement(pending=[202], pending_interval=30)
    await service.send(new_id, retry=Intervals(intervals=[600, 1200, 1800]), acknowledgement=rule)
    await service.skip(new_id, timedelta(hours=1))
    state = await service.client.outcome(new_id)

    times = [attempt.started_at for attempt in state.attempts]
    delays = [(later - earlier).total_seconds() for earlier, later in pairwise(times)]
    assert state.status is Status.DELIVERED
    assert delays == pytest.approx([30, 1200, 30], abs=1)
    assert "accepted, but not finished" in state.attempts[0].explanation


async def test_one_that_stays_pending_is_stuck_in_the_end(
    service: SkippedTime, new_id: str
) -> None:
    service.target.answer(new_id, 202)
    rule = Acknowledgement(pending=[202], pending_interval=30)
    await service.send(
        new_id, retry=FixedInterval(interval=600, maximum_attempts=3), acknowledgement=rule
    )
    await service.skip(new_id, timedelta(hours=1))
    state = await service.until(new_id, Status.AWAITING_INTERVENTION)

    assert state.reason is WaitReason.EXHAUSTED
    assert len(service.target.seen(new_id)) == 3
    assert "accepted, but not finished" in state.explanation


async def test_an_attempt_has_the_time_of_the_next(service: SkippedTime, new_id: str) -> None:
    service.target.answer(new_id, 503, 200)
    await service.send(new_id, retry=Intervals(intervals=[3600]))
    state = await service.until_attempts(new_id, 1)

    (attempt,) = state.attempts
    assert attempt.next_attempt_at is not None
    assert state.next_attempt_at is not None
    due_after = attempt.next_attempt_at - attempt.started_at
    assert due_after.total_seconds() == pytest.approx(3600, abs=1)
    difference = state.next_attempt_at - attempt.next_attempt_at
    assert difference.total_seconds() == pytest.approx(0, abs=1)
    await service.skip(new_id, timedelta(hours=2))
    assert (await service.client.outcome(new_id)).status is Status.DELIVERED


@pytest.mark.parametrize(
    ("retry_after", "delay"),
    [
        pytest.param("30", 30, id="longer than the delay"),
        pytest.param("1", 10, id="shorter"),
        pytest.param("86400", 60, id="longer than any interval"),
        pytest.param("soon", 10, id="unreadable"),
    ],
)
async def test_retry_after_lengthens_a_delay_up_to_the_longest(
    service: SkippedTime, new_id: str, retry_after: str, delay: float
) -> None:
    headers = {"retry-after": retry_after}
    service.target.answer(new_id, lambda: streamed(503, headers=headers), 200)
    await service.send(new_id, retry=Intervals(intervals=[10, 60]))
    await service.skip(new_id, timedelta(hours=1))
    state = await service.client.outcome(new_id)

    first, second = state.attempts
    waited = (second.started_at - first.started_at).total_seconds()
    assert waited == pytest.approx(delay, abs=1)


async def test_an_attempt_that_died_with_its_worker_counts(
    service: SkippedTime, new_id: str
) -> None:
    service.target.answer(new_id, WorkerKilledError(), 200)
    await service.send(new_id, retry=Intervals(intervals=[10, 60]))
    await service.skip(new_id, timedelta(hours=1))
    state = await service.client.outcome(new_id)

    lost, second = state.attempts
    assert (lost.number, lost.failure, lost.status_code) == (1, "interrupted", None)
    assert (second.number, second.status_code) == (2, 200)


async def test_dying_workers_cause_no_attempt_too_many(service: SkippedTime, new_id: str) -> None:
    service.target.answer(new_id, WorkerKilledError())
    await service.send(new_id, retry=FixedInterval(interval=10, maximum_attempts=3))
    await service.skip(new_id, timedelta(hours=1))
    state = await service.until(new_id, Status.AWAITING_INTERVENTION)

    assert state.reason is WaitReason.EXHAUSTED
    assert [attempt.failure for attempt in state.attempts] == ["interrupted"] * 3
    assert len(service.target.seen(new_id)) == 3
