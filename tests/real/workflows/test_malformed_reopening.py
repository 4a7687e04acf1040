"""No start with a story of its own, whatever its shape, makes a workflow hang."""

from datetime import timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowFailureError, WorkflowHandle
from temporalio.exceptions import ApplicationError

from tests.support.samples import state
from tests.support.skipped_time import SkippedTime
from tidings import NotificationConflictError, NotificationRejectedError, Status, contract

INTENT = {"even_if_delivered": True, "operator": "li"}
TARGET = "http://target.test/"


def story(notification_id: str, **fields: Any) -> dict[str, Any]:
    """The story of a delivered notification, with ``fields`` in its state."""
    notification = {
        "id": notification_id,
        "type": "test.sent",
        "target": TARGET,
        "body": {"n": 1},
        "report_to": "http://business.test/",
    }
    names = {name: notification[name] for name in ("id", "type", "target")}
    whole = state(**names, status="delivered", round=1).to_json()
    return {"notification": notification, "state": {**whole, **fields}}


async def started(
    service: SkippedTime, notification_id: str, *arguments: Any
) -> WorkflowHandle[Any, Any]:
    handle: WorkflowHandle[Any, Any] = await service.environment.client.start_workflow(
        contract.WORKFLOW_TYPE,
        args=arguments,
        id=contract.workflow_id(notification_id),
        task_queue=contract.TASK_QUEUE,
    )
    return handle


@pytest.mark.parametrize(
    ("fields", "resend", "fragment"),
    [
        pytest.param({}, None, "the resend has to be a JSON object", id="no resend"),
        pytest.param({}, {"traget": TARGET}, "'traget'", id="misspelt"),
        pytest.param({"id": "another"}, INTENT, "id, type and target", id="foreign id"),
        pytest.param({"status": "delivering"}, INTENT, "status is delivering", id="open"),
        pytest.param({"round": -5}, INTENT, "counts are", id="negative round"),
        pytest.param({"report_count": 10**40}, INTENT, "counts are", id="endless reports"),
        pytest.param({"explanation": "x" * 1_100_000}, INTENT, "1,000,000", id="too long"),
        pytest.param({"attempts": 5}, INTENT, "attempts is 5", id="no attempts"),
        pytest.param({"accepted_at": "2999-01-01T00:00:00Z"}, INTENT, "the past", id="future"),
    ],
)
async def test_a_malformed_story_fails_with_the_reason(
    service: SkippedTime, new_id: str, fields: dict[str, Any], resend: Any, fragment: str
) -> None:
    handle = await started(service, new_id, story(new_id, **fields), resend)
    with pytest.raises(WorkflowFailureError) as failed:
        await handle.result(rpc_timeout=timedelta(seconds=10))
    cause = failed.value.cause
    assert isinstance(cause, ApplicationError)
    assert (cause.type, fragment in cause.message) == (contract.FAILURE_INVALID, True)
    with pytest.raises(NotificationRejectedError, match="is not a notification"):
        await service.client.state(new_id)
    with pytest.raises(NotificationConflictError, match="malformed input"):
        await service.send(new_id, report_to="http://business.test/")
    assert not service.target.seen(new_id)


async def test_a_story_of_a_foreign_notification_fails(service: SkippedTime, new_id: str) -> None:
    handle = await started(service, new_id, story("another"), INTENT)
    with pytest.raises(WorkflowFailureError):
        await handle.result(rpc_timeout=timedelta(seconds=10))
    with pytest.raises(NotificationRejectedError, match="has to be 'notification:another'"):
        await service.client.state(new_id)


async def test_a_resend_without_intent_ends_as_it_was(service: SkippedTime, new_id: str) -> None:
    await started(service, new_id, story(new_id), {"operator": "li"})
    found = await service.client.outcome(new_id)
    assert (found.status, found.attempts, found.interventions) == (Status.DELIVERED, (), ())
    assert "set even_if_delivered" in found.refused_interventions[0].problem
    assert not service.target.seen(new_id)


@pytest.mark.parametrize(
    "run_id",
    [
        pytest.param("nonsense", id="no run id"),
        pytest.param("01a21580-0000-7000-8000-000000000000", id="unknown run"),
        pytest.param("x" * 100_000, id="too long"),
    ],
)
async def test_a_run_that_cannot_be_deleted_does_not_matter(
    service: SkippedTime, new_id: str, run_id: str
) -> None:
    await started(service, new_id, {**story(new_id), "earlier_run": run_id}, INTENT)
    found = await service.client.outcome(new_id)
    assert (found.status, [each.round for each in found.attempts]) == (Status.DELIVERED, [2])


async def test_signals_to_a_malformed_story_change_nothing(
    service: SkippedTime, new_id: str
) -> None:
    handle = await service.environment.client.start_workflow(
        contract.WORKFLOW_TYPE,
        args=[story(new_id, round=-1), INTENT],
        id=contract.workflow_id(new_id),
        task_queue=contract.TASK_QUEUE,
        start_signal=contract.SIGNAL_CORRECT,
        start_signal_args=[{"target": TARGET}],
    )
    with pytest.raises(WorkflowFailureError):
        await handle.result(rpc_timeout=timedelta(seconds=10))
