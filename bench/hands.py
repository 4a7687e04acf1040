"""``python -m bench.hands [COUNT]``: deliveries with one, two and four workers, and a bulk resend.

All workers of a side share one embedded server and this machine. The operator's side resends COUNT
stuck notifications to a corrected target in one batch, at full rate. A receiver in another process
checks each notification by its id. The result also goes to ``build/bench/hands.json``.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench import load, result, target
from bench.receiver import receiving, until_seen
from bench.server import embedded
from bench.turns import in_turn
from demo.child import Child
from tidings import Filter, FixedInterval, Notification, NotificationClient, Resend, Status

WORKERS: Final = (1, 2, 4)
_ONCE: Final = FixedInterval(interval=1, maximum_attempts=1)
_WITHIN: Final = 300.0
_POLL_SECONDS: Final = 0.05


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The result of one side in one round."""

    delivered_per_second: float


Measure = Callable[[NotificationClient, Path, int], Awaitable[Figures]]


async def main() -> int:
    """Runs the measurement; returns 0."""
    parser = argparse.ArgumentParser(prog="python -m bench.hands", description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=500)
    count: int = parser.parse_args().count

    async def run(side: tuple[int, Measure], directory: Path) -> Figures:
        workers, measure = side
        async with _service(workers, directory) as client:
            return await measure(client, directory, count)

    sides: dict[str, tuple[int, Measure]] = {
        f"{number} worker{'s' * (number > 1)}": (number, _deliver) for number in WORKERS
    }
    sides["1 worker, one bulk resend of as many"] = (1, _resend)
    figures = await in_turn(sides, run)
    print("\n".join(result.table(figures, f"{count:,} notifications")))
    result.write("hands", figures, notifications=count)
    return 0


@asynccontextmanager
async def _service(workers: int, directory: Path) -> AsyncIterator[NotificationClient]:
    """A client of a server with so many workers."""
    async with AsyncExitStack() as running:
        server = await running.enter_async_context(embedded(directory).running())
        address = server.client.service_client.config.target_host
        settings = {
            "TEMPORAL_ADDRESS": address,
            "TIDINGS_EMBEDDED": "false",
            "TIDINGS_EGRESS_ALLOW": target.HOST,
            "TIDINGS_LOG_LEVEL": "INFO",
        }
        for number in range(workers):
            name = f"worker-{number}"
            child = await Child.start(name, ["worker.py"], directory=directory, settings=settings)
            running.push_async_callback(child.stop)
            while child.logged("worker.started") is None:
                if child.process.returncode is not None:
                    raise RuntimeError(child.last_words())
                await asyncio.sleep(_POLL_SECONDS)
        yield NotificationClient(server.client)


async def _deliver(client: NotificationClient, directory: Path, count: int) -> Figures:
    async with receiving(directory) as url:
        warm = [f"first-{number}" for number in range(20)]
        await load.rate(_sender(client), url, warm)  # each worker gets to know the target
        many = [f"many-{number}" for number in range(count)]
        return Figures(delivered_per_second=await load.rate(_sender(client), url, many))


async def _resend(client: NotificationClient, directory: Path, count: int) -> Figures:
    ids = [f"stuck-{number}" for number in range(count)]
    async with receiving(directory) as url:
        with target.running() as refusing:
            sender = _sender(client, retry=_ONCE)
            await load.send_all(sender, [(each, f"{refusing}/404/old") for each in ids])
            stuck = Filter(type="bench.sent", status=Status.AWAITING_INTERVENTION)
            async with asyncio.timeout(_WITHIN):
                while await client.count(stuck) < count:  # noqa: ASYNC110 -- it can only be polled
                    await asyncio.sleep(_POLL_SECONDS)
            began = time.monotonic()
            resend = Resend(operator="bench", reason="measured", target=f"{url}/paid")
            await client.resend_all(resend, stuck, rate=1000)
            came_at = await until_seen(url, ids)
    return Figures(delivered_per_second=count / (max(came_at[each] for each in ids) - began))


def _sender(client: NotificationClient, **fields: Any) -> load.Send:
    async def send(id_: str, target: str, body: Any) -> None:
        await client.send(
            Notification(id=id_, type="bench.sent", target=target, body=body, **fields)
        )

    return send


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
