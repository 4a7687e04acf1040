"""The paths of batches; each function returns the id of the batch."""

from tests.support.batch_runs import get_stuck, until_begun
from tests.support.batches import ended
from tests.support.skipped_time import SkippedTime
from tidings import contract


async def batch(service: SkippedTime, name: str) -> str:
    await get_stuck(service, name, 3)
    batch = await service.client.resend_all(type=name, rate=10)
    assert batch is not None
    await ended(service.client, batch.id)
    return batch.id


async def batch_stopped(service: SkippedTime, name: str) -> str:
    await get_stuck(service, name, 3)
    batch = await service.client.abandon_all(type=name, rate=0.5)
    assert batch is not None
    await until_begun(service, batch)
    await service.client.stop_batch(batch.id)
    await ended(service.client, batch.id)
    return batch.id


async def batch_malformed(service: SkippedTime, name: str) -> str:
    batch_id = "batch:resend-20260101T000000Z-0a11ed"
    await service.environment.client.start_workflow(
        contract.BATCH_WORKFLOW_TYPE, {"id": name}, id=batch_id, task_queue=contract.TASK_QUEUE
    )
    await ended(service.client, batch_id)
    return batch_id
