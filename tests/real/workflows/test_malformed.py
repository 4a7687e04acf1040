"""No input, whatever its shape, makes a workflow hang."""

import json
from datetime import timedelta
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload, Payloads, WorkflowExecution
from temporalio.api.update.v1 import Input, Meta, Request
from temporalio.api.workflowservice.v1 import UpdateWorkflowExecutionRequest
from temporalio.client import WorkflowFailureError
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from tests.support.skipped_time import SkippedTime
from tidings import NotificationConflictError, NotificationRejectedError, Resend, Status, contract


def raw(encoding: bytes, data: bytes) -> RawValue:
    """An argument as another language may encode it."""
    return RawValue(Payload(metadata={"encoding": encoding}, data=data))


UNREADABLE = {
    "no JSON": raw(b"json/plain", b"{not json"),
    "an unknown encoding": raw(b"weird/encoding", b"{}"),
    "bytes": raw(b"binary/plain", b"\xff\xfe"),
    "an unknown protobuf": raw(b"json/protobuf", b"{}"),
    "JSON that is not UTF-8": raw(b"json/plain", b'"\xff"'),
    "JSON too deep": raw(b"json/plain", b"[" * 100_000),
}
NO_OBJECTS: dict[str, Any] = {
    "a text": "payment-1001",
    "a number": 7,
    "a list": [{"id": "x"}],
    "null": None,
    **UNREADABLE,
}


def notification_json(**fields: Any) -> dict[str, Any]:
    return {"id": "x", "type": "a.b", "target": "http://target.test/", **fields}


@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [
        *(pytest.param([value], "", id=name) for name, value in NO_OBJECTS.items()),
        pytest.param([], "one argument", id="no argument"),
        pytest.param([notification_json(), {}], "one argument", id="two arguments"),
        pytest.param([{}], "Notification.id is missing", id="an empty object"),
        pytest.param([notification_json(target=None)], "target is None", id="a null target"),
        pytest.param([notification_json(retry="x")], "choose from", id="an unknown preset"),
        pytest.param([notification_json(body="x" * 1_048_600)], "1,048,576", id="too long a body"),
        pytest.param(
            [notification_json(signing_key="A" * 1_000_000)], "signing_key", id="too long a name"
        ),
        pytest.param([notification_json(id="a.b")], "'a.b'", id="an id with a dot"),
        pytest.param([notification_json(surprise=1)], "'surprise'", id="an unknown field"),
        pytest.param([notification_json()], "notification:x", id="the id of another workflow"),
    ],
)
async def test_a_malformed_start_fails_with_the_reason(
    service: SkippedTime, new_id: str, arguments: list[Any], fragment: str
) -> None:
    handle = await service.environment.client.start_workflow(
        contract.WORKFLOW_TYPE,
        args=arguments,
        id=contract.workflow_id(new_id),
        task_queue=contract.TASK_QUEUE,
    )
    with pytest.raises(WorkflowFailureError) as failed:
        await handle.result(rpc_timeout=timedelta(seconds=10))
    cause = failed.value.cause
    assert isinstance(cause, ApplicationError)
    assert cause.type == contract.FAILURE_INVALID
    assert fragment in cause.message
    assert len(cause.message) < 500
    with pytest.raises(NotificationRejectedError, match="is not a notification"):
        await service.client.state(new_id)
    with pytest.raises(NotificationConflictError):
        await service.send(new_id)


@pytest.mark.parametrize(
    "signal",
    [contract.SIGNAL_RESEND, contract.SIGNAL_CORRECT, contract.SIGNAL_ABANDON, "shout"],
)
async def test_no_malformed_signal_harms_a_notification(
    service: SkippedTime, new_id: str, signal: str
) -> None:
    """Each is recorded as refused. After that a good resend delivers the notification."""
    malformed: list[list[Any]] = [
        *([value] for name, value in NO_OBJECTS.items() if name != "null"),
        [{"surprise": 1}],
        [{"operator": 7}],
        [{"operator": ""}],
        [{}, {}],
        ["one", "two", "three"],
    ]
    service.target.answer(new_id, 404, 200)
    await service.send(new_id)
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    for arguments in malformed:
        await service.handle(new_id).signal(signal, args=arguments)
    state = await service.client.state(new_id)

    assert state.status is Status.AWAITING_INTERVENTION
    assert [each.signal for each in state.refused_interventions] == [signal] * len(malformed)
    assert all(each.problem for each in state.refused_interventions)
    await service.client.resend(new_id, Resend(operator="li"))
    assert (await service.client.outcome(new_id)).status is Status.DELIVERED


async def test_an_update_too_long_for_temporal_changes_nothing(
    service: SkippedTime, new_id: str
) -> None:
    """The server refuses it, because no workflow task with it could be completed."""
    service.target.answer(new_id, 404, 200)
    await service.send(new_id)
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    temporal = service.environment.client
    body = json.dumps({"action": "resend", "body": "x" * 2_500_000}).encode()
    update = UpdateWorkflowExecutionRequest(
        namespace=temporal.namespace,
        workflow_execution=WorkflowExecution(workflow_id=contract.workflow_id(new_id)),
        request=Request(
            meta=Meta(update_id="long"),
            input=Input(
                name=contract.UPDATE_INTERVENE,
                args=Payloads(payloads=[Payload(metadata={"encoding": b"json/plain"}, data=body)]),
            ),
        ),
    )
    with pytest.raises(RPCError, match="in-flight updates") as refused:
        await temporal.workflow_service.update_workflow_execution(update, retry=False)
    assert refused.value.status is RPCStatusCode.RESOURCE_EXHAUSTED
    assert (await service.client.state(new_id)).complete
    await service.client.resend(new_id, Resend(operator="li"))
    assert (await service.client.outcome(new_id)).status is Status.DELIVERED


async def test_a_signal_without_an_argument_resends_unchanged(
    service: SkippedTime, new_id: str
) -> None:
    service.target.answer(new_id, 404, 404, 200)
    await service.send(new_id)
    await service.until_attempts(new_id, 1)
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    await service.handle(new_id).signal(contract.SIGNAL_RESEND)
    await service.until_attempts(new_id, 2)
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    await service.handle(new_id).signal(contract.SIGNAL_RESEND, None)
    assert (await service.client.outcome(new_id)).status is Status.DELIVERED


async def test_a_malformed_start_is_known_as_such_at_once(
    service: SkippedTime, new_id: str
) -> None:
    """The state may be asked for before the workflow has failed."""
    handle = await service.environment.client.start_workflow(
        contract.WORKFLOW_TYPE,
        {},
        id=contract.workflow_id(new_id),
        task_queue=contract.TASK_QUEUE,
    )
    for _ in range(3):
        with pytest.raises(NotificationRejectedError, match=r"Notification\.id is missing"):
            await service.client.state(new_id)
    with pytest.raises(WorkflowFailureError):
        await handle.result(rpc_timeout=timedelta(seconds=10))


async def test_signals_to_a_malformed_start_change_nothing(
    service: SkippedTime, new_id: str
) -> None:
    handle = await service.environment.client.start_workflow(
        contract.WORKFLOW_TYPE,
        "no notification",
        id=contract.workflow_id(new_id),
        task_queue=contract.TASK_QUEUE,
        start_signal=contract.SIGNAL_RESEND,
        start_signal_args=[{"surprise": 1}],
    )
    with pytest.raises(WorkflowFailureError):
        await handle.result(rpc_timeout=timedelta(seconds=10))


async def test_a_start_with_plain_json_is_a_notification(service: SkippedTime, new_id: str) -> None:
    """Other languages send plain JSON, without search attributes and fairness key."""
    document = json.dumps(
        notification_json(
            id=new_id,
            type="from.elsewhere",
            target="http://elsewhere.test/",
            body={"n": 1},
            retry={"kind": "fixed", "interval": "PT5S", "maximum_attempts": 2},
        )
    )
    await service.environment.client.start_workflow(
        contract.WORKFLOW_TYPE,
        raw(b"json/plain", document.encode()),
        id=contract.workflow_id(new_id),
        task_queue=contract.TASK_QUEUE,
    )
    assert (await service.client.outcome(new_id)).status is Status.DELIVERED
    await service.until_listed({new_id}, status=Status.DELIVERED, type="from.elsewhere")
    await service.until_listed({new_id}, target="elsewhere.test:80")
