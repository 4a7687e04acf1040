"""Batches on the real server."""

import asyncio
import json
from typing import Final

import pytest

from tests.support.batches import COUNT, PERSON, UNKNOWN, counted, ended, following, get_stuck
from tests.support.service import Receiver, Service, until
from tidings import (
    BatchLimitError,
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
        assert (batch.completed, batch.failed, batch.remaining) == (half, 0, None)
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


async def test_one_that_runs_is_alone_and_is_stopped(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    """Temporal sends 50 signals a second, which leaves 6 s for the steps while it runs."""
    await get_stuck(client, f"{receiver.url}/404", new_id, 300)
    first = await client.resend_all(LI, type=new_id)
    assert first is not None
    async with asyncio.timeout(10):  # Temporal looks for others in what it lists
        while first.id not in [each.id async for each in client.batches()]:
            await asyncio.sleep(0.01)
    with pytest.raises(BatchLimitError, match=first.id):
        await client.resend_all(LI, type=new_id)
    assert (await client.stop_batch(first.id)).state is BatchState.STOPPED
    code, out, _ = await service.starter("batch", first.id, "--stop", "--json")
    assert (code, json.loads(out)["state"]) == (0, "stopped")
    with pytest.raises(BatchNotFoundError):
        await client.batch(UNKNOWN)
    async with asyncio.timeout(10):
        while [e for e in [b async for b in client.batches()] if e.state is BatchState.RUNNING]:
            await asyncio.sleep(0.05)
    assert sum(receiver.seen.values()) < 2 * 300
    code, _, err = await service.starter("batch", first.id, "--follow")
    assert (code, err) == (1, "")


async def test_each_validates_its_own_correction_and_records_a_refusal(
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
    assert (await ended(client, batch.id)).completed == 2
    assert (await until(client, taking, Status.DELIVERED)).refused_interventions == ()
    state = await client.state(refusing)
    assert state.status is Status.AWAITING_INTERVENTION
    assert "the correction breaks a rule" in state.refused_interventions[0].problem


async def test_a_rate_is_kept_to_on_average(
    client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    """Eight at two a second begin within four seconds, each at a random moment."""
    ids = await get_stuck(client, f"{receiver.url}/404", new_id, 8)
    batch = await client.resend_all(LI, type=new_id, rate=2)
    assert batch is not None
    await ended(client, batch.id)
    for each in ids:
        await receiver.wait_for(each, 2)
    states = [await until(client, each, Status.AWAITING_INTERVENTION) for each in ids]
    waits = [
        (state.attempts[-1].started_at - state.interventions[0].at).total_seconds()
        for state in states
    ]
    assert max(waits) < 5
    assert max(waits) - min(waits) > 0.5
