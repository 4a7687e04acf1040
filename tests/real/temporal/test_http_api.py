"""The service for other languages: over the HTTP API of Temporal."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from tests.support.service import Receiver, Service, until
from tidings import (
    Notification,
    NotificationClient,
    NotificationRejectedError,
    Status,
    contract,
)


async def post(service: Service, path: str, document: object, *, status: int = 200) -> str:
    """A call of Temporal's HTTP API, as another language makes it; the answer's text."""
    url = f"http://127.0.0.1:{service.ports[2]}/api/v1/namespaces/default/workflows/{path}"
    async with aiohttp.ClientSession() as session, session.post(url, json=document) as answer:
        text = await answer.text()
        assert answer.status == status, text
        return text


def start(*inputs: object) -> dict[str, Any]:
    return {
        "workflowType": {"name": contract.WORKFLOW_TYPE},
        "taskQueue": {"name": contract.TASK_QUEUE},
        "workflowIdReusePolicy": "WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE",
        "input": list(inputs),
    }


@pytest.mark.parametrize(
    ("inputs", "fragment"),
    [
        ([], "one argument"),
        ([None], "it is None"),
        ([{"id": "x"}], "is missing"),
        (["text"], "JSON object"),
        ([{"metadata": {"encoding": "d2VpcmQ="}, "data": "e30="}], "cannot be decoded"),
    ],
)
async def test_a_malformed_start_over_http_fails_with_the_reason(
    service: Service, client: NotificationClient, new_id: str, inputs: list[Any], fragment: str
) -> None:
    await post(service, contract.workflow_id(new_id), start(*inputs))
    async with asyncio.timeout(10):
        with pytest.raises(NotificationRejectedError) as rejected:
            await client.outcome(new_id)
    assert fragment in str(rejected.value)


async def test_a_start_and_a_signal_over_http_are_enough_to_use_it(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    document = Notification(id=new_id, type="test.sent", target=f"{receiver.url}/404").to_json()
    workflow_id = contract.workflow_id(new_id)
    await post(service, workflow_id, start(document))
    await until(client, new_id, Status.AWAITING_INTERVENTION)
    correction = {"operator": "li", "target": f"{receiver.url}/ok"}
    await post(service, f"{workflow_id}/signal/resend", {"input": [correction]})
    assert (await client.outcome(new_id)).status is Status.DELIVERED


async def test_the_same_id_over_http_is_not_sent_again(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    document = Notification(id=new_id, type="test.sent", target=f"{receiver.url}/ok").to_json()
    workflow_id = contract.workflow_id(new_id)
    await post(service, workflow_id, start(document))
    await client.outcome(new_id)
    answer = await post(service, workflow_id, start(document), status=409)
    assert json.loads(answer)["code"] == 6
    assert receiver.seen[new_id] == 1
