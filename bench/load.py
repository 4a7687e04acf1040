"""Notifications that a measurement sends, and the time that they take."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from pydantic import JsonValue
from temporalio.client import Client

from bench.cpu import tree
from bench.receiver import until_seen

AT_ONCE: Final = 50
"""Sends that are in flight at a time."""
BODY: Final[dict[str, JsonValue]] = {"order": 1001, "paid": "12.50"}
_WITHIN: Final = 120.0
_POLL_SECONDS: Final = 0.05
Send = Callable[[str, str, Any], Awaitable[object]]
"""Sends the notification of an id to a URL with a body."""


async def latency(send: Send, url: str, id_: str) -> float:
    """Seconds from the send of one notification to its arrival."""
    sent_at = time.monotonic()
    await send(id_, f"{url}/paid", BODY)
    return (await until_seen(url, [id_]))[id_] - sent_at


async def rate(send: Send, url: str, ids: Sequence[str]) -> float:
    """Deliveries a second, from the first send to the arrival of the last."""
    began = time.monotonic()
    await send_all(send, [(id_, f"{url}/paid") for id_ in ids])
    came_at = await until_seen(url, ids)
    return len(ids) / (max(came_at[each] for each in ids) - began)


async def send_all(send: Send, notifications: Sequence[tuple[str, str]]) -> None:
    """Sends notifications, each an id and a target, ``AT_ONCE`` in flight."""
    places = asyncio.Semaphore(AT_ONCE)

    async def send_one(id_: str, target: str) -> None:
        async with places:
            await send(id_, target, BODY)

    await asyncio.gather(*(send_one(*each) for each in notifications))


async def until_ended(client: Client, *, but: int = 0, within: float = _WITHIN) -> None:
    """Waits until no more than ``but`` workflows run."""
    async with asyncio.timeout(within):
        while (  # noqa: ASYNC110 -- a list can only be polled
            await client.count_workflows("ExecutionStatus = 'Running'")
        ).count > but:
            await asyncio.sleep(_POLL_SECONDS)


def processor_seconds(worker: int) -> dict[str, float]:
    """The processor time of the worker with this process id, and of the server below it."""
    processes = tree(worker)
    return {
        "worker": sum(it.seconds for it in processes if it.pid == worker),
        "server": sum(it.seconds for it in processes if it.name.startswith("temporal")),
    }
