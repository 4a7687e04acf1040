"""``python -m bench.acceptance [COUNT]``: the acceptance of notifications while no worker runs.

Each round starts an embedded server for each side. A figure counts only if the server then has all
notifications. The result also goes to ``build/bench/acceptance.json``. It needs the default ports.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from bench import load, result
from bench.server import embedded
from bench.turns import in_turn
from service import search_attributes
from tidings import Notification, NotificationClient

_WITHIN: Final = 60.0
Accept = Callable[[NotificationClient, list[Notification]], Awaitable[list[float]]]
"""Sends notifications; the result is the seconds that each took, if that can be known."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The result of one side in one round."""

    accepted_per_second: float
    p50_ms: float
    """Of one ``send``."""
    client_ms: float
    """Processor time of the sender for each notification."""


async def _one_by_one(client: NotificationClient, many: list[Notification]) -> list[float]:
    seconds = []
    for each in many:
        began = time.monotonic()
        await client.send(each)
        seconds.append(time.monotonic() - began)
    return seconds


async def _at_once(client: NotificationClient, many: list[Notification]) -> list[float]:
    places, seconds = asyncio.Semaphore(load.AT_ONCE), []

    async def send(each: Notification) -> None:
        async with places:
            began = time.monotonic()
            await client.send(each)
            seconds.append(time.monotonic() - began)

    await asyncio.gather(*map(send, many))
    return seconds


async def _send_many(client: NotificationClient, many: list[Notification]) -> list[float]:
    began = time.monotonic()
    results = await client.send_many(many)
    assert all(each.receipt for each in results)
    return [(time.monotonic() - began) / len(many)]


SIDES: Final[dict[str, Accept]] = {
    "`send`, one after the other": _one_by_one,
    f"`send`, {load.AT_ONCE} at once": _at_once,
    "`send_many`": _send_many,
}


async def main() -> int:
    """Runs the measurement; returns 0."""
    parser = argparse.ArgumentParser(prog="python -m bench.acceptance", description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=1000)
    count: int = parser.parse_args().count

    async def run(accept: Accept, directory: Path) -> Figures:
        return await _round(accept, directory, count)

    figures = await in_turn(SIDES, run)
    print("\n".join(result.table(figures, f"{count:,} notifications, no worker")))
    result.write("acceptance", figures, notifications=count)
    return 0


async def _round(accept: Accept, directory: Path, count: int) -> Figures:
    async with embedded(directory).running() as server:
        await search_attributes.register(server.client)
        client = NotificationClient(server.client)
        many = [
            Notification(
                id=f"n-{number}",
                type="bench.sent",
                target="http://127.0.0.1:9/",
                body=load.BODY,
            )
            for number in range(count)
        ]
        began, ours = time.monotonic(), time.process_time()
        seconds = await accept(client, many)
        took, ours = time.monotonic() - began, time.process_time() - ours
        await _until_counted(client, count)
    return Figures(
        accepted_per_second=count / took,
        p50_ms=1000 * median(seconds),
        client_ms=1000 * ours / count,
    )


async def _until_counted(client: NotificationClient, count: int) -> None:
    """Raises unless the server has exactly so many; lists follow within moments."""
    async with asyncio.timeout(_WITHIN):
        while (found := await client.count()) < count:  # noqa: ASYNC110 -- it can only be polled
            await asyncio.sleep(0.1)
    if found > count:
        raise RuntimeError(f"{found:,} notifications are there, and {count:,} were sent")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
