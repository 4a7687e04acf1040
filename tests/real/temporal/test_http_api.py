"""The service for other languages: over the HTTP API of Temporal."""

import asyncio
import hashlib
import hmac
import json
from base64 import b64encode
from typing import Any

import aiohttp
import pytest

from tests.support.receiver import Receiver
from tests.support.service import Service
from tests.support.states import until_status
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
    await until_status(client, new_id, Status.AWAITING_INTERVENTION)
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


# Numbers, and bytes.

TEXT = '{"b":1,"a":18446744073709551615,"c":1.0}'
"""JSON that Temporal's HTTP API itself would change: it sorts names, and numbers become doubles."""


async def delivered(service: Service, client: NotificationClient, document: dict[str, Any]) -> None:
    """Starts a notification over HTTP, and waits for its delivery."""
    await post(service, contract.workflow_id(document["id"]), start(document))
    async with asyncio.timeout(20):
        assert (await client.outcome(document["id"])).status is Status.DELIVERED


async def test_case_9_json_as_text_arrives_byte_for_byte(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    """The signature that a sender made over its own JSON still fits."""
    signature = hmac.new(b"key of the sender", TEXT.encode(), hashlib.sha256).hexdigest()
    document = {
        "id": new_id,
        "type": "test.sent",
        "target": f"{receiver.url}/ok",
        "body": TEXT,
        "content_type": "application/json",
        "headers": {"X-Signature": signature},
    }
    await delivered(service, client, document)
    (request,) = receiver.requests[new_id]
    assert request.body == TEXT.encode()
    assert request.headers["content-type"] == "application/json"
    received = hmac.new(b"key of the sender", request.body, hashlib.sha256).hexdigest()
    assert received == request.headers["x-signature"] == signature
    again = await client.send(Notification.model_validate(document))
    assert not again.created, "the same from Python is the same notification"


def payload(document: str) -> dict[str, Any]:
    """A payload whose bytes Temporal's HTTP API does not read."""
    metadata = {"encoding": b64encode(b"json/plain").decode()}
    return {"metadata": metadata, "data": b64encode(document.encode()).decode()}


async def test_case_9_a_raw_payload_keeps_its_numbers(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    head = f'{{"id":"{new_id}","type":"test.sent","target":"{receiver.url}/ok","body":'
    await post(service, contract.workflow_id(new_id), start(payload(f"{head}{TEXT}}}")))
    async with asyncio.timeout(20):
        assert (await client.outcome(new_id)).status is Status.DELIVERED
    assert receiver.requests[new_id][0].body == TEXT.encode()


async def test_case_13_a_fraction_that_would_change_is_refused(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    document = f'{{"id":"{new_id}","type":"t","target":"{receiver.url}/ok","body":{{"a":1e400}}}}'
    await post(service, contract.workflow_id(new_id), start(payload(document)))
    async with asyncio.timeout(20):
        with pytest.raises(NotificationRejectedError, match=r"body\.a is 1e400") as rejected:
            await client.outcome(new_id)
    assert "content_type application/json" in str(rejected.value)
    assert receiver.seen[new_id] == 0


async def test_case_25_bytes_are_sent_over_http_as_base64(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    document = {
        "id": new_id,
        "type": "test.sent",
        "target": f"{receiver.url}/ok",
        "body_base64": "H4sIAP8=",
        "content_type": "application/gzip",
        "signing_key": "orders",
    }
    await delivered(service, client, document)
    (request,) = receiver.requests[new_id]
    assert request.body == bytes([0x1F, 0x8B, 0x08, 0x00, 0xFF])
    assert request.headers["content-type"] == "application/gzip"
    assert request.headers["webhook-signature"].startswith("v1,")


async def test_case_17_a_get_is_delivered_by_its_answer(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    document = {
        "id": new_id,
        "type": "test.sent",
        "target": f"{receiver.url}/ok?key=1",
        "method": "GET",
        "body": {"trade_no": "1001", "money": "12.50"},
        "acknowledgement": {"body_equals": "success"},
    }
    await delivered(service, client, document)
    (request,) = receiver.requests[new_id]
    assert request.body == b""
    assert "content-type" not in request.headers
