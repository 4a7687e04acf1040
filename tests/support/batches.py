"""Notifications that get stuck, and the batches that resend them."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from tests.support.service import ROOT, Service
from tidings import Batch, BatchState, Notification, NotificationClient, Status

COUNT: Final = int(os.environ.get("TIDINGS_TEST_BULK", "120"))
"""The notifications that get stuck in the largest test, half of them at each of two targets.

2,000 take minutes; pytest then needs ``-o faulthandler_timeout=0``.
"""
PERSON: Final = ("--operator", "li", "--reason", "it is up again")
UNKNOWN: Final = "batch:resend-20260101T000000Z-abcdef"
"""The id of a batch that nobody started."""


async def counted(client: NotificationClient, count: int, **filters: Any) -> None:
    """Waits until ``count`` notifications pass the filter."""
    async with asyncio.timeout(30 + COUNT / 5):
        while await client.count(**filters) != count:
            await asyncio.sleep(0.1)


async def get_stuck(
    client: NotificationClient, target: str, name: str, count: int, **fields: Any
) -> list[str]:
    """Sends ``count`` of the type ``name``, and waits until all are listed as stuck."""
    ids = [f"{name.replace('.', ':')}/{number}" for number in range(count)]
    results = await client.send_many(
        Notification(id=each, type=name, target=target, **fields) for each in ids
    )
    assert not [each for each in results if each.error is not None]
    await counted(client, count, status=Status.AWAITING_INTERVENTION, type=name)
    return ids


async def ended(client: NotificationClient, batch_id: str) -> Batch:
    """The batch once it has ended."""
    async with asyncio.timeout(30 + COUNT / 5):
        while (batch := await client.batch(batch_id)).state is BatchState.RUNNING:
            await asyncio.sleep(0.1)
    return batch


@asynccontextmanager
async def following(service: Service, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The process of a command that has started a batch and follows it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(ROOT / "starter.py"), *arguments),
        env=service.environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stderr is not None
        async with asyncio.timeout(30):
            while b"has started" not in (line := await process.stderr.readline()):
                assert line, "the command ended before it started a batch"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
