"""``python -m bench.isolation [FLOOD]``: a healthy target beside others that hang.

Each round starts the service anew for each side, sends the flood to targets that never answer, and
then 200 notifications to a healthy target that the worker does not know, one each tenth of a
second. The result also goes to ``build/bench/isolation.json``. It needs the default ports. With
``--at-most RATIO`` it fails if the 99th percentile under a flood is that many times what it is
alone.
"""

import argparse
import asyncio
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest

from bench import load, result
from bench.hanging import hanging
from bench.receiver import receiving, until_seen
from bench.side import Side, tidings
from bench.turns import ROUNDS, in_turn
from tidings import contract

HEALTHY: Final = 200
_EACH: Final = 0.1
"""Seconds between two sends to the healthy target."""
_BEGUN_WITHIN: Final = 600.0
_SIDES: Final = {"alone": 0, "beside 1 that hangs": 1, "beside 50 that hang": 50}
"""The targets that hang."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The latency of the healthy target, from the send to the arrival."""

    p50_ms: float
    p99_ms: float
    longest_ms: float


async def main() -> int:
    """Runs the comparison; returns 1 if a flood costs the healthy target too much."""
    parser = argparse.ArgumentParser(prog="python -m bench.isolation", description=__doc__)
    parser.add_argument("flood", nargs="?", type=int, default=2000)
    parser.add_argument("--at-most", type=float, default=float("inf"), metavar="RATIO")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()

    async def run(hanging_targets: int, directory: Path) -> Figures:
        return await _round(directory, hanging_targets, arguments.flood)

    figures = await in_turn(_SIDES, run, rounds=arguments.rounds)
    title = f"{HEALTHY} notifications to a healthy target, {arguments.flood:,} to others"
    print("\n".join(result.table(figures, title)))
    result.write("isolation", figures, healthy=HEALTHY, flood=arguments.flood)
    alone, *floods = result.medians(figures, "p99_ms")
    ratio = max(floods) / alone
    print(f"\nunder a flood, the 99th percentile is {ratio:.2f} times what it is alone")
    if ratio > arguments.at_most:
        print(f"that is more than {arguments.at_most:g} times", file=sys.stderr)
        return 1
    return 0


async def _round(directory: Path, hanging_targets: int, flood: int) -> Figures:
    async with (
        tidings(directory) as side,
        receiving(directory) as healthy,
        hanging(hanging_targets, directory) as others,
    ):
        if others:
            targets = (f"{others[number % len(others)]}/hangs" for number in range(flood))
            await load.send_all(
                side.send, [(f"flood-{number}", each) for number, each in enumerate(targets)]
            )
            await _until_begun(side)
        return _figures(await _latencies(side, healthy))


async def _until_begun(side: Side) -> None:
    """Waits until no notification waits for its first workflow task.

    Until then the processors are busy with the flood, whatever its targets do.
    """
    queue = TaskQueue(name=contract.TASK_QUEUE)
    request = DescribeTaskQueueRequest(
        namespace=side.client.namespace,
        task_queue=queue,
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        report_stats=True,
    )
    async with asyncio.timeout(_BEGUN_WITHIN):
        while True:
            answer = await side.client.workflow_service.describe_task_queue(request)
            if not answer.stats.approximate_backlog_count:
                return
            await asyncio.sleep(1)


async def _latencies(side: Side, url: str) -> list[float]:
    """Seconds from the send to the arrival of each."""
    sent_at: dict[str, float] = {}

    async def send(id_: str) -> None:
        sent_at[id_] = time.monotonic()
        await side.send(id_, f"{url}/paid", {"id": id_})

    async with asyncio.TaskGroup() as sends:
        for number in range(HEALTHY):
            sends.create_task(send(f"healthy-{number}"))
            await asyncio.sleep(_EACH)
    came_at = await until_seen(url, sent_at)
    return [came_at[each] - at for each, at in sent_at.items()]


def _figures(latencies: list[float]) -> Figures:
    in_order = sorted(1000 * each for each in latencies)
    p50, p99 = (in_order[round(len(in_order) * part) - 1] for part in (0.5, 0.99))
    return Figures(p50_ms=p50, p99_ms=p99, longest_ms=in_order[-1])


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
