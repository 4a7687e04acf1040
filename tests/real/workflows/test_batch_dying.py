"""A batch whose worker is killed goes on in another one, and asks nobody twice."""

import asyncio
from typing import Final

from temporalio.testing import WorkflowEnvironment

from tests.support.batches import counted, ended, get_stuck
from tests.support.receiver import Receiver
from tests.support.service import Service
from tests.support.states import until_status
from tidings import (
    Batch,
    BatchState,
    Notification,
    NotificationClient,
    Resend,
    Status,
)
from tidings.temporal.embedded import binary

COUNT: Final = 30
RATE: Final = 10


async def get_delivered(client: NotificationClient, target: str, name: str) -> list[str]:
    ids = [f"{name}/{number}" for number in range(COUNT)]
    await client.send_many(Notification(id=each, type=name, target=target) for each in ids)
    await counted(client, COUNT, status=Status.DELIVERED, type=name)
    return ids


async def until_half_done(client: NotificationClient, batch: Batch | None) -> Batch:
    assert batch is not None
    async with asyncio.timeout(30):
        while (found := await client.batch(batch.id)).resolved < COUNT / 3:
            await asyncio.sleep(0.1)
    return found


async def test_one_whose_worker_is_killed_asks_nobody_twice(
    own_service: Service, receiver: Receiver
) -> None:
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(binary()), dev_server_log_level="error"
    ) as server:
        client = NotificationClient(server.client)
        address = server.client.service_client.config.target_host
        async with own_service.worker(embedded=False, TEMPORAL_ADDRESS=address) as worker:
            stuck = await get_stuck(client, f"{receiver.url}/404", "stuck", COUNT)
            delivered = await get_delivered(client, f"{receiver.url}/ok", "sent")
            resend = Resend(target=f"{receiver.url}/ok")
            again = Resend(even_if_delivered=True)
            batches = [
                await client.resend_all(resend, type="stuck", rate=RATE),
                await client.resend_all(again, type="sent", rate=RATE),
            ]
            begun = [await until_half_done(client, each) for each in batches]
            await worker.kill()
        assert [each.state for each in begun] == [BatchState.RUNNING] * 2
        async with own_service.worker(embedded=False, TEMPORAL_ADDRESS=address):
            for each in begun:
                done = await ended(client, each.id)
                assert done.state is BatchState.COMPLETED, done
                counts = (done.resolved, done.refused, done.failed, done.remaining)
                assert counts == (COUNT, 0, 0, 0)
            for each_id in (*stuck, *delivered):
                state = await until_status(client, each_id, Status.DELIVERED)
                assert (state.round, len(state.interventions)) == (2, 1)
            await counted(client, COUNT, status=Status.DELIVERED, type="stuck")
            await counted(client, COUNT, status=Status.DELIVERED, type="sent")
