"""``python -m bench.commands [COUNT]``: time and memory of each command among many notifications.

It starts a service of its own on the default ports, sends COUNT notifications (default: 20,000),
brings them into all states, and runs each command of an operator three times. It leaves nothing
behind.
"""

import argparse
import asyncio
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Final

from bench import target
from bench.measure import Measured, measured
from bench.population import populate
from demo.processes import Processes
from tidings import NotificationClient

RUNS: Final = 3
_PERSON: Final = ("--operator", "bench", "--reason", "measured")
COMMANDS: Final[Sequence[Sequence[str]]] = (
    ("summary",),
    ("summary", "--by", "type", "--by", "url"),
    ("count",),
    ("count", "--by", "cause"),
    ("count", "--by", "target", "--by", "cause"),
    ("list", "--limit", "20"),
    ("list", "--status", "awaiting_intervention"),
    ("list", "--cause", "connection_refused"),
    ("list", "--json"),
    ("list", "--id-prefix", "refused-10"),
    ("list", "--status", "rejected"),
    ("state", "refused-1"),
    ("state", "refused-1", "--sent"),
    ("export", "--day", "today"),
    ("export", "--day", "today", "--format", "csv", "--columns", "id,status,target"),
    ("resend", "--cause", "connection_refused", *_PERSON),
    ("correct", "--cause", "refused", "--new-target", "http://127.0.0.1/new", *_PERSON),
    ("abandon", "--ids", "{ids}", *_PERSON),
    ("batch",),
)
"""The commands. Those that act ask first, and get a no."""


async def main() -> int:
    """Runs the measurement; returns 0."""
    parser = argparse.ArgumentParser(prog="python -m bench.commands", description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=20_000)
    count: int = parser.parse_args().count
    directory = Path(tempfile.mkdtemp(prefix="tidings-bench-"))
    processes = Processes(directory)
    try:
        with target.running() as url:
            service = await processes.start_worker()
            client = await NotificationClient.connect(service.address)
            begun = time.monotonic()
            await populate(client, _http_api(), url, count)
            print(f"{await client.count():,} notifications in {time.monotonic() - begun:.0f} s")
        ids = directory / "ids"
        ids.write_text("".join(f"answered-{each}\n" for each in range(count // 20)))
        _print_header(count)
        for command in COMMANDS:
            filled = [each.format(ids=ids) for each in command]
            environment = {"TEMPORAL_ADDRESS": service.address}
            runs = [
                await asyncio.to_thread(measured, filled, environment, directory)
                for _ in range(RUNS)
            ]
            _print_row(command, runs)
    finally:
        await processes.stop()
        shutil.rmtree(directory)
    return 0


def _http_api() -> str:
    return f"http://{target.HOST}:{os.environ.get('TIDINGS_HTTP_PORT', '7243')}"


def _print_header(count: int) -> None:
    print(
        f"{count:,} notifications, {datetime.now(UTC):%Y-%m-%d}, "
        f"Python {platform.python_version()}, median of {RUNS} runs, start of Python included\n"
    )
    print("| command | lines | seconds | MiB |\n|---|--:|--:|--:|")


def _print_row(command: Sequence[str], runs: Sequence[Measured]) -> None:
    shown = " ".join(each for each in command if each not in _PERSON)
    seconds = median(each.seconds for each in runs)
    memory = max(each.mebibytes for each in runs)
    print(f"| `{shown}` | {runs[0].lines:,} | {seconds:.2f} | {memory:.0f} |", flush=True)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
