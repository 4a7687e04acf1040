"""Batches on the real server."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from tests.support.batches import COUNT, PERSON, UNKNOWN, counted, ended, following, get_stuck
from tests.support.receiver import Receiver
from tests.support.service import Service
from tests.support.states import until_status
from tidings import (
    Abandon,
    BatchNotFoundError,
    BatchState,
    InvalidInputError,
    NotificationClient,
    Resend,
    Status,
    TemporalRequestError,
)

LI: Final = Resend(operator="li", reason="it is up again")


async def test_one_target_is_resent_once_though_the_command_dies(
    own_service: Service, receiver: Receiver
) -> None:
    half = COUNT // 2
    async with own_service.worker(), Receiver().running() as other:
        client = await own_service.client()
        mine, others = await asyncio.gather(
            get_stuck(client, f"{receiver.url}/404", "a.stuck", half),
            get_stuck(client, f"{other.url}/404", "b.stuck", half),
        )
        async with following(
            own_service,
            *("resend", "--target", receiver.url, "--new-target", f"{receiver.url}/ok"),
            *("--rate", "200", "--yes", *PERSON),
        ) as command:
            command.kill()
        (batch_id,) = [each.id async for each in client.batches()]
        batch = await ended(client, batch_id)
        assert (batch.action, batch.operator, batch.reason) == ("resend", "li", "it is up again")
        assert (batch.state, batch.total) == (BatchState.COMPLETED, half)
        assert (batch.resolved, batch.refused, batch.failed, batch.remaining) == (half, 0, 0, 0)
        assert batch.id.startswith("batch:resend-")
        await counted(client, half, status=Status.DELIVERED)
        await counted(client, half, status=Status.AWAITING_INTERVENTION, target=other.url)
        assert receiver.seen == dict.fromkeys(mine, 2)  # the 404, and the one resend
        assert other.seen == dict.fromkeys(others, 1)
        state = await client.state(mine[-1])
        assert [(each.operator, each.reason) for each in state.interventions] == [
            ("li", "it is up again")
        ]


async def test_no_condition_leaves_its_parentheses(
    client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    """Temporal itself would accept each of these and act on it."""
    await get_stuck(client, f"{receiver.url}/404", new_id, 2)
    for where in (
        "WorkflowId = 'no') OR (WorkflowId STARTS_WITH 'n'",
        "WorkflowId = 'no' /* ( */ ) OR (WorkflowId STARTS_WITH 'n' /* ) */",
        "WorkflowId = 'no') /* ( */ OR (WorkflowId STARTS_WITH 'n' /* ) */",
        "WorkflowId = 'no' -- ( \n ) OR (WorkflowId STARTS_WITH 'n' -- ) \n",
    ):
        with pytest.raises(InvalidInputError):
            await client.abandon_all(where=where, type=f"{new_id}.none")
    wide = "WorkflowId = ') OR (' OR WorkflowId STARTS_WITH 'n'"
    assert await client.abandon_all(where=wide, type=f"{new_id}.none") is None
    with pytest.raises(TemporalRequestError, match="syntax error"):
        await client.abandon_all(where="WorkflowId STARTS_WITH")
    assert await client.count(status=Status.AWAITING_INTERVENTION, type=new_id) == 2


async def test_two_run_at_once_and_one_is_stopped(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    slow, fast = f"{new_id}.slow", f"{new_id}.fast"
    await asyncio.gather(
        get_stuck(client, f"{receiver.url}/404", slow, 30),
        get_stuck(client, f"{receiver.url}/404", fast, 5),
    )
    first = await client.resend_all(LI, type=slow, rate=2)
    second = await client.resend_all(LI, type=fast)
    assert first is not None
    assert second is not None
    done = await ended(client, second.id)
    assert (done.state, done.resolved, done.remaining) == (BatchState.COMPLETED, 5, 0)
    assert (await client.batch(first.id)).state is BatchState.RUNNING
    assert {first.id, second.id} <= {each.id async for each in client.batches()}

    stopped = await client.stop_batch(first.id)
    assert stopped.state is BatchState.STOPPED
    assert 0 < stopped.remaining == 30 - stopped.resolved
    assert (stopped.refused, stopped.failed) == (0, 0)
    sent = sum(len(received) for id_, received in receiver.requests.items() if "slow" in id_)
    code, out, _ = await service.starter("batch", first.id, "--stop", "--json")
    assert (code, json.loads(out)["state"]) == (0, "stopped")
    code, _, err = await service.starter("batch", first.id, "--follow")
    assert (code, err) == (1, "")
    assert await client.batch(first.id) == stopped
    assert sum(len(each) for id_, each in receiver.requests.items() if "slow" in id_) == sent
    with pytest.raises(BatchNotFoundError):
        await client.batch(UNKNOWN)


async def test_each_validates_its_own_correction(
    client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    (refusing,) = await get_stuck(
        client, f"{receiver.url}/404", f"{new_id}.text", 1, body="x", content_type="text/plain"
    )
    (taking,) = await get_stuck(client, f"{receiver.url}/404", f"{new_id}.json", 1, body={})
    correction = Resend(operator="li", reason="b", body={"b": 1}, target=f"{receiver.url}/ok")
    batch = await client.resend_all(
        correction, where=f"NotificationType IN ('{new_id}.text', '{new_id}.json')", rate=50
    )
    assert batch is not None
    done = await ended(client, batch.id)
    assert (done.resolved, done.refused, done.failed, done.remaining) == (1, 1, 0, 0)
    assert "the correction breaks a rule" in f"{done.last_problem}"
    assert (await until_status(client, taking, Status.DELIVERED)).interventions[0].batch == batch.id
    state = await client.state(refusing)
    assert (state.status, state.interventions) == (Status.AWAITING_INTERVENTION, ())


async def test_a_rate_is_kept_to(
    client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    """Eight at four a second begin 0.25 s apart: never faster, though a busy machine is slower."""
    ids = await get_stuck(client, f"{receiver.url}/404", new_id, 8)
    batch = await client.resend_all(LI, type=new_id, rate=4)
    assert batch is not None
    assert (await ended(client, batch.id)).resolved == 8
    for each in ids:
        await receiver.wait_for(each, 2)
    states = [await client.state(each) for each in ids]
    begun = sorted(state.interventions[0].at for state in states)
    took = (begun[-1] - begun[0]).total_seconds()
    assert 1.6 < took < 6
    assert all((begun[n + 4] - begun[n]).total_seconds() > 0.8 for n in range(4))


async def test_ten_of_which_two_have_expired_are_counted(
    client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=4)
    expiring = await get_stuck(client, f"{receiver.url}/404,200", f"{new_id}.a", 2, expires_at=soon)
    await get_stuck(client, f"{receiver.url}/404,200", f"{new_id}.b", 8)
    await asyncio.sleep((soon - datetime.now(UTC)).total_seconds())
    batch = await client.resend_all(LI, target=receiver.url)
    assert batch is not None
    done = await ended(client, batch.id)
    assert (done.state, done.total) == (BatchState.COMPLETED, 10)
    assert (done.resolved, done.refused, done.failed, done.remaining) == (8, 2, 0, 0)
    assert "has expired (expires_at is " in f"{done.last_problem}"
    await counted(client, 8, status=Status.DELIVERED, target=receiver.url)
    assert {each: receiver.seen[each] for each in expiring} == dict.fromkeys(expiring, 1)


async def test_case_14b_what_was_resent_meanwhile_is_left_alone(
    client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    """The batch has begun, and a person resends one of those whose turn comes later."""
    ids = await get_stuck(client, f"{receiver.url}/404", new_id, 6)
    batch = await client.abandon_all(Abandon(operator="li"), type=new_id, rate=2)
    assert batch is not None
    last = ids[0]  # a list begins with the newest
    resent = await client.resend(last, Resend(operator="wang", target=f"{receiver.url}/hold"))
    assert resent.status is Status.DELIVERING
    done = await ended(client, batch.id)
    assert (done.resolved, done.refused, done.remaining) == (5, 1, 0)
    state = await client.state(last)
    assert (state.status, len(state.interventions)) == (Status.DELIVERING, 1)
    receiver.release.set()
    assert (await client.outcome(last)).status is Status.DELIVERED
    assert {(await client.outcome(each)).status for each in ids[1:]} == {Status.ABANDONED}
