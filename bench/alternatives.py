"""``python -m bench.alternatives [COUNT]``: Tidings beside DBOS on PostgreSQL and Celery on Redis.

Each is set up as its documentation advises. Each round starts all sides anew, one after the other.
A figure counts only if a receiver in another process has got every notification by its id. At the
end it shows what a delay beyond the visibility timeout costs with Celery on Redis. The result also
goes to ``build/bench/alternatives.json``. It needs the default ports, Debian's ``postgresql`` and
``redis-server``, and the environment of bench/others/requirements.txt, whose Python is
``BENCH_PYTHON``.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from bench import load, result
from bench.databases import postgresql, redis
from bench.receiver import counts, receiving, until_seen
from bench.side import tidings
from bench.turns import in_turn
from demo.child import ROOT, Child

IDLE: Final = 30
"""Notifications with a pause between them, for the latency at idle."""
_EACH: Final = 0.2
"""That pause, in seconds."""
_OTHERS: Final = ROOT / "bench" / "others"
_DELAYED: Final = 10
_COUNTDOWN: Final = 18
"""The delay of these tasks, in seconds."""
_VISIBILITY: Final = 4
"""The time for which Redis leaves a task to one worker, in seconds. Usually it is an hour, and
schedules have delays of many hours."""
_IN_ANOTHER_PYTHON: Final = "import os, sys; os.execv(sys.argv[1], sys.argv[1:])"

Run = Callable[[str, str, int, float], Awaitable[dict[str, float]]]
"""Sends to a URL so many with a prefix and a pause; the result is when each id was sent."""
Side = Callable[[Path], AbstractAsyncContextManager[Run]]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The result of one side in one round."""

    delivered_per_second: float
    idle_ms: float
    """Median from the send to the arrival."""


async def main() -> int:
    """Runs the comparison; returns 0."""
    parser = argparse.ArgumentParser(prog="python -m bench.alternatives", description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=500)
    count: int = parser.parse_args().count

    async def run(side: Side, directory: Path) -> Figures:
        return await _round(side, directory, count)

    figures = await in_turn(SIDES, run)
    print("\n".join(result.table(figures, f"{count:,} notifications")))
    result.write("alternatives", figures, notifications=count)
    with tempfile.TemporaryDirectory(prefix="tidings-bench-") as directory:
        requests = await _beyond_the_visibility_timeout(Path(directory))
    print(
        f"\nCelery on Redis, {_DELAYED} tasks with a delay of {_COUNTDOWN} s and a visibility "
        f"timeout of {_VISIBILITY} s: {requests} requests"
    )
    return 0


async def _round(side: Side, directory: Path, count: int) -> Figures:
    async with side(directory) as run, receiving(directory) as url:
        await run(f"{url}/paid", "first", 5, 0)
        await until_seen(url, [f"first-{number}" for number in range(5)])
        sent_at = await run(f"{url}/paid", "idle", IDLE, _EACH)
        came_at = await until_seen(url, sent_at)
        idle = median(came_at[each] - at for each, at in sent_at.items())
        sent_at = await run(f"{url}/paid", "many", count, 0)
        came_at = await until_seen(url, sent_at)
        took = max(came_at[each] for each in sent_at) - min(sent_at.values())
    return Figures(delivered_per_second=count / took, idle_ms=1000 * idle)


@asynccontextmanager
async def _tidings(directory: Path) -> AsyncIterator[Run]:
    async with tidings(directory) as side:

        async def run(target: str, prefix: str, count: int, each: float) -> dict[str, float]:
            loop, sent_at = asyncio.get_running_loop(), {}
            places = asyncio.Semaphore(load.AT_ONCE)

            async def send(id_: str) -> None:
                async with places:
                    sent_at[id_] = loop.time()
                    await side.send(id_, target, load.BODY)

            async with asyncio.TaskGroup() as sends:
                for number in range(count):
                    sends.create_task(send(f"{prefix}-{number}"))
                    await asyncio.sleep(each)
            return sent_at

        yield run


@asynccontextmanager
async def _dbos(directory: Path) -> AsyncIterator[Run]:
    async with postgresql(directory) as database:

        async def run(target: str, prefix: str, count: int, each: float) -> dict[str, float]:
            program = _OTHERS / "dbos_app.py"
            return await _sent(program, database, target, prefix, f"{count}", f"{each}")

        yield run


@asynccontextmanager
async def _celery(directory: Path) -> AsyncIterator[Run]:
    async with _celery_worker(directory) as settings:

        async def run(target: str, prefix: str, count: int, each: float) -> dict[str, float]:
            program = _OTHERS / "celery_app.py"
            return await _sent(program, target, prefix, f"{count}", f"{each}", **settings)

        yield run


@asynccontextmanager
async def _celery_worker(directory: Path, **more: str) -> AsyncIterator[dict[str, str]]:
    """Runs Redis and a worker with a process for each processor; the value is its settings."""
    async with redis(directory) as broker:
        settings = {"BENCH_BROKER": broker, **more}
        worker = await Child.start(
            "celery",
            ["-c", _IN_ANOTHER_PYTHON, _python(), "-m", "celery", "-A", "celery_app", "worker",
             "--concurrency", f"{os.cpu_count()}", "--loglevel", "WARNING"],
            directory=directory,
            settings={**settings, "PYTHONPATH": f"{_OTHERS}"},
        )  # fmt: skip
        try:
            yield settings
        finally:
            await worker.stop()


async def _beyond_the_visibility_timeout(directory: Path) -> int:
    """The requests for tasks whose delay is longer than Redis keeps them for one worker."""
    async with (
        _celery_worker(directory, BENCH_VISIBILITY_SECONDS=f"{_VISIBILITY}") as settings,
        receiving(directory) as url,
    ):
        program, arguments = _OTHERS / "celery_app.py", (f"{url}/paid", "later", f"{_DELAYED}", "0")
        ids = await _sent(program, *arguments, f"{_COUNTDOWN}", **settings)
        await asyncio.sleep(_COUNTDOWN + 2 * _VISIBILITY)
        found = await asyncio.to_thread(counts, url)
    if missing := ids.keys() - found.keys():
        raise RuntimeError(f"{len(missing)} did not come")
    return sum(found.values())


async def _sent(program: Path, *arguments: str, **settings: str) -> dict[str, float]:
    """Runs a program of another system; the result is when it sent each id."""
    process = await asyncio.create_subprocess_exec(
        _python(), program, *arguments,
        stdout=asyncio.subprocess.PIPE, env={**os.environ, **settings},
    )  # fmt: skip
    out, _ = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"{program.name} ended with {process.returncode}")
    sent_at: dict[str, float] = json.loads(out.splitlines()[-1])
    return sent_at


def _python() -> str:
    return os.environ["BENCH_PYTHON"]


SIDES: Final[dict[str, Side]] = {
    "Tidings, embedded server": _tidings,
    "DBOS, PostgreSQL": _dbos,
    "Celery, Redis with AOF": _celery,
}


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
