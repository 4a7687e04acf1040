"""What people do to a notification, at every moment of its journey."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import PauseActivityRequest
from temporalio.client import WorkflowUpdateFailedError

from tests.workflows.service import SUGGEST_CONTINUE_AS_NEW, Service
from tidings import (
    Abandon,
    FixedInterval,
    InterventionRefusedError,
    Resend,
    Status,
    WaitReason,
    WorkerUnavailableError,
    contract,
    visibility,
)

HOURLY = FixedInterval(interval=3600, maximum_attempts=5)


async def test_a_resend_begins_a_new_round_with_the_full_schedule(
    service: Service, new_id: str
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


async def test_a_resend_corrects_what_it_names(service: Service, new_id: str) -> None:
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


async def test_a_resend_between_attempts_means_now_and_loses_no_attempt(
    service: Service, new_id: str
) -> None:
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


async def test_a_resend_waits_for_the_attempt_in_flight(service: Service, new_id: str) -> None:
    """Requests never overlap, and the attempt that was waited for stays in the story."""
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
    service: Service, new_id: str
) -> None:
    release = service.target.hold(new_id)
    await service.send(new_id)
    await service.target.wait_for(new_id, 1)
    await service.client.resend(new_id)
    release.set()
    state = await service.client.outcome(new_id)
    assert (state.status, len(state.attempts)) == (Status.DELIVERED, 1)
    assert len(service.target.seen(new_id)) == 1


async def test_a_resend_while_scheduled_means_now(service: Service, new_id: str) -> None:
    await service.send(new_id, not_before=datetime.now(UTC) + timedelta(days=1))
    await service.client.resend(new_id)
    state = await service.client.outcome(new_id)
    assert state.status is Status.DELIVERED
    assert datetime.now(UTC) - state.attempts[0].started_at < timedelta(minutes=1)


async def test_one_withdrawn_in_time_is_never_sent(service: Service, new_id: str) -> None:
    await service.send(new_id, not_before=datetime.now(UTC) + timedelta(days=1))
    answer = await service.client.abandon(new_id, Abandon(operator="shop", reason="it was paid"))
    assert answer.status is Status.ABANDONED
    state = await service.client.outcome(new_id)
    assert state.explanation == "abandoned by shop: it was paid"
    assert (state.attempts, state.next_attempt_at) == ((), None)
    assert not service.target.seen(new_id)


async def test_abandoning_between_attempts_keeps_them_in_the_story(
    service: Service, new_id: str
) -> None:
    service.target.answer(new_id, 503)
    await service.send(new_id, retry=HOURLY)
    await service.skip(new_id, timedelta(minutes=150))
    await service.until_attempts(new_id, 3)
    await service.client.abandon(new_id)
    state = await service.client.outcome(new_id)
    assert state.status is Status.ABANDONED
    assert [each.status_code for each in state.attempts] == [503, 503, 503]
    assert len(service.target.seen(new_id)) == 3


async def test_abandoning_waits_for_the_attempt_in_flight(service: Service, new_id: str) -> None:
    service.target.answer(new_id, 503)
    release = service.target.hold(new_id)
    await service.send(new_id, retry=HOURLY)
    await service.target.wait_for(new_id, 1)
    await service.client.abandon(new_id)
    release.set()
    state = await service.client.outcome(new_id)
    assert (state.status, len(state.attempts)) == (Status.ABANDONED, 1)


async def test_an_acknowledgement_in_flight_is_the_truth_even_if_it_was_abandoned(
    service: Service, new_id: str
) -> None:
    release = service.target.hold(new_id)
    await service.send(new_id)
    await service.target.wait_for(new_id, 1)
    await service.client.abandon(new_id, Abandon(reason="too late"))
    release.set()
    state = await service.client.outcome(new_id)
    assert state.status is Status.DELIVERED
    assert [each.action for each in state.interventions] == ["abandon"]


async def test_what_is_being_abandoned_is_not_resent(service: Service, new_id: str) -> None:
    """The answer to the abandon says that it has still to come."""
    service.target.answer(new_id, 503)
    release = service.target.hold(new_id)
    await service.send(new_id, retry=HOURLY)
    await service.target.wait_for(new_id, 1)
    answer = await service.client.abandon(new_id, Abandon(reason="no use"))
    assert "once no attempt is in flight" in answer.explanation
    with pytest.raises(InterventionRefusedError, match="being abandoned already"):
        await service.client.resend(new_id)
    release.set()
    state = await service.client.outcome(new_id)
    assert (state.status, state.explanation) == (Status.ABANDONED, "abandoned: no use")


async def test_a_correction_that_came_too_late_is_not_told_as_delivered(
    service: Service, new_id: str
) -> None:
    release = service.target.hold(new_id)
    await service.send(new_id, target="http://old.test/")
    await service.target.wait_for(new_id, 1)
    await service.client.resend(new_id, Resend(target="http://new.test/"))
    release.set()
    state = await service.client.outcome(new_id)
    assert (state.status, state.target) == (Status.DELIVERED, "http://old.test/")
    await service.until_listed({new_id}, target="old.test", status=Status.DELIVERED)


async def test_a_round_that_somebody_paused_by_hand_is_resent_and_abandoned(
    service: Service, new_id: str
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


async def test_what_has_ended_can_be_neither_resent_nor_abandoned(
    service: Service, new_id: str
) -> None:
    await service.send(new_id)
    await service.client.outcome(new_id)
    for intervene in (service.client.resend, service.client.abandon):
        with pytest.raises(InterventionRefusedError, match="is delivered"):
            await intervene(new_id)


async def test_an_expired_notification_is_not_resent_by_accident(
    service: Service, new_id: str
) -> None:
    expired = datetime.now(UTC) - timedelta(seconds=1)
    await service.send(new_id, expires_at=expired)
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    with pytest.raises(InterventionRefusedError, match="has expired"):
        await service.client.resend(new_id)
    await service.handle(new_id).signal(contract.SIGNAL_RESEND)
    state = await service.client.state(new_id)
    assert (state.status, state.reason) == (Status.AWAITING_INTERVENTION, WaitReason.EXPIRED)
    assert "has expired" in state.refused_interventions[0].problem
    assert not service.target.seen(new_id)

    await service.client.resend(new_id, Resend(even_if_expired=True))
    assert (await service.client.outcome(new_id)).status is Status.DELIVERED


async def test_a_correction_that_breaks_a_rule_changes_nothing(
    service: Service, new_id: str
) -> None:
    service.target.answer(new_id, 404)
    await service.send(new_id)
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    with pytest.raises(InterventionRefusedError, match="body must be text"):
        await service.client.resend(new_id, Resend(content_type="text/plain"))
    state = await service.client.state(new_id)
    assert (state.status, state.interventions) == (Status.AWAITING_INTERVENTION, ())


@pytest.mark.parametrize(
    ("argument", "fragment"),
    [
        ({"action": "delete"}, "'delete'"),
        ({}, "None"),
        ({"action": "resend", "target": "ftp://x"}, "ftp://x"),
        ({"action": "abandon", "target": "http://x"}, "no field 'target'"),
        ([], "has to be a JSON object"),
    ],
)
async def test_a_malformed_update_is_refused_with_the_reason(
    service: Service, new_id: str, argument: Any, fragment: str
) -> None:
    await service.send(new_id, not_before=datetime.now(UTC) + timedelta(days=1))
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await service.handle(new_id).execute_update(contract.UPDATE_INTERVENE, argument)
    assert fragment in str(refused.value.cause)
    await service.client.abandon(new_id)


async def test_an_intervention_without_a_worker_says_that_its_effect_is_unknown(
    idle_service: Service, new_id: str
) -> None:
    """Temporal may hand it to the next worker, or may not: that is how its updates are."""
    await idle_service.send(new_id)
    with pytest.raises(WorkerUnavailableError, match="may still take effect"):
        await idle_service.client.abandon(new_id)


async def test_a_signal_sent_without_a_worker_waits_for_one(
    idle_service: Service, new_id: str
) -> None:
    await idle_service.send(new_id)
    await idle_service.handle(new_id).signal(contract.SIGNAL_ABANDON, {"reason": "by signal"})
    async with idle_service.worker():
        state = await idle_service.client.outcome(new_id)
    assert (state.status, state.explanation) == (Status.ABANDONED, "abandoned: by signal")
    assert not idle_service.target.seen(new_id)


async def test_many_rounds_outgrow_no_history_and_lose_no_attempt(
    service: Service, new_id: str
) -> None:
    """The story goes on in a new run of the workflow once its history has become long."""
    rounds = 12
    service.target.answer(new_id, *[404] * (rounds - 1), 200)
    notification = await service.send(new_id)
    for round_ in range(1, rounds):
        await service.until_attempts(new_id, round_)
        await service.until(new_id, Status.AWAITING_INTERVENTION)
        await service.client.resend(new_id, Resend(reason=f"round {round_}"))
    state = await service.client.outcome(new_id)

    assert [each.number for each in state.attempts] == list(range(1, rounds + 1))
    assert [each.round for each in state.attempts] == list(range(1, rounds + 1))
    assert len(state.interventions) == rounds - 1
    description = await service.handle(new_id).describe()
    info = description.raw_description.workflow_execution_info
    assert info.first_run_id != description.run_id
    assert info.history_length <= SUGGEST_CONTINUE_AS_NEW
    assert not (await service.client.send(notification)).created


async def test_a_story_that_goes_on_in_a_new_run_is_known_without_a_worker(
    idle_service: Service, new_id: str
) -> None:
    service, rounds = idle_service, 12
    service.target.answer(new_id, 404)
    async with service.worker():
        await service.send(new_id)
        for attempts in range(1, rounds):
            await service.until_attempts(new_id, attempts)
            await service.until(new_id, Status.AWAITING_INTERVENTION)
            await service.client.resend(new_id)
        await service.until_attempts(new_id, rounds)
        whole = await service.until(new_id, Status.AWAITING_INTERVENTION)
    state = await service.client.state(new_id)
    assert not state.complete
    assert (state.accepted_at, state.round) == (whole.accepted_at, rounds)
    assert state.attempts == whole.attempts


async def test_a_resend_that_is_spread_waits_and_is_still_withdrawn(
    service: Service, new_id: str
) -> None:
    service.target.answer(new_id, 404)
    await service.send(new_id)
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    await service.client.resend(new_id, Resend(spread=timedelta(days=7)))
    state = await service.client.state(new_id)
    assert (state.status, state.round) == (Status.DELIVERING, 1)
    assert state.next_attempt_at is not None
    assert len(service.target.seen(new_id)) == 1
    await service.client.abandon(new_id)
    state = await service.client.outcome(new_id)
    assert (state.status, len(state.attempts)) == (Status.ABANDONED, 1)


async def test_a_flood_of_signals_outgrows_no_history(service: Service, new_id: str) -> None:
    service.target.answer(new_id, 404, 200)
    await service.send(new_id)
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    for number in range(SUGGEST_CONTINUE_AS_NEW):
        await service.handle(new_id).signal("resend", f"nonsense {number}")
    state = await service.client.state(new_id)
    assert state.status is Status.AWAITING_INTERVENTION
    assert f"nonsense {SUGGEST_CONTINUE_AS_NEW - 1}" in state.refused_interventions[-1].problem
    await service.client.resend(new_id)
    assert (await service.client.outcome(new_id)).status is Status.DELIVERED
