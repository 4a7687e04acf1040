"""Signatures of Standard Webhooks, as receivers verify them."""

from dataclasses import replace

import pytest
from pydantic import JsonValue
from standardwebhooks import Webhook

from tests.support.keys import (
    NEW,
    OLD,
    ORDERS,
    PRIVATE,
    REPORTS,
    KeyringFile,
    notification,
    signatures,
)
from tests.support.receiver import Received, Receiver
from tests.support.service import Service
from tests.support.states import until_status
from tidings import (
    FixedInterval,
    NotificationClient,
    Resend,
    Status,
    contract,
)

CITY = '{"城": "鄭州 🀄", "n": 1.50}\r\n'
TEXT = "text/plain; charset=utf-8"


def is_fresh(request: Received) -> bool:
    """True if it was signed just before it came; the timestamp has whole seconds."""
    age = request.at.timestamp() - int(request.headers["webhook-timestamp"])
    return -1 < age < 3


async def test_every_attempt_is_signed_anew_over_the_same_bytes(
    client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    await client.send(
        notification(
            new_id,
            f"{receiver.url}/503,503,200",
            body={"order": "1001", "城": [1.50, None]},
            retry=FixedInterval(interval=1.1, maximum_attempts=3),
        )
    )
    await until_status(client, new_id, Status.DELIVERED)
    requests = receiver.requests[new_id]
    for request in requests:
        document = Webhook(ORDERS.text).verify(request.body, request.headers)
        assert document == {"order": "1001", "城": [1.50, None]}
        assert not OLD.verifies(request), "it must not verify with another key"
        assert is_fresh(request)
    assert [each.headers["webhook-id"] for each in requests] == [new_id] * 3
    assert len({each.body for each in requests}) == 1
    timestamps = [int(each.headers["webhook-timestamp"]) for each in requests]
    assert timestamps == sorted(set(timestamps)), "they are at least a second apart"
    assert len({each.headers["webhook-signature"] for each in requests}) == 3


async def test_a_corrected_resend_is_signed_over_its_new_body(
    client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    await client.send(notification(new_id, f"{receiver.url}/404", body={"amount": 1}))
    await until_status(client, new_id, Status.AWAITING_INTERVENTION)
    await client.resend(new_id, Resend(target=f"{receiver.url}/ok", body={"amount": 2}))
    await until_status(client, new_id, Status.DELIVERED)
    wrong, right = receiver.requests[new_id]
    assert Webhook(ORDERS.text).verify(wrong.body, wrong.headers) == {"amount": 1}
    assert Webhook(ORDERS.text).verify(right.body, right.headers) == {"amount": 2}
    assert wrong.headers["webhook-id"] == right.headers["webhook-id"] == new_id
    assert is_fresh(right)


@pytest.mark.parametrize(
    ("body", "content_type", "sent"),
    [
        pytest.param(None, None, "", id="none"),
        pytest.param("", TEXT, "", id="empty text"),
        pytest.param(CITY, TEXT, CITY, id="text"),
        pytest.param("a.b.c", "application/xml", "a.b.c", id="dots"),
        pytest.param("城\r\n", None, '"城\\r\\n"', id="JSON string"),
        pytest.param(
            {"b": [1, -0.0], "a": "城"}, None, '{"b":[1,-0.0],"a":"城"}', id="JSON object"
        ),
    ],
)
async def test_both_kinds_of_keys_sign_the_exact_bytes(
    client: NotificationClient,
    receiver: Receiver,
    keyring: KeyringFile,
    new_id: str,
    body: JsonValue,
    content_type: str | None,
    sent: str,
) -> None:
    keyring.hold(new_id, ORDERS, PRIVATE)
    await client.send(
        notification(
            new_id,
            f"{receiver.url}/ok",
            body=body,
            content_type=content_type,
            signing_key=new_id,
        )
    )
    await until_status(client, new_id, Status.DELIVERED)
    (request,) = receiver.requests[new_id]
    assert request.body == sent.encode()
    assert [each.partition(",")[0] for each in signatures(request)] == ["v1", "v1a"]
    assert ORDERS.verifies(request)
    assert PRIVATE.verifies(request)
    for changed in (request.body + b" ", request.body[:-1] or b"."):
        other = replace(request, body=changed)
        assert not ORDERS.verifies(other)
        assert not PRIVATE.verifies(other)


async def test_a_private_key_signs_alone(
    client: NotificationClient,
    receiver: Receiver,
    keyring: KeyringFile,
    new_id: str,
) -> None:
    keyring.hold(new_id, PRIVATE)
    await client.send(
        notification(
            new_id,
            f"{receiver.url}/503,200",
            body={"n": 1},
            signing_key=new_id,
            retry=FixedInterval(interval=1.1, maximum_attempts=2),
        )
    )
    await until_status(client, new_id, Status.DELIVERED)
    first, second = receiver.requests[new_id]
    for request in (first, second):
        (signature,) = signatures(request)
        assert signature.startswith("v1a,")
        assert PRIVATE.verifies(request)
    assert signatures(first) != signatures(second)


async def test_without_a_signing_key_there_is_no_signature(
    client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    await client.send(notification(new_id, f"{receiver.url}/ok", signing_key=None))
    await until_status(client, new_id, Status.DELIVERED)
    (request,) = receiver.requests[new_id]
    assert request.headers["webhook-id"] == new_id
    assert "webhook-signature" not in request.headers


async def test_reports_are_signed_with_a_key_of_their_own(
    client: NotificationClient,
    receiver: Receiver,
    keyring: KeyringFile,
    new_id: str,
) -> None:
    keyring.hold(new_id, REPORTS)
    await client.send(
        notification(
            new_id,
            f"{receiver.url}/404",
            report_to=f"{receiver.url}/ok",
            report_signing_key=new_id,
        )
    )
    await receiver.wait_for(contract.report_id(new_id, 1))
    await client.resend(new_id, Resend(target=f"{receiver.url}/ok"))
    await receiver.wait_for(contract.report_id(new_id, 2))
    for number, status in (1, "awaiting_intervention"), (2, "delivered"):
        (request,) = receiver.requests[contract.report_id(new_id, number)]
        document = Webhook(REPORTS.text).verify(request.body, request.headers)
        assert document["data"]["status"] == status
        assert not ORDERS.verifies(request)
    assert all(ORDERS.verifies(each) for each in receiver.requests[new_id])


async def test_a_key_is_named_on_the_command_line(
    service: Service,
    client: NotificationClient,
    receiver: Receiver,
    keyring: KeyringFile,
    new_id: str,
) -> None:
    keyring.hold(new_id, NEW)
    sent = await service.starter(
        *("send", "--id", new_id, "--type", "test.signed", "--target", f"{receiver.url}/404,200"),
        *("--body", "1", "--signing-key", "orders"),
    )
    assert sent == (0, f"{new_id}: accepted\n", "")
    await until_status(client, new_id, Status.AWAITING_INTERVENTION)
    code, _, err = await service.starter(
        *("resend", new_id, "--operator", "li", "--reason", "they have another key"),
        *("--signing-key", new_id),
    )
    assert (code, err) == (0, "")
    state = await until_status(client, new_id, Status.DELIVERED)
    (change,) = state.interventions[0].changes
    assert (change.field, change.before, change.after) == ("signing_key", "'orders'", f"'{new_id}'")
    first, second = receiver.requests[new_id]
    assert ORDERS.verifies(first)
    assert not ORDERS.verifies(second)
    assert NEW.verifies(second)
