"""A round resumes on time if the server handed its activity out too early."""

from datetime import timedelta

import pytest

from tests.support.dying import EarlyDelivery
from tests.support.skipped_time import HOURLY, SkippedTime, replay
from tidings import Abandon, Resend, Status


@pytest.mark.timed
async def test_the_round_resumes_when_its_next_attempt_is_due(
    idle_service: SkippedTime, new_id: str
) -> None:
    """Another activity has the rest of the schedule, and the next number."""
    delivery = EarlyDelivery()
    async with delivery.worker(idle_service):
        await idle_service.send(new_id, retry=HOURLY)
        waiting = await idle_service.until_attempts(new_id, 1)
        assert waiting.status is Status.DELIVERING
        assert waiting.next_attempt_at == waiting.attempts[0].next_attempt_at
        assert len(delivery.rounds) == 1
        await idle_service.skip(new_id, timedelta(hours=2))
        state = await idle_service.client.outcome(new_id)

    first, second = state.attempts
    assert (first.number, second.number, state.round) == (1, 2, 1)
    assert (second.started_at - first.started_at).total_seconds() == pytest.approx(3600, abs=1)
    assert [each.attempts_made for each in delivery.rounds] == [0, 1]
    history = await idle_service.handle(new_id).fetch_history()
    policies = [
        event.activity_task_scheduled_event_attributes.retry_policy.maximum_attempts
        for event in history.events
        if event.HasField("activity_task_scheduled_event_attributes")
    ]
    assert policies == [5, 4]
    await replay(history)


async def test_an_intervention_does_not_wait_for_it(idle_service: SkippedTime, new_id: str) -> None:
    async with EarlyDelivery().worker(idle_service):
        await idle_service.send(new_id, retry=HOURLY)
        await idle_service.until_attempts(new_id, 1)
        await idle_service.client.resend(new_id, Resend(operator="li"))
        state = await idle_service.client.outcome(new_id)
    assert [each.round for each in state.attempts] == [1, 2]


async def test_an_abandon_ends_it_at_once(idle_service: SkippedTime, new_id: str) -> None:
    async with EarlyDelivery().worker(idle_service):
        await idle_service.send(new_id, retry=HOURLY)
        await idle_service.until_attempts(new_id, 1)
        await idle_service.client.abandon(new_id, Abandon(reason="no use"))
        state = await idle_service.client.outcome(new_id)
    assert (state.status, len(state.attempts)) == (Status.ABANDONED, 1)
