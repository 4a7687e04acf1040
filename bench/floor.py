"""``python -m bench.floor [COUNT]``: Tidings beside the plainest workflow, in turn, in one run.

Each round starts all sides anew, one after the other, each with an embedded server of its own. A
figure counts only if a receiver in another process has got every notification by its id. The result
also goes to ``build/bench/floor.json``. It needs the default ports and Linux. With ``--at-least
RATIO`` it leaves out the sides whose sender and worker share a process, and fails if the plainest
workflow does not take that many times the processor time of Tidings.
"""

import argparse
import asyncio
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from bench import load, result
from bench.receiver import receiving
from bench.side import IN_ONE_PROCESS, IN_TWO_PROCESSES, Side, Start
from bench.turns import in_turn

IDLE: Final = 30
"""Notifications one after the other, for the latency at idle."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The result of one side in one round."""

    delivered_per_second: float
    """From the first send to the arrival of the last."""
    idle_ms: float
    """Median from the send to the arrival, one at a time."""
    python_ms: float
    """Processor time of worker and sender for each notification."""
    server_ms: float
    """The same of the Temporal server."""
    all_ms: float
    """The sum of both."""


async def main() -> int:
    """Runs the comparison; returns 1 if Tidings costs too much beside the floor."""
    parser = argparse.ArgumentParser(prog="python -m bench.floor", description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=500)
    parser.add_argument("--at-least", type=float, default=0.0, metavar="RATIO")
    arguments = parser.parse_args()
    count: int = arguments.count
    pairs = [IN_TWO_PROCESSES] if arguments.at_least else [IN_TWO_PROCESSES, IN_ONE_PROCESS]
    sides = {name: start for pair in pairs for name, start in pair.items()}

    async def run(start: Start, directory: Path) -> Figures:
        async with start(directory) as side:
            return await _round(side, directory, count)

    figures = await in_turn(sides, run)
    print("\n".join(result.table(figures, f"{count:,} notifications")))
    result.write("floor", figures, notifications=count)
    ratios = [_ratio({name: figures[name] for name in pair}) for pair in pairs]
    if ratios[0] < arguments.at_least:
        print(f"that is less than {arguments.at_least:g} times", file=sys.stderr)
        return 1
    return 0


async def _round(side: Side, directory: Path, count: int) -> Figures:
    async with receiving(directory) as url:
        idle = [await load.latency(side.send, url, f"idle-{number}") for number in range(IDLE)]
        await load.until_ended(side.client)
        before, ours = load.processor_seconds(side.pid), time.process_time()
        rate = await load.rate(side.send, url, [f"many-{number}" for number in range(count)])
        ours = time.process_time() - ours
        await load.until_ended(side.client)
        after = load.processor_seconds(side.pid)
    python = after["worker"] - before["worker"] + (ours if side.pid != os.getpid() else 0)
    server = after["server"] - before["server"]
    return Figures(
        delivered_per_second=rate,
        idle_ms=1000 * median(idle),
        python_ms=1000 * python / count,
        server_ms=1000 * server / count,
        all_ms=1000 * (python + server) / count,
    )


def _ratio(figures: dict[str, list[Figures]]) -> float:
    """The processor time of the floor beside that of Tidings, which it prints."""
    floor, ours = result.medians(figures, "delivered_per_second")
    dear, cheap = result.medians(figures, "all_ms")
    print(
        f"\n{' and '.join(figures)}: {ours / floor:.2f} times as many a second; the plainest "
        f"workflow takes {dear / cheap:.2f} times the processor time"
    )
    return dear / cheap


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
