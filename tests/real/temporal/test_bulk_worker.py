"""Batches and the workers that carry them out: one that comes later, and one that is killed."""

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.support.batches import ended, get_stuck
from tests.support.receiver import Receiver
from tests.support.service import Service
from tests.support.until import until
from tidings import Batch, BatchState, NotificationClient, Resend, Status
from tidings.temporal.embedded import binary

LI = Resend(operator="li", reason="it is up again")


@pytest.fixture
async def address() -> AsyncIterator[str]:
    """The address of a server that runs without a worker, as a Temporal cluster does."""
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(binary()), dev_server_log_level="error"
    ) as server:
        yield server.client.service_client.config.target_host


async def test_a_batch_waits_for_a_worker(
    own_service: Service, address: str, receiver: Receiver
) -> None:
    client = await NotificationClient.connect(address)
    async with own_service.worker(embedded=False, TEMPORAL_ADDRESS=address):
        ids = await get_stuck(client, f"{receiver.url}/404,200", "a.stuck", 3)
    batch = await client.resend_all(LI, type="a.stuck")
    assert batch is not None
    found = await client.batch(batch.id)
    assert (found.state, found.remaining, found.resolved) == (BatchState.RUNNING, 3, 0)
    assert found == batch.model_copy(update={"started_at": found.started_at})
    async with own_service.worker(embedded=False, TEMPORAL_ADDRESS=address):
        done = await ended(client, batch.id)
        assert (done.state, done.resolved, done.remaining) == (BatchState.COMPLETED, 3, 0)
        assert {(await client.outcome(each)).status for each in ids} == {Status.DELIVERED}


async def test_a_batch_that_waits_for_a_worker_can_be_stopped(
    own_service: Service, address: str, receiver: Receiver
) -> None:
    client = await NotificationClient.connect(address)
    async with own_service.worker(embedded=False, TEMPORAL_ADDRESS=address):
        await get_stuck(client, f"{receiver.url}/404,200", "a.stuck", 2)
    batch = await client.resend_all(LI, type="a.stuck")
    assert batch is not None
    assert (await client.stop_batch(batch.id)).state is BatchState.RUNNING  # nobody can stop it yet
    async with own_service.worker(embedded=False, TEMPORAL_ADDRESS=address):
        done = await ended(client, batch.id)
        assert (done.state, done.resolved, done.remaining) == (BatchState.STOPPED, 0, 2)
    assert set(receiver.seen.values()) == {1}


async def test_a_batch_goes_on_after_its_worker_was_killed(
    own_service: Service, address: str, receiver: Receiver
) -> None:
    """Each notification takes one resend, and is counted once.

    Those that were resent just before the end, and not yet counted, have left the filter. The
    page that the batch has noted still has them.
    """
    client = await NotificationClient.connect(address)
    async with own_service.worker(embedded=False, TEMPORAL_ADDRESS=address) as worker:
        ids = await get_stuck(client, f"{receiver.url}/404,200", "a.stuck", 40)
        batch = await client.resend_all(LI, type="a.stuck", rate=10)
        assert batch is not None

        async def has_begun() -> Batch | None:
            found = await client.batch(batch.id)
            return found if found.resolved > 5 else None

        await until(has_begun)
        await worker.kill()
    async with own_service.worker(embedded=False, TEMPORAL_ADDRESS=address):
        done = await ended(client, batch.id)
        assert (done.state, done.failed, done.remaining) == (BatchState.COMPLETED, 0, 0)
        assert (done.resolved, done.refused) == (40, 0)
        states = [await client.outcome(each) for each in ids]
    assert {state.status for state in states} == {Status.DELIVERED}
    assert {len(state.interventions) for state in states} == {1}
