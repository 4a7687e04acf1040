"""``python -m bench.growth [WAITING]``: the cost of a delivery beside many that wait or have ended.

The stages follow one another on one service: empty; with WAITING notifications (default: 10,000),
half of which wait for a retry and half for a person; and after all of these have ended. Each stage
delivers a few hundred, three times. The result also goes to ``build/bench/growth.json``. It needs
the default ports and Linux.
"""

import argparse
import asyncio
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench import load, result, target
from bench.cpu import tree
from bench.receiver import receiving
from bench.side import Side, tidings
from bench.turns import ROUNDS
from tidings import Abandon, Filter, FixedInterval, Notification, NotificationClient, Status

OF_EACH: Final = 300
"""Notifications that are delivered in one round of a stage."""
_ONCE: Final = FixedInterval(interval=1, maximum_attempts=1)
_TOMORROW: Final = FixedInterval(interval=86_400, maximum_attempts=2)
_WITHIN: Final = 3600.0
_POLL_SECONDS: Final = 1.0
_RESIDENT: Final = re.compile(r"^VmRSS:\s+(\d+) kB$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """One round of a stage."""

    delivered_per_second: float
    worker_mib: float
    """Resident memory at the end of the round."""
    server_mib: float
    database_mib: float


async def main() -> int:
    """Runs the measurement; returns 0."""
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    parser.add_argument("waiting", nargs="?", type=int, default=10_000)
    waiting: int = parser.parse_args().waiting
    figures: dict[str, list[Figures]] = {}
    with tempfile.TemporaryDirectory(prefix="tidings-bench-") as name:
        directory = Path(name)
        async with tidings(directory) as side, receiving(directory) as url:
            client = NotificationClient(side.client)
            figures["empty"] = await _stage("empty", side, url, directory)
            await _fill(client, waiting)
            beside = f"{waiting:,} waiting"
            figures[beside] = await _stage("waiting", side, url, directory)
            await _end(client)
            ended = f"{waiting:,} ended"
            figures[ended] = await _stage("ended", side, url, directory)
    print("\n".join(result.table(figures, f"{OF_EACH} notifications a round")))
    result.write("growth", figures, notifications=OF_EACH, waiting=waiting)
    return 0


async def _stage(name: str, side: Side, url: str, directory: Path) -> list[Figures]:
    rounds = []
    for round_ in range(1, ROUNDS + 1):
        ids = [f"{name}-{round_}-{number}" for number in range(OF_EACH)]
        rate = await load.rate(side.send, url, ids)
        memory = {it.name: _resident_mib(it.pid) for it in tree(side.pid)}
        server = sum(mib for each, mib in memory.items() if each.startswith("temporal"))
        rounds.append(
            Figures(
                delivered_per_second=rate,
                worker_mib=_resident_mib(side.pid),
                server_mib=server,
                database_mib=_database_mib(directory),
            )
        )
        print(f"{name}, round {round_}: {rounds[-1]}", file=sys.stderr, flush=True)
    return rounds


async def _fill(client: NotificationClient, count: int) -> None:
    """Sends so many, and waits until half wait for a retry and half for a person."""
    kinds: dict[str, Any] = {"404": _ONCE, "503": _TOMORROW}
    with target.running() as url:
        notifications = [
            Notification(
                id=f"waiting-{status}-{number}",
                type="bench.waiting",
                target=f"{url}/{status}/",
                body=load.BODY,
                retry=retry,
            )
            for number in range(count // 2)
            for status, retry in kinds.items()
        ]
        results = await client.send_many(notifications)
        if failed := [each.error for each in results if each.error is not None]:
            raise RuntimeError(f"{len(failed)} could not be sent: {failed[0]}")
        await _until(
            client, Filter(type="bench.waiting", status=Status.AWAITING_INTERVENTION), count // 2
        )
        # The others have had their attempt by now: they were sent in turn with these.
        await asyncio.sleep(_POLL_SECONDS)


async def _end(client: NotificationClient) -> None:
    """Abandons all that wait."""
    open_ = (Status.AWAITING_INTERVENTION, Status.DELIVERING)
    waiting = Filter(type="bench.waiting", status=open_)
    count = await client.count(waiting)
    abandon = Abandon(operator="bench", reason="measured")
    batch = await client.abandon_all(abandon, waiting, rate=1000)
    if batch is None or batch.total != count:
        raise RuntimeError(f"not all of {count:,} are abandoned: {batch}")
    await _until(client, Filter(type="bench.waiting", status=Status.ABANDONED), count)


async def _until(client: NotificationClient, filter_: Filter, count: int) -> None:
    async with asyncio.timeout(_WITHIN):
        while await client.count(filter_) < count:  # noqa: ASYNC110 -- it can only be polled
            await asyncio.sleep(_POLL_SECONDS)


def _database_mib(directory: Path) -> float:
    return sum(it.stat().st_size for it in directory.glob("temporal.db*")) / 2**20


def _resident_mib(pid: int) -> float:
    found = _RESIDENT.search(Path(f"/proc/{pid}/status").read_text())
    if found is None:
        raise RuntimeError(f"process {pid} has ended")
    return int(found[1]) / 1024


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
