"""Interventions that are refused, with the reason."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError

from tests.support.samples import SECRET
from tests.support.skipped_time import HOURLY, SkippedTime
from tidings import (
    Abandon,
    InterventionRefusedError,
    Resend,
    Status,
    WaitReason,
    WorkerUnavailableError,
    contract,
)


async def test_one_that_is_being_abandoned_is_not_resent(service: SkippedTime, new_id: str) -> None:
    """The answer to the abandon says that the end is still to come."""
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


async def test_a_correction_that_came_too_late_is_not_shown(
    service: SkippedTime, new_id: str
) -> None:
    release = service.target.hold(new_id)
    await service.send(new_id, target="http://old.test/")
    await service.target.wait_for(new_id, 1)
    await service.client.resend(new_id, Resend(target="http://new.test/"))
    release.set()
    state = await service.client.outcome(new_id)
    assert (state.status, state.target) == (Status.DELIVERED, "http://old.test/")
    await service.until_listed({new_id}, target="old.test", status=Status.DELIVERED)


async def test_one_that_has_ended_takes_no_intervention(service: SkippedTime, new_id: str) -> None:
    await service.send(new_id)
    await service.client.outcome(new_id)
    for intervene in (service.client.resend, service.client.abandon):
        with pytest.raises(InterventionRefusedError, match="is delivered"):
            await intervene(new_id)


async def test_an_expired_notification_is_not_resent_by_accident(
    service: SkippedTime, new_id: str
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
    service: SkippedTime, new_id: str
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
        pytest.param({"action": "delete"}, "'delete'", id="unknown action"),
        pytest.param({}, "None", id="no action"),
        pytest.param({"action": "resend", "target": "ftp://x"}, "ftp://x", id="bad target"),
        pytest.param(
            {"action": "abandon", "target": "http://x"}, "no field 'target'", id="not its field"
        ),
        pytest.param([], "has to be a JSON object", id="a list"),
    ],
)
async def test_a_malformed_update_is_refused_with_the_reason(
    service: SkippedTime, new_id: str, argument: Any, fragment: str
) -> None:
    await service.send(new_id, not_before=datetime.now(UTC) + timedelta(days=1))
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await service.handle(new_id).execute_update(contract.UPDATE_INTERVENE, argument)
    assert fragment in str(refused.value.cause)
    await service.client.abandon(new_id)


@pytest.mark.parametrize(
    ("correction", "fragment"),
    [
        pytest.param(
            {"headers": {"Authorization": f"Bearer {SECRET}"}},
            "Resend.headers: header 'authorization' looks like a credential",
            id="a credential in a header",
        ),
        pytest.param(
            {"signing_key": f"whsec_{SECRET * 5}"},
            "Resend.signing_key: it looks like a secret",
            id="a secret as a key's name",
        ),
    ],
)
async def test_the_update_refuses_what_policy_forbids(
    service: SkippedTime, new_id: str, correction: dict[str, Any], fragment: str
) -> None:
    service.target.answer(new_id, 404)
    await service.send(new_id)
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    argument = {"action": "resend", **correction}
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await service.handle(new_id).execute_update(contract.UPDATE_INTERVENE, argument)
    assert fragment.lower() in str(refused.value.cause).lower()
    assert SECRET not in str(refused.value.cause)
    state = await service.client.state(new_id)
    assert (state.status, state.interventions) == (Status.AWAITING_INTERVENTION, ())
    assert len(service.target.seen(new_id)) == 1


async def test_a_raw_signal_is_checked_for_its_shape_only(
    service: SkippedTime, new_id: str
) -> None:
    """Policy may change with a release, and a replay has to decide as the first run did."""
    service.target.answer(new_id, 404, 200)
    await service.send(new_id)
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    headers = {"Authorization": f"Bearer {SECRET}"}
    await service.handle(new_id).signal(contract.SIGNAL_RESEND, {"headers": headers})
    state = await service.client.outcome(new_id)
    assert (state.status, state.refused_interventions) == (Status.DELIVERED, ())
    assert SECRET not in state.model_dump_json()


async def test_without_a_worker_an_effect_is_unknown(
    idle_service: SkippedTime, new_id: str
) -> None:
    """Temporal may or may not hand the update to the next worker."""
    await idle_service.send(new_id)
    with pytest.raises(WorkerUnavailableError, match="may still take effect"):
        await idle_service.client.abandon(new_id)
