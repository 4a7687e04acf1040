"""A round whose activity the server handed out before its time, as one that restarts may do.

No server can be made to do that at will, so an activity stands here that says so.
"""

from datetime import timedelta

import pytest
from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker

from activities.halting import halt
from tests.workflows.service import Service, replay
from tidings import Abandon, Attempt, FixedInterval, Resend, Status, contract
from tidings.delivery import Round
from workflows.notification import NotificationWorkflow

HOURLY = FixedInterval(interval=3600, maximum_attempts=3)


class EarlyDelivery:
    """Fails its first attempt, is then handed out too early, and is acknowledged after that."""

    def __init__(self) -> None:
        self.rounds: list[Round] = []

    @activity.defn(name=contract.ACTIVITY_DELIVER)
    async def deliver(self, round_: Round) -> list[Attempt]:
        """Like ``DeliveryActivities.deliver``."""
        self.rounds.append(round_)
        now = activity.info().started_time
        attempt = Attempt(
            number=round_.first_number, round=round_.number, started_at=now, explanation="told"
        )
        if len(self.rounds) > 1:
            return [attempt.model_copy(update={"status_code": 200})]
        due_at = now + timedelta(hours=1)
        failed = attempt.model_copy(update={"status_code": 503, "next_attempt_at": due_at})
        raise ApplicationError(
            "due later",
            [failed.model_dump(mode="json")],
            type=contract.FAILURE_TOO_EARLY,
            non_retryable=True,
        )


def worker(service: Service, delivery: EarlyDelivery) -> Worker:
    return Worker(
        service.environment.client,
        task_queue=contract.TASK_QUEUE,
        workflows=[NotificationWorkflow],
        activities=[delivery.deliver, halt],
    )


@pytest.mark.timed
async def test_the_round_goes_on_when_its_next_attempt_is_due(
    idle_service: Service, new_id: str
) -> None:
    """By another activity, which has the rest of the schedule and the next number."""
    delivery = EarlyDelivery()
    async with worker(idle_service, delivery):
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
    assert policies == [3, 2]
    await replay(history)


async def test_an_intervention_does_not_wait_for_it(idle_service: Service, new_id: str) -> None:
    async with worker(idle_service, EarlyDelivery()):
        await idle_service.send(new_id, retry=HOURLY)
        await idle_service.until_attempts(new_id, 1)
        await idle_service.client.resend(new_id, Resend(operator="li"))
        state = await idle_service.client.outcome(new_id)
    assert [each.round for each in state.attempts] == [1, 2]


async def test_abandoning_ends_it_at_once(idle_service: Service, new_id: str) -> None:
    async with worker(idle_service, EarlyDelivery()):
        await idle_service.send(new_id, retry=HOURLY)
        await idle_service.until_attempts(new_id, 1)
        await idle_service.client.abandon(new_id, Abandon(reason="no use"))
        state = await idle_service.client.outcome(new_id)
    assert (state.status, len(state.attempts)) == (Status.ABANDONED, 1)
