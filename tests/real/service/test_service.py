"""The deaths that the service has to survive."""

import asyncio
import os
import signal
import time
from pathlib import Path
from typing import Any

from tests.support.receiver import Receiver
from tests.support.service import Service, free_ports, is_listening
from tests.support.states import until_status
from tests.support.until import until
from tidings import (
    FixedInterval,
    Notification,
    Resend,
    Status,
    TemporalUnavailableError,
    contract,
)


def notification(notification_id: str, target: str, **fields: Any) -> Notification:
    return Notification(id=notification_id, type="test.sent", target=target, **fields)


async def test_a_worker_that_is_killed_in_an_attempt_loses_nothing(
    own_service: Service, receiver: Receiver, new_id: str
) -> None:
    """Its embedded server dies with it, and both go on with the same database."""
    async with own_service.worker() as worker:
        client = await own_service.client()
        retry = FixedInterval(interval=1, maximum_attempts=5)
        held = notification(new_id, f"{receiver.url}/hold", timeout=1, retry=retry)
        await client.send(held)
        await receiver.wait_for(new_id)
        await worker.kill()
    receiver.release.set()
    async with own_service.worker():
        client = await own_service.client()
        state = await client.outcome(new_id)
        assert not (await client.send(held)).created
    assert state.status is Status.DELIVERED
    assert state.attempts[0].failure == "interrupted"
    assert len(state.attempts) == receiver.seen[new_id]


async def test_a_restart_keeps_to_the_schedule(
    own_service: Service, receiver: Receiver, new_id: str
) -> None:
    """A server that restarts may hand an activity out too early; the attempt waits instead."""
    retry = FixedInterval(interval=600, maximum_attempts=3)
    ids = [f"{new_id}/{number}" for number in range(5)]
    for death in (signal.SIGTERM, signal.SIGKILL, signal.SIGTERM):
        async with own_service.worker() as worker:
            client = await own_service.client()
            for each in ids:
                await client.send(notification(each, f"{receiver.url}/503", retry=retry))
                await receiver.wait_for(each)
            worker.send(death)
            await worker.ended()
    async with own_service.worker():
        client = await own_service.client()
        await asyncio.sleep(2)  # an attempt that comes too early would come in this time
        states = [await client.state(each) for each in ids]
        assert [receiver.seen[each] for each in ids] == [1] * len(ids)
        for state in states:
            assert (state.status, len(state.attempts)) == (Status.DELIVERING, 1)
            assert state.next_attempt_at is not None
            waits = state.next_attempt_at - state.attempts[0].started_at
            assert abs(waits.total_seconds() - 600) < 2
        await client.abandon(ids[0])
        assert (await client.outcome(ids[0])).attempt_count == 1


async def test_a_resend_survives_the_death_of_its_worker(
    own_service: Service, receiver: Receiver, new_id: str
) -> None:
    """The worker is killed with an attempt in flight, just after the resend came."""
    async with own_service.worker() as worker:
        client = await own_service.client()
        await client.send(notification(new_id, f"{receiver.url}/hold", timeout=1))
        await receiver.wait_for(new_id)
        await client.resend(new_id)
        await worker.kill()
    receiver.release.set()
    async with own_service.worker():
        state = await (await own_service.client()).outcome(new_id)
    assert state.status is Status.DELIVERED
    assert [each.number for each in state.attempts] == [1, 2]


async def test_a_round_that_died_does_not_send_after_an_intervention(
    own_service: Service, receiver: Receiver, new_id: str
) -> None:
    """One is abandoned and one resent to another target, both with an attempt in flight."""
    retry = FixedInterval(interval=0.1, maximum_attempts=5)
    abandoned, resent = f"{new_id}/abandoned", f"{new_id}/resent"
    async with own_service.worker() as worker:
        client = await own_service.client()
        for each in (abandoned, resent):
            held = notification(each, f"{receiver.url}/hold", timeout=1, retry=retry)
            await client.send(held)
            await receiver.wait_for(each)
        await client.abandon(abandoned)
        await client.resend(resent, Resend(target=f"{receiver.url}/ok"))
        await worker.kill()
    receiver.release.set()
    async with own_service.worker():
        client = await own_service.client()
        states = [await client.outcome(each) for each in (abandoned, resent)]
    assert [state.status for state in states] == [Status.ABANDONED, Status.DELIVERED]
    assert [state.target for state in states] == [f"{receiver.url}/hold", f"{receiver.url}/ok"]
    assert [(each.round, each.failure) for each in states[0].attempts] == [(1, "interrupted")]
    assert [(each.round, each.failure) for each in states[1].attempts] == [
        (1, "interrupted"),
        (2, None),
    ]
    assert [receiver.seen[each] for each in (abandoned, resent)] == [1, 2]


async def test_a_report_arrives_although_everything_was_down(
    own_service: Service, receiver: Receiver, new_id: str
) -> None:
    """The business system is down first; then the worker is killed; then both come back."""
    (port,) = free_ports(1)
    async with own_service.worker() as worker:
        client = await own_service.client()
        report_to = f"http://127.0.0.1:{port}/ok"
        await client.send(notification(new_id, f"{receiver.url}/404", report_to=report_to))
        await until_status(client, new_id, Status.AWAITING_INTERVENTION)
        await worker.logged("delivery.attempted", 2)
        await worker.kill()
    async with Receiver().running(port) as business_system, own_service.worker():
        client = await own_service.client()
        report_id = contract.report_id(new_id, 1)
        state = await client.outcome(report_id)
        assert state.status is Status.DELIVERED
        assert business_system.seen[report_id] == 1
        assert (await client.state(new_id)).reports[0].id == report_id


async def test_the_embedded_server_does_not_outlive_a_killed_worker(own_service: Service) -> None:
    async with own_service.worker() as worker:
        await worker.kill()
    await until(lambda: not is_listening(own_service.ports[0]), within=10)


async def test_a_stop_lets_the_attempt_in_flight_end(
    own_service: Service, receiver: Receiver, new_id: str
) -> None:
    async with own_service.worker() as worker:
        client = await own_service.client()
        await client.send(notification(new_id, f"{receiver.url}/hold"))
        await receiver.wait_for(new_id)
        worker.send(signal.SIGTERM)
        await worker.logged("worker.stopping")
        receiver.release.set()
        assert await worker.ended() == 0
        (attempt,) = [each for each in worker.lines() if each["event"] == "delivery.attempted"]
        assert attempt["verdict"] == "acknowledged"
    async with own_service.worker():
        state = await (await own_service.client()).outcome(new_id)
    assert (state.status, len(state.attempts)) == (Status.DELIVERED, 1)
    assert receiver.seen[new_id] == 1


async def test_ctrl_c_stops_it_without_a_traceback(own_service: Service) -> None:
    async with own_service.worker() as worker:
        worker.send(signal.SIGINT)
        assert await worker.ended() == 0
    assert "Traceback" not in worker.log.read_text()
    assert not is_listening(own_service.ports[0])


async def test_a_server_that_dies_ends_the_worker_with_an_error(own_service: Service) -> None:
    async with own_service.worker() as worker:
        os.kill(_child(worker.process.pid, "temporal"), signal.SIGKILL)
        assert await worker.ended() == 1
        (stopping,) = [each for each in worker.lines() if each["event"] == "worker.stopping"]
    assert stopping["because_of"] == ["the embedded server"]


async def test_sending_without_a_server_fails_within_ten_seconds(
    own_service: Service, new_id: str
) -> None:
    async with own_service.worker():
        client = await own_service.client()
    began = time.monotonic()
    many = [notification(f"{new_id}/{n}", "http://target.test/") for n in range(100)]
    results = await client.send_many(many, concurrency=2)
    assert time.monotonic() - began < 10
    assert [each.id for each in results] == [each.id for each in many]
    for each in results:
        assert isinstance(each.error, TemporalUnavailableError)
        assert own_service.address in str(each.error)


async def test_a_slow_target_delays_no_other(
    own_service: Service, receiver: Receiver, new_id: str
) -> None:
    """At 4 attempts a time, 300 to a slow target wait when 10 to a fast one come."""
    slow = [notification(f"{new_id}/slow/{n}", f"{receiver.url}/slow/0.2") for n in range(300)]
    fast = [
        notification(f"{new_id}/fast/{n}", f"{receiver.url.replace('127.0.0.1', 'localhost')}/ok")
        for n in range(10)
    ]
    async with own_service.worker(TIDINGS_CONCURRENCY="4"):
        client = await own_service.client()
        await client.send_many(slow, concurrency=50)
        began = len(receiver.order)
        await client.send_many(fast, concurrency=10)
        for each in fast:
            await client.outcome(each.id)
        overtaken = sum("/slow/" in each for each in receiver.order[began:])
        assert len(receiver.order) < 200, "the slow target was done first, so this shows nothing"
    assert overtaken < 80


def _child(pid: int, name: str) -> int:
    """Returns the id of the child process ``name``."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    (found,) = [
        int(child) for child in children if Path(f"/proc/{child}/comm").read_text().strip() == name
    ]
    return found
