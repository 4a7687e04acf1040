"""What people ask for in vain, and how they are told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError

from tests.support.skipped_time import HOURLY, Service
from tidings import (
    Abandon,
    InterventionRefusedError,
    Resend,
    Status,
    WaitReason,
    WorkerUnavailableError,
    contract,
)


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
