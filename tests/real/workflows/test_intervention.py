"""Resends and abandons, at every moment of a notification's journey."""

from datetime import UTC, datetime, timedelta

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import PauseActivityRequest

from tests.support.skipped_time import HOURLY, SkippedTime
from tidings import Abandon, FixedInterval, Resend, Status, contract
from tidings.temporal import visibility


async def test_a_resend_begins_a_round_with_the_full_schedule(
    service: SkippedTime, new_id: str
) -> None:
    service.target.answer(new_id, 503, 503, 503, 503, 200)
    await service.send(new_id, retry=FixedInterval(interval=60, maximum_attempts=3))
    await service.skip(new_id, timedelta(hours=1))
    stuck = await service.until(new_id, Status.AWAITING_INTERVENTION)
    assert stuck.intervention_deadline is not None

    answer = await service.client.resend(new_id, Resend(operator="li", reason="it is up again"))
    assert (answer.status, answer.reason) == (Status.DELIVERING, None)
    await service.skip(new_id, timedelta(hours=1))
    state = await service.client.outcome(new_id)
    assert state.status is Status.DELIVERED
    assert [(each.number, each.round) for each in state.attempts] == [
        (1, 1),
        (2, 1),
        (3, 1),
        (4, 2),
        (5, 2),
    ]
    (intervention,) = state.interventions
    assert (intervention.action, intervention.operator, intervention.reason) == (
        "resend",
        "li",
        "it is up again",
    )
    assert intervention.changes == ()


async def test_a_resend_corrects_what_it_names(service: SkippedTime, new_id: str) -> None:
    service.target.answer(new_id, 404, 200)
    await service.send(new_id, headers={"x-tenant": "tenant-one"})
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    await service.client.resend(
        new_id,
        Resend(
            target="https://corrected.test/v2",
            body="amount=1",
            content_type="application/x-www-form-urlencoded",
            headers={"x-tenant": "tenant-two"},
        ),
    )
    state = await service.client.outcome(new_id)

    first, second = service.target.seen(new_id)
    assert (str(first.url), str(second.url)) == ("http://target.test/", "https://corrected.test/v2")
    assert second.content == b"amount=1"
    assert second.headers["content-type"] == "application/x-www-form-urlencoded"
    assert second.headers["x-tenant"] == "tenant-two"
    assert state.target == "https://corrected.test/v2"
    changed = {
        change.field: (change.before, change.after) for change in state.interventions[0].changes
    }
    assert changed["target"] == ("http://target.test/", "https://corrected.test/v2")
    assert set(changed) == {"target", "body", "content_type", "headers"}
    assert "tenant-" not in state.model_dump_json()
    attributes = (await service.handle(new_id).describe()).typed_search_attributes
    assert attributes.get(visibility.TARGET) == "corrected.test:443"


async def test_a_resend_between_attempts_means_now(service: SkippedTime, new_id: str) -> None:
    service.target.answer(new_id, 503, 503, 200)
    await service.send(new_id, retry=HOURLY)
    await service.skip(new_id, timedelta(minutes=90))
    await service.until_attempts(new_id, 2)
    await service.client.resend(new_id)
    state = await service.client.outcome(new_id)
    assert [(each.number, each.round, each.status_code) for each in state.attempts] == [
        (1, 1, 503),
        (2, 1, 503),
        (3, 2, 200),
    ]


@pytest.mark.parametrize(
    "action", [pytest.param(Resend(), id="resend"), pytest.param(Abandon(), id="abandon")]
)
async def test_the_answer_has_the_attempts_of_the_ended_round(
    service: SkippedTime, new_id: str, action: Resend | Abandon
) -> None:
    service.target.answer(new_id, 503, 200)
    await service.send(new_id, retry=HOURLY)
    waiting = await service.until_attempts(new_id, 1)
    if isinstance(action, Resend):
        answer = await service.client.resend(new_id, action)
    else:
        answer = await service.client.abandon(new_id, action)
    assert answer.attempts[:1] == waiting.attempts
    assert (await service.client.outcome(new_id)).attempts[:1] == waiting.attempts


async def test_a_resend_waits_for_the_attempt_in_flight(service: SkippedTime, new_id: str) -> None:
    """Requests never overlap, and the attempt in flight stays in the state."""
    service.target.answer(new_id, 503, 200)
    release = service.target.hold(new_id)
    await service.send(new_id, retry=HOURLY)
    await service.target.wait_for(new_id, 1)
    await service.client.resend(new_id)
    assert len(service.target.seen(new_id)) == 1
    release.set()
    state = await service.client.outcome(new_id)
    assert [(each.round, each.status_code) for each in state.attempts] == [(1, 503), (2, 200)]
    assert service.target.most_in_flight[new_id] == 1


async def test_an_acknowledgement_in_flight_makes_a_resend_needless(
    service: SkippedTime, new_id: str
) -> None:
    release = service.target.hold(new_id)
    await service.send(new_id)
    await service.target.wait_for(new_id, 1)
    await service.client.resend(new_id)
    release.set()
    state = await service.client.outcome(new_id)
    assert (state.status, len(state.attempts)) == (Status.DELIVERED, 1)
    assert len(service.target.seen(new_id)) == 1


async def test_a_resend_while_scheduled_means_now(service: SkippedTime, new_id: str) -> None:
    await service.send(new_id, not_before=datetime.now(UTC) + timedelta(days=1))
    answer = await service.client.resend(new_id)
    assert (answer.status, answer.next_attempt_at) == (Status.DELIVERING, None)
    state = await service.client.outcome(new_id)
    assert state.status is Status.DELIVERED
    assert datetime.now(UTC) - state.attempts[0].started_at < timedelta(minutes=1)


async def test_one_withdrawn_in_time_is_never_sent(service: SkippedTime, new_id: str) -> None:
    await service.send(new_id, not_before=datetime.now(UTC) + timedelta(days=1))
    answer = await service.client.abandon(new_id, Abandon(operator="shop", reason="it was paid"))
    assert answer.status is Status.ABANDONED
    state = await service.client.outcome(new_id)
    assert state.explanation == "abandoned by shop: it was paid"
    assert (state.attempts, state.next_attempt_at) == ((), None)
    assert not service.target.seen(new_id)


async def test_an_abandon_between_attempts_keeps_them(service: SkippedTime, new_id: str) -> None:
    service.target.answer(new_id, 503)
    await service.send(new_id, retry=HOURLY)
    await service.skip(new_id, timedelta(minutes=150))
    await service.until_attempts(new_id, 3)
    await service.client.abandon(new_id)
    state = await service.client.outcome(new_id)
    assert state.status is Status.ABANDONED
    assert [each.status_code for each in state.attempts] == [503, 503, 503]
    assert len(service.target.seen(new_id)) == 3


async def test_an_abandon_waits_for_the_attempt_in_flight(
    service: SkippedTime, new_id: str
) -> None:
    service.target.answer(new_id, 503)
    release = service.target.hold(new_id)
    await service.send(new_id, retry=HOURLY)
    await service.target.wait_for(new_id, 1)
    await service.client.abandon(new_id)
    release.set()
    state = await service.client.outcome(new_id)
    assert (state.status, len(state.attempts)) == (Status.ABANDONED, 1)


async def test_an_acknowledgement_in_flight_beats_an_abandon(
    service: SkippedTime, new_id: str
) -> None:
    release = service.target.hold(new_id)
    await service.send(new_id)
    await service.target.wait_for(new_id, 1)
    await service.client.abandon(new_id, Abandon(reason="too late"))
    release.set()
    state = await service.client.outcome(new_id)
    assert state.status is Status.DELIVERED
    assert [each.action for each in state.interventions] == ["abandon"]


async def test_a_round_paused_by_hand_is_resent_and_abandoned(
    service: SkippedTime, new_id: str
) -> None:
    service.target.answer(new_id, 503)
    await service.send(new_id, retry=HOURLY)
    await service.until_attempts(new_id, 1)
    client = service.environment.client
    await client.workflow_service.pause_activity(
        PauseActivityRequest(
            namespace=client.namespace,
            execution=WorkflowExecution(workflow_id=contract.workflow_id(new_id)),
            id=contract.round_activity_id(1),
            identity="somebody",
        )
    )
    await service.client.resend(new_id)
    await service.until_attempts(new_id, 2)
    await service.client.abandon(new_id)
    state = await service.client.outcome(new_id)
    assert [(each.number, each.round) for each in state.attempts] == [(1, 1), (2, 2)]


async def test_a_signal_sent_without_a_worker_waits_for_one(
    idle_service: SkippedTime, new_id: str
) -> None:
    await idle_service.send(new_id)
    await idle_service.handle(new_id).signal(contract.SIGNAL_ABANDON, {"reason": "by signal"})
    async with idle_service.worker():
        state = await idle_service.client.outcome(new_id)
    assert (state.status, state.explanation) == (Status.ABANDONED, "abandoned: by signal")
    assert not idle_service.target.seen(new_id)
