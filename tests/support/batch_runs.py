"""Batches on the server on which tests skip time, and the notifications that they act on."""

import asyncio
from typing import Any, Final

from tests.support.batches import ended
from tests.support.skipped_time import SkippedTime, replay
from tidings import Batch, NotificationState, Resend, Status

LI: Final = Resend(operator="li", reason="it is up again")


async def get_stuck(service: SkippedTime, name: str, count: int, **fields: Any) -> list[str]:
    """Sends some of the type ``name``, the newest last, and waits until lists have them."""
    ids = [f"{name.replace('.', ':')}-{number}" for number in range(count)]
    for each in ids:
        service.target.answer(each, 404, 200)
        await service.send(each, type=name, **fields)
    await service.until_listed({*ids}, type=name, status=Status.AWAITING_INTERVENTION)
    return ids


async def until_begun(service: SkippedTime, batch: Batch | None) -> None:
    """Waits until the first notification has taken the intervention."""
    assert batch is not None
    async with asyncio.timeout(20):
        while (await service.client.batch(batch.id)).resolved == 0:
            await asyncio.sleep(0.05)


async def carried_out(service: SkippedTime, batch: Batch | None) -> Batch:
    """The batch once it has ended; its history has to replay."""
    assert batch is not None
    done = await ended(service.client, batch.id)
    handle = service.environment.client.get_workflow_handle(batch.id)
    await replay(await handle.fetch_history())
    return done


async def states(service: SkippedTime, ids: list[str]) -> list[NotificationState]:
    return [await service.client.state(each) for each in ids]


def counts(batch: Batch) -> tuple[int, int, int, int]:
    return batch.resolved, batch.refused, batch.failed, batch.remaining
