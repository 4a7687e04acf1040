"""A correction of a running round: its next attempt goes out as corrected, at its own time."""

from datetime import UTC, datetime, timedelta

import pytest
from temporalio.api.enums.v1 import EventType

from tests.support.continued import continued_with_a_correction
from tests.support.corrected import HOUR, RIGHT, TO_RIGHT, WRONG, urls, waits
from tests.support.skipped_time import HOURLY, SkippedTime, replay
from tidings import (
    Abandon,
    FixedInterval,
    Resend,
    Status,
    WaitReason,
    contract,
)
from tidings.intervention import Correct


async def test_case_7_the_next_attempt_comes_at_its_time(service: SkippedTime, new_id: str) -> None:
    due_at = await waits(service, new_id, type=new_id)
    answer = await service.client.correct(new_id, TO_RIGHT)
    assert (answer.status, answer.target, answer.attempt_count) == (Status.DELIVERING, RIGHT, 1)
    waiting = await service.until_paused(new_id)
    assert waiting.next_attempt_at == due_at
    await service.until_listed({new_id}, type=new_id, target=RIGHT)
    assert urls(service, new_id) == [WRONG]

    await service.skip(new_id, 2 * HOUR)
    state = await service.client.outcome(new_id)
    assert urls(service, new_id) == [WRONG, RIGHT]
    assert [(each.number, each.round) for each in state.attempts] == [(1, 1), (2, 1)]
    assert abs(state.attempts[1].started_at - due_at) < timedelta(seconds=5)
    assert [each.action for each in state.interventions] == ["correct"]


async def test_the_attempts_before_it_count(service: SkippedTime, new_id: str) -> None:
    """The schedule has five attempts in all, two of them before the correction."""
    service.target.answer(new_id, 503)
    await service.send(new_id, target=WRONG, retry=HOURLY)
    await service.skip(new_id, 1.5 * HOUR)
    await service.until_attempts(new_id, 2)
    await service.client.correct(new_id, TO_RIGHT)
    await service.until_paused(new_id)
    await service.skip(new_id, 24 * HOUR)
    state = await service.until(new_id, Status.AWAITING_INTERVENTION)
    assert (state.reason, state.round) == (WaitReason.EXHAUSTED, 1)
    assert urls(service, new_id) == [WRONG] * 2 + [RIGHT] * 3
    assert "all 5 attempts failed" in state.explanation


async def test_two_corrections_are_both_taken_up(service: SkippedTime, new_id: str) -> None:
    due_at = await waits(service, new_id)
    await service.client.correct(new_id, TO_RIGHT)
    await service.until_paused(new_id)
    await service.client.correct(new_id, Correct(body={"n": 2}))
    assert (await service.until_paused(new_id)).next_attempt_at == due_at
    await service.skip(new_id, 2 * HOUR)
    state = await service.client.outcome(new_id)
    assert len(state.interventions) == 2
    assert urls(service, new_id) == [WRONG, RIGHT]
    assert service.target.seen(new_id)[1].content == b'{"n":2}'


async def test_a_schedule_with_fewer_attempts_is_used_up(service: SkippedTime, new_id: str) -> None:
    """It is stuck at once, and does not wait for an attempt that never comes."""
    await waits(service, new_id)
    once = FixedInterval(interval=60, maximum_attempts=1)
    await service.client.correct(new_id, Correct(retry=once))
    state = await service.until(new_id, Status.AWAITING_INTERVENTION)
    assert state.reason is WaitReason.EXHAUSTED
    assert state.explanation.startswith("all attempts of the schedule are made; the last")
    assert "503" in state.explanation
    assert (state.next_attempt_at, len(state.attempts)) == (None, 1)
    await service.client.resend(new_id, Resend(retry=HOURLY))
    assert (await service.client.outcome(new_id)).status is Status.DELIVERED


async def test_a_schedule_with_more_attempts_goes_on(service: SkippedTime, new_id: str) -> None:
    service.target.answer(new_id, 503, 503, 503, 200)
    await service.send(new_id, retry=FixedInterval(interval=3600, maximum_attempts=2))
    await service.until_attempts(new_id, 1)
    longer = FixedInterval(interval=60, maximum_attempts=4)
    await service.client.correct(new_id, Correct(retry=longer))
    await service.until_paused(new_id)
    await service.skip(new_id, 2 * HOUR)
    state = await service.client.outcome(new_id)
    assert [(each.number, each.round) for each in state.attempts] == [(n, 1) for n in range(1, 5)]
    assert state.attempts[2].started_at - state.attempts[1].started_at < 2 * timedelta(seconds=60)


async def test_an_expiry_before_the_next_attempt_ends_the_round(
    service: SkippedTime, new_id: str
) -> None:
    await waits(service, new_id)
    soon = datetime.now(UTC) + HOUR / 2
    await service.client.correct(new_id, Correct(expires_at=soon))
    state = await service.until(new_id, Status.AWAITING_INTERVENTION)
    assert (state.reason, state.expires_at) == (WaitReason.EXPIRED, soon)
    assert "the next attempt would come after it expires" in state.explanation
    assert len(state.attempts) == 1


async def test_a_later_expiry_keeps_the_round_alive(service: SkippedTime, new_id: str) -> None:
    await waits(service, new_id, expires_at=datetime.now(UTC) + 1.5 * HOUR)
    service.target.answer(new_id, 503, 503, 200)
    await service.client.correct(new_id, Correct(expires_at=None))
    await service.until_paused(new_id)
    await service.skip(new_id, 5 * HOUR)
    state = await service.client.outcome(new_id)
    assert (state.status, len(state.attempts)) == (Status.DELIVERED, 4)


@pytest.mark.parametrize(
    "action", [pytest.param(Resend(), id="resend"), pytest.param(Abandon(), id="abandon")]
)
async def test_a_corrected_one_does_not_make_a_person_wait(
    service: SkippedTime, new_id: str, action: Resend | Abandon
) -> None:
    await waits(service, new_id)
    await service.client.correct(new_id, TO_RIGHT)
    await service.until_paused(new_id)
    if isinstance(action, Resend):
        await service.client.resend(new_id, action)
    else:
        await service.client.abandon(new_id, action)
    state = await service.client.outcome(new_id)
    if isinstance(action, Resend):
        assert [(each.number, each.round) for each in state.attempts] == [(1, 1), (2, 2)]
        assert urls(service, new_id) == [WRONG, RIGHT]
    else:
        assert (state.status, len(state.attempts)) == (Status.ABANDONED, 1)


async def test_a_corrected_round_goes_on_in_a_new_run(
    idle_service: SkippedTime, new_id: str
) -> None:
    """Many useless signals come while it waits, so that the history is long."""
    service = idle_service
    state = await continued_with_a_correction(service, new_id)
    first, second = state.attempts
    assert [(each.number, each.round) for each in (first, second)] == [(1, 1), (2, 1)]
    assert urls(service, new_id) == [WRONG, RIGHT]
    assert service.target.seen(new_id)[1].content == b'{"n":2}'
    assert first.next_attempt_at is not None
    assert abs(second.started_at - first.next_attempt_at) < timedelta(seconds=5)
    for history in await service.histories(new_id):
        await replay(history)


async def test_a_correction_by_signal_is_taken_up(service: SkippedTime, new_id: str) -> None:
    await waits(service, new_id)
    await service.handle(new_id).signal(contract.SIGNAL_CORRECT, {"target": RIGHT})
    await service.until_paused(new_id)
    await service.skip(new_id, 2 * HOUR)
    await service.client.outcome(new_id)
    assert urls(service, new_id) == [WRONG, RIGHT]


async def test_a_correction_without_a_worker_waits_for_one(
    idle_service: SkippedTime, new_id: str
) -> None:
    service = idle_service
    async with service.worker():
        due_at = await waits(service, new_id)
    await service.handle(new_id).signal(contract.SIGNAL_CORRECT, {"target": RIGHT})
    async with service.worker():
        assert (await service.until_paused(new_id)).next_attempt_at == due_at
        await service.skip(new_id, 2 * HOUR)
        await service.client.outcome(new_id)
    assert urls(service, new_id) == [WRONG, RIGHT]


async def test_a_correction_that_changes_nothing_halts_nothing(
    service: SkippedTime, new_id: str
) -> None:
    await waits(service, new_id)
    await service.client.correct(new_id, Correct(target=WRONG))
    await service.skip(new_id, 2 * HOUR)
    await service.client.outcome(new_id)
    history = await service.handle(new_id).fetch_history()
    scheduled = [
        each
        for each in history.events
        if each.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
    ]
    assert len(scheduled) == 1
