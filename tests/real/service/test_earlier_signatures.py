"""Signatures as an earlier system made them, which its receivers verify."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from tests.support.keys import EARLIER, IN_HEADER, IN_QUERY, LATER, KeyringFile, notification
from tests.support.receiver import Receiver
from tests.support.states import until_status
from tidings import FixedInterval, NotificationClient, Resend, Status

CITY = '{"城": "鄭州 🀄", "n": 1.50}\r\n'


async def test_case_17_a_header_of_an_earlier_system(
    client: NotificationClient, receiver: Receiver, keyring: KeyringFile, new_id: str
) -> None:
    """Every attempt is signed anew, over the bytes that came."""
    keyring.hold_table(new_id, EARLIER, IN_HEADER)
    await client.send(
        notification(
            new_id,
            f"{receiver.url}/503,503,200",
            body=CITY,
            content_type="text/plain",
            signing_key=new_id,
            retry=FixedInterval(interval=1.1, maximum_attempts=3),
        )
    )
    await until_status(client, new_id, Status.DELIVERED)
    requests = receiver.requests[new_id]
    for request in requests:
        assert EARLIER.verifies(request)
        assert not LATER.verifies(request), "it must not verify with another secret"
        assert not EARLIER.verifies(replace(request, body=request.body + b" "))
        assert -1 < request.at.timestamp() - int(request.headers["x-shop-timestamp"]) < 3
        assert request.headers["x-shop-timestamp"] == request.headers["webhook-timestamp"]
        assert request.headers["webhook-id"] == new_id
        assert "webhook-signature" not in request.headers
        assert request.url == "/503,503,200"
    assert {each.body for each in requests} == {CITY.encode()}
    assert len({each.headers["x-shop-signature"] for each in requests}) == 3


async def test_case_17_a_signature_in_the_query(
    client: NotificationClient, receiver: Receiver, keyring: KeyringFile, new_id: str
) -> None:
    """The query that was there before comes first, and each attempt has its own parameters."""
    keyring.hold_table(new_id, EARLIER, IN_QUERY)
    await client.send(
        notification(
            new_id,
            f"{receiver.url}/503,503,200?access_token=a%2fb%2B",
            signing_key=new_id,
            retry=FixedInterval(interval=0.1, maximum_attempts=3),
        )
    )
    state = await until_status(client, new_id, Status.DELIVERED)
    requests = receiver.requests[new_id]
    for request in requests:
        assert request.url.startswith("/503,503,200?access_token=a%2fb%2B&timestamp=")
        assert EARLIER.verifies(request)
        assert not LATER.verifies(request), "it must not verify with another secret"
        stamp = parse_qs(urlsplit(request.url).query)["timestamp"][0]
        assert -1 < request.at.timestamp() - int(stamp) / 1000 < 3
        assert "webhook-signature" not in request.headers
    assert len({each.url for each in requests}) == 3
    assert state.target.endswith("/503,503,200?access_token=a%2fb%2B")


async def test_a_signature_does_not_replace_a_senders_header(
    client: NotificationClient, receiver: Receiver, keyring: KeyringFile, new_id: str
) -> None:
    """Nothing is sent until a resend leaves the header out."""
    keyring.hold_table(new_id, EARLIER, IN_HEADER)
    await client.send(
        notification(
            new_id,
            f"{receiver.url}/ok",
            headers={"x-shop-signature": "ours"},
            signing_key=new_id,
            retry=FixedInterval(interval=0.1, maximum_attempts=1),
        )
    )
    state = await until_status(client, new_id, Status.AWAITING_INTERVENTION)
    assert state.attempts[0].failure == "unsigned"
    assert "leave it out of Notification.headers" in state.attempts[0].explanation
    assert not receiver.seen[new_id]
    await client.resend(new_id, Resend(headers={}))
    await until_status(client, new_id, Status.DELIVERED)
    assert EARLIER.verifies(receiver.requests[new_id][0])
