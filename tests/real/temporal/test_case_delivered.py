"""Case 8: what was delivered is sent again under its id, by intent."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from tests.support.batches import PERSON, counted, ended
from tests.support.receiver import Receiver
from tests.support.sent import listed, send_ended
from tests.support.service import Service
from tests.support.until import until
from tidings import (
    Abandon,
    Correct,
    InterventionRefusedError,
    Notification,
    NotificationClient,
    NotificationConflictError,
    Resend,
    Status,
)

AGAIN: Final = Resend(operator="li", reason="the target lost its data", even_if_delivered=True)


async def until_once(client: NotificationClient, type_: str, count: int) -> None:
    """Waits until lists show each once: Temporal deletes the earlier runs with a delay."""

    async def once() -> bool:
        found = [each async for each in client.list(type=type_)]
        return len(found) == count == await client.count(type=type_)

    await until(once)


async def test_case_8_a_delivered_one_is_sent_again(
    client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    sent = Notification(id=new_id, type=new_id, target=f"{receiver.url}/ok", body={"order": 1})
    await client.send(sent)
    first = await client.outcome(new_id)
    again = await client.resend(new_id, AGAIN)
    assert [each.action for each in again.interventions] == ["resend"]
    assert again.accepted_at == first.accepted_at
    await receiver.wait_for(new_id, 2)
    state = await client.outcome(new_id)
    assert (state.status, state.round) == (Status.DELIVERED, 2)
    assert [each.number for each in state.attempts] == [1, 2]
    assert [each.round for each in state.attempts] == [1, 2]
    assert state.attempts[0] == first.attempts[0]
    assert (state.interventions[0].operator, state.interventions[0].reason) == (
        "li",
        "the target lost its data",
    )
    before, after = receiver.requests[new_id]
    assert before.body == after.body
    assert before.headers["webhook-id"] == after.headers["webhook-id"] == new_id
    await until_once(client, new_id, 1)
    (summary,) = await listed(client, new_id, 1)
    assert (summary.status, summary.accepted_at) == (Status.DELIVERED, first.accepted_at)

    # The id still belongs to the content that it was sent with, however often it is sent again.
    assert not (await client.send(sent)).created
    with pytest.raises(NotificationConflictError, match="another body"):
        await client.send(sent.model_copy(update={"body": {"order": 2}}))
    third = await client.resend(new_id, AGAIN.model_copy(update={"body": {"order": 3}}))
    assert [change.field for change in third.interventions[-1].changes] == ["body"]
    await receiver.wait_for(new_id, 3)
    await client.outcome(new_id)
    assert not (await client.send(sent)).created
    assert receiver.requests[new_id][2].body == b'{"order":3}'
    await until_once(client, new_id, 1)
    corrected = await client.resend(new_id, AGAIN)
    assert len(corrected.interventions) == 3
    await receiver.wait_for(new_id, 4)
    assert receiver.requests[new_id][3].body == b'{"order":3}'
    assert (await client.outcome(new_id)).attempt_count == 4


async def test_case_8_without_intent_it_is_refused(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    delivered, abandoned = f"{new_id}/delivered", f"{new_id}/abandoned"
    await send_ended(client, [delivered], new_id, receiver)
    late = datetime.now(UTC) + timedelta(days=1)
    given_up = Notification(id=abandoned, type=new_id, target=f"{receiver.url}/ok", not_before=late)
    await client.send(given_up)
    await client.abandon(abandoned)
    await client.outcome(abandoned)
    other_intent = Resend(even_if_abandoned=True)
    for action in (
        Resend(),
        other_intent,
        Resend(target=f"{receiver.url}/ok", even_if_expired=True),
    ):
        with pytest.raises(
            InterventionRefusedError, match=r"is delivered; .* set even_if_delivered"
        ):
            await client.resend(delivered, action)
    with pytest.raises(InterventionRefusedError, match=r"is abandoned; .* set even_if_abandoned"):
        await client.resend(abandoned, AGAIN)
    for call in (
        client.correct(delivered, Correct(timeout=5)),
        client.abandon(delivered, Abandon(operator="li")),
    ):
        with pytest.raises(
            InterventionRefusedError, match="it can only be resent, with even_if_del"
        ):
            await call
    for each, option in ((delivered, "--delivered"), (abandoned, "--abandoned")):
        code, out, err = await service.starter("resend", each, *PERSON)
        assert (code, out, err.count("\n")) == (1, "", 1)
        assert f"to send it again all the same, add {option}" in err
        code, _, err = await service.starter("abandon", each, *PERSON)
        assert (code, f"it can only be resent, with {option}" in err) == (1, True)
    assert (receiver.seen[delivered], receiver.seen[abandoned]) == (1, 0)

    code, _, err = await service.starter("resend", abandoned, "--abandoned", *PERSON)
    assert code == 0, err
    assert (await client.outcome(abandoned)).status is Status.DELIVERED
    assert datetime.now(UTC) < late


async def test_case_8_a_period_of_a_target_is_sent_again(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    early, late = (
        [f"{new_id}/early/{n}" for n in range(2)],
        [f"{new_id}/late/{n}" for n in range(3)],
    )
    await send_ended(client, early, f"{new_id}.early", receiver)
    since = datetime.now(UTC)
    await send_ended(client, late, f"{new_id}.late", receiver)
    until_ = datetime.now(UTC) + timedelta(seconds=1)
    batch = await client.resend_all(AGAIN, target=receiver.url, since=since, until=until_)
    assert batch is not None
    done = await ended(client, batch.id)
    assert (done.total, done.resolved, done.refused, done.failed) == (3, 3, 0, 0)
    for each in late:
        await receiver.wait_for(each, 2)
        state = await client.outcome(each)
        assert (state.round, state.interventions[0].batch) == (2, batch.id)
    await counted(client, 3, type=f"{new_id}.late", status=Status.DELIVERED)
    await until_once(client, f"{new_id}.late", 3)
    assert {each: receiver.seen[each] for each in early} == dict.fromkeys(early, 1)

    period = ("--since", since.isoformat(), "--until", until_.isoformat())
    code, out, err = await service.starter(
        *("resend", "--delivered", "--target", receiver.url, *period, "--yes", *PERSON)
    )
    assert (code, "resolved: 3\n" in out) == (0, True), err
    assert "3 notifications: delivered\n" in out
    for each in late:
        await receiver.wait_for(each, 3)
        assert (await client.outcome(each)).round == 3
    await until_once(client, f"{new_id}.late", 3)
    code, out, _ = await service.starter("count", "--type", f"{new_id}.late", "--json")
    assert (code, '"delivered": 3' in out) == (0, True)
    code, out, _ = await service.starter("export", *period, "--id-prefix", new_id)
    assert sorted(line.split('"')[3] for line in out.splitlines()) == late


async def test_case_8_two_at_once_send_it_once(
    client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    await client.send(Notification(id=new_id, type=new_id, target=f"{receiver.url}/200,hold"))
    await client.outcome(new_id)
    target = {"target": f"{receiver.url}/hold"}
    calls = (client.resend(new_id, AGAIN.model_copy(update=target)) for _ in range(4))
    results = await asyncio.gather(*calls, return_exceptions=True)
    taken = [each for each in results if not isinstance(each, InterventionRefusedError)]
    assert taken, results
    receiver.release.set()
    state = await client.outcome(new_id)
    assert state.status is Status.DELIVERED
    assert state.attempts[0].number == 1
    await until_once(client, new_id, 1)


async def test_case_8_a_killed_one_can_be_sent_again(
    client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    """Somebody has terminated its workflow in the Web UI."""
    await client.send(Notification(id=new_id, type=new_id, target=f"{receiver.url}/404,200"))
    await counted(client, 1, type=new_id, status=Status.AWAITING_INTERVENTION)
    await client._temporal.get_workflow_handle(f"notification:{new_id}").terminate()
    with pytest.raises(InterventionRefusedError, match="set even_if_abandoned"):
        await client.resend(new_id)
    again = await client.resend(new_id, Resend(operator="li", even_if_abandoned=True))
    assert again.complete
    state = await client.outcome(new_id)
    assert (state.status, state.attempt_count, state.complete) == (Status.DELIVERED, 2, True)
