"""``python -m bench.floor [COUNT]``: Tidings beside the plainest workflow, in turn, in one run.

Each round starts both sides anew, one after the other, each with an embedded server of its own.
A figure counts only if a receiver in another process has got every notification by its id. The
result also goes to ``build/bench/floor.json``. It needs the default ports and Linux. With
``--at-least RATIO`` it fails if Tidings does not deliver that many times as much as the floor.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from bench import result
from bench.cpu import tree
from bench.receiver import receiving, until_seen
from bench.side import SIDES, Side

ROUNDS: Final = 3
IDLE: Final = 30
"""Notifications one after the other, for the latency at idle."""
AT_ONCE: Final = 50
"""Sends that are in flight at a time."""
_WITHIN: Final = 120.0
_POLL_SECONDS: Final = 0.05
_BODY: Final = {"order": 1001, "paid": "12.50"}


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What one side did in one round."""

    delivered_per_second: float
    """From the first send to the arrival of the last."""
    idle_ms: float
    """Median from the send to the arrival, one at a time."""
    worker_ms: float
    """Processor time of the worker for each notification."""
    server_ms: float
    """The same of the Temporal server."""
    client_ms: float
    """The same of this process, which sends."""


async def main() -> int:
    """Runs the comparison; returns 1 if Tidings delivers too little beside the floor."""
    parser = argparse.ArgumentParser(prog="python -m bench.floor", description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=500)
    parser.add_argument("--at-least", type=float, default=0.0, metavar="RATIO")
    arguments = parser.parse_args()
    count: int = arguments.count
    figures: dict[str, list[Figures]] = {name: [] for name in SIDES}
    for round_ in range(1, ROUNDS + 1):
        for name, start in SIDES.items():
            with tempfile.TemporaryDirectory(prefix="tidings-bench-") as directory:
                async with start(Path(directory)) as side:
                    figures[name].append(await _round(side, Path(directory), count))
            print(f"round {round_}, {name}: {figures[name][-1]}", file=sys.stderr, flush=True)
    print("\n".join(result.table(figures, f"{count:,} notifications")))
    result.write("floor", figures, notifications=count)
    floor, ours = result.medians(figures, "delivered_per_second")
    ratio = ours / floor
    print(f"\nTidings delivers {ratio:.2f} times as many a second as the plainest workflow")
    if ratio < arguments.at_least:
        print(f"that is less than {arguments.at_least:g} times", file=sys.stderr)
        return 1
    return 0


async def _round(side: Side, directory: Path, count: int) -> Figures:
    async with receiving(directory) as url:
        idle = [await _one(side, url, f"idle-{number}") for number in range(IDLE)]
        await _until_ended(side)
        before, ours = _cpu(side.pid), time.process_time()
        rate = await _many(side, url, [f"many-{number}" for number in range(count)])
        ours = time.process_time() - ours
        await _until_ended(side)
        after = _cpu(side.pid)
    return Figures(
        delivered_per_second=rate,
        idle_ms=1000 * median(idle),
        worker_ms=1000 * (after["worker"] - before["worker"]) / count,
        server_ms=1000 * (after["server"] - before["server"]) / count,
        client_ms=1000 * ours / count,
    )


async def _one(side: Side, url: str, id_: str) -> float:
    """Seconds from the send of one notification to its arrival."""
    sent_at = time.monotonic()
    await side.send(id_, f"{url}/paid", _BODY)
    return (await until_seen(url, [id_]))[id_] - sent_at


async def _many(side: Side, url: str, ids: list[str]) -> float:
    """Deliveries a second, ``AT_ONCE`` sends in flight."""
    places = asyncio.Semaphore(AT_ONCE)

    async def send(id_: str) -> None:
        async with places:
            await side.send(id_, f"{url}/paid", _BODY)

    began = time.monotonic()
    await asyncio.gather(*map(send, ids))
    came_at = await until_seen(url, ids)
    return len(ids) / (max(came_at[each] for each in ids) - began)


async def _until_ended(side: Side) -> None:
    async with asyncio.timeout(_WITHIN):
        while (  # noqa: ASYNC110 -- a list can only be polled
            await side.client.count_workflows("ExecutionStatus = 'Running'")
        ).count:
            await asyncio.sleep(_POLL_SECONDS)


def _cpu(pid: int) -> dict[str, float]:
    """Seconds of the worker, and of the server below it."""
    processes = tree(pid)
    return {
        "worker": sum(it.seconds for it in processes if it.pid == pid),
        "server": sum(it.seconds for it in processes if it.name.startswith("temporal")),
    }


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
