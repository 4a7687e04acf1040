"""Workers that die in the fast lane: nothing is lost, and no schedule is exceeded."""

import asyncio
import signal
from collections.abc import AsyncIterator

import pytest

from tests.support.receiver import Receiver
from tests.support.service import Process, Service
from tests.support.states import until_status
from tests.support.until import until
from tidings import FixedInterval, Notification, NotificationClient, NotificationState, Status

ONCE = FixedInterval(interval=1, maximum_attempts=1)
TWICE = FixedInterval(interval=1, maximum_attempts=2)
MANY = FixedInterval(interval=0.2, maximum_attempts=10)


@pytest.fixture
async def target() -> AsyncIterator[Receiver]:
    """A receiver whose host and port no other test makes quick."""
    async with Receiver().running() as target:
        yield target


def notification(notification_id: str, url: str, retry: FixedInterval) -> Notification:
    return Notification(id=notification_id, type="test.sent", target=url, retry=retry, timeout=2)


async def make_quick(client: NotificationClient, target: Receiver, id_: str) -> None:
    """Lets the worker see that the target acknowledges quickly."""
    await client.send(notification(f"{id_}/quick", f"{target.url}/ok", ONCE))
    await client.outcome(f"{id_}/quick")


async def in_the_fast_lane(client: NotificationClient, target: Receiver, id_: str) -> None:
    """Has an attempt in flight; no activity is pending, so it is in the fast lane."""
    await target.wait_for(id_)
    handle = client._temporal.get_workflow_handle(f"notification:{id_}")
    assert not (await handle.describe()).raw_description.pending_activities


def agrees(state: NotificationState, target: Receiver, retry: FixedInterval) -> None:
    """Every request is on record, and the schedule is kept."""
    assert target.seen[state.id] <= state.attempt_count <= retry.maximum_attempts


async def test_between_request_and_answer(
    own_service: Service, target: Receiver, new_id: str
) -> None:
    """One has no attempt left, and one has another."""
    once, twice = f"{new_id}/once", f"{new_id}/twice"
    async with own_service.worker() as worker:
        client = await own_service.client()
        await make_quick(client, target, new_id)
        for each, retry in ((once, ONCE), (twice, TWICE)):
            await client.send(notification(each, f"{target.url}/hold", retry))
            await in_the_fast_lane(client, target, each)
        await worker.kill()
    target.release.set()
    async with own_service.worker():
        client = await own_service.client()
        stuck = await until_status(client, once, Status.AWAITING_INTERVENTION)
        delivered = await client.outcome(twice)
        assert (stuck.reason, stuck.cause) == ("exhausted", "interrupted")
        assert delivered.status is Status.DELIVERED
        assert [each.failure for each in delivered.attempts] == ["interrupted", None]
        assert (target.seen[once], target.seen[twice]) == (1, 2)
        await client.resend(once)
        assert (await client.outcome(once)).status is Status.DELIVERED


@pytest.mark.parametrize("is_known", [True, False], ids=["known", "unknown"])
async def test_after_its_task_was_prolonged(
    own_service: Service,
    target: Receiver,
    new_id: str,
    is_known: bool,  # noqa: FBT001 -- a table
) -> None:
    """A later try begins as if it were the first, at a worker that knows the target or not."""
    held = Notification(
        id=new_id, type="test.sent", target=f"{target.url}/hold", retry=ONCE, timeout=30
    )
    async with own_service.worker() as worker:
        client = await own_service.client()
        await make_quick(client, target, new_id)
        await client.send(held)
        await in_the_fast_lane(client, target, new_id)
        await asyncio.sleep(5)  # the task is prolonged meanwhile
        await worker.kill()
    target.release.set()
    async with own_service.worker():
        client = await own_service.client()
        if is_known:
            await make_quick(client, target, f"{new_id}/again")
        state = await until_status(client, new_id, Status.AWAITING_INTERVENTION)
        assert [each.failure for each in state.attempts] == ["interrupted"]
        assert target.seen[new_id] == 1
        await client.abandon(new_id)


async def test_a_stop_lets_the_fast_attempt_end(
    own_service: Service, target: Receiver, new_id: str
) -> None:
    async with own_service.worker() as worker:
        client = await own_service.client()
        await make_quick(client, target, new_id)
        await client.send(notification(new_id, f"{target.url}/slow/1.5", ONCE))
        await in_the_fast_lane(client, target, new_id)
        worker.send(signal.SIGTERM)
        assert await worker.ended() == 0
    async with own_service.worker():
        state = await (await own_service.client()).outcome(new_id)
    assert state.status is Status.DELIVERED
    assert [each.status_code for each in state.attempts] == [200]
    assert target.seen[new_id] == 1


async def test_two_workers_killed_in_turn_under_load(
    own_service: Service, target: Receiver, new_id: str
) -> None:
    """A worker with the server stays; two others die again and again while 300 are sent."""
    ids = [f"{new_id}/{number}" for number in range(300)]
    async with own_service.worker():
        client = await own_service.client()
        workers = [await own_service.start(embedded=False) for _ in range(2)]
        sending = asyncio.create_task(_send(client, target, ids))
        for kill in range(6):
            await asyncio.sleep(0.7)
            workers[kill % 2] = await _replace(own_service, workers[kill % 2])
        await sending
        async with asyncio.timeout(90):
            states = [await client.outcome(each) for each in ids]
        for worker in workers:
            worker.send(signal.SIGTERM)
            await worker.ended()
    assert {state.status for state in states} == {Status.DELIVERED}
    for state in states:
        agrees(state, target, MANY)


async def _send(client: NotificationClient, target: Receiver, ids: list[str]) -> None:
    for each in ids:
        await client.send(notification(each, f"{target.url}/ok", MANY))
        await asyncio.sleep(0.005)


async def _replace(service: Service, worker: Process) -> Process:
    """Kills a worker that has made an attempt, and starts another."""
    await until(lambda: _has_attempted(worker), what="the worker to make an attempt")
    await worker.kill()
    return await service.start(embedded=False)


def _has_attempted(worker: Process) -> bool:
    return any(line["event"] == "delivery.attempted" for line in worker.lines())
