"""``python -m demo``: runs the demo once and leaves nothing behind, however it ends."""

import argparse
import asyncio
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from demo.performance import Performance
from demo.processes import Processes, ProcessLostError
from tidings import TidingsError
from tidings.temporal import process

_AFTERSHOCK_SECONDS: Final = 2
"""Time after an error in which the end of a process may prove to be its cause."""


async def main() -> int:
    """Runs the demo; returns 0 if all sides agree, 128 + its number after a signal, otherwise 1."""
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="keep everything running afterwards")
    keep = parser.parse_args().keep
    stopped = _stop_signal()
    _ignore_temporal_settings()
    directory = Path(tempfile.mkdtemp(prefix="tidings-demo-"))
    processes = Processes(directory)
    performance = asyncio.create_task(Performance(processes).run(keep=keep))
    try:
        return await _result(performance, processes.lost, stopped)
    finally:
        await processes.stop()
        if keep:
            print(f"The database and the logs are kept in {directory}")
        else:
            shutil.rmtree(directory)


async def _result(
    performance: asyncio.Task[int],
    lost: asyncio.Future[ProcessLostError],
    stopped: asyncio.Future[signal.Signals],
) -> int:
    """Waits for the end of the performance, of a process or for a signal; returns the exit code."""
    ends: set[asyncio.Future[Any]] = {performance, lost, stopped}
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    if performance.done() and performance.exception() is not None:
        # An error is often only the first sign of a process that has ended.
        await asyncio.wait(
            ends - {performance}, timeout=_AFTERSHOCK_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
    if not performance.done():
        performance.cancel()
        await asyncio.wait({performance})
    if stopped.done():
        return 128 + stopped.result()
    try:
        if lost.done():
            raise lost.result()
        return performance.result()
    except (ProcessLostError, TidingsError) as error:
        print(error, file=sys.stderr)
        return 1


def _stop_signal() -> asyncio.Future[signal.Signals]:
    """Returns a future of the first stop signal; a second one would interrupt the clean-up."""
    loop = asyncio.get_running_loop()
    stopped: asyncio.Future[signal.Signals] = loop.create_future()

    def stop(number: signal.Signals) -> None:
        if not stopped.done():
            stopped.set_result(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number is signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN:
            continue  # under nohup, the end of the terminal is not a reason to stop
        loop.add_signal_handler(number, stop, number)
    return stopped


def _ignore_temporal_settings() -> None:
    """Removes ``TEMPORAL_*`` settings of the user: they would lead the demo to another server."""
    for name in [name for name in os.environ if name.startswith("TEMPORAL_")]:
        del os.environ[name]
    os.environ["TEMPORAL_CONFIG_FILE"] = os.devnull


if __name__ == "__main__":
    process.run(main())
