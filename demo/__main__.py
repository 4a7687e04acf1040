"""``python -m demo``: one performance, and whatever happens, nothing of it is left behind."""

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
"""How long after an error to wait for the news that a lost process was the cause."""


async def main() -> int:
    """Runs the demo; 0 if all sides agree, 128 and its number after a signal, otherwise 1."""
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="leave everything running to look at")
    keep = parser.parse_args().keep
    stopped = _stop_signal()
    _ignore_temporal_settings()
    directory = Path(tempfile.mkdtemp(prefix="tidings-demo-"))
    processes = Processes(directory)
    performance = asyncio.create_task(Performance(processes).run(keep=keep))
    try:
        return await _until_over(performance, processes.lost, stopped)
    finally:
        await processes.stop()
        if keep:
            print(f"The database and the logs are kept in {directory}")
        else:
            shutil.rmtree(directory)


async def _until_over(
    performance: asyncio.Task[int],
    lost: asyncio.Future[ProcessLostError],
    stopped: asyncio.Future[signal.Signals],
) -> int:
    ends: set[asyncio.Future[Any]] = {performance, lost, stopped}
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    if performance.done() and performance.exception() is not None:
        # What went wrong is often only how a lost process was noticed first.
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
    """Done with the first signal to stop; later ones would only leave things behind."""
    loop = asyncio.get_running_loop()
    stopped: asyncio.Future[signal.Signals] = loop.create_future()

    def stop(number: signal.Signals) -> None:
        if not stopped.done():
            stopped.set_result(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number is signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN:
            continue  # nohup
        loop.add_signal_handler(number, stop, number)
    return stopped


def _ignore_temporal_settings() -> None:
    """The demo has a server of its own, whichever one the settings of this user lead to."""
    for name in [name for name in os.environ if name.startswith("TEMPORAL_")]:
        del os.environ[name]
    os.environ["TEMPORAL_CONFIG_FILE"] = os.devnull


if __name__ == "__main__":
    process.run(main())
