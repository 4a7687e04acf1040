"""The processes of the demo: the worker with its Temporal server, and the receiver."""

import asyncio
import fcntl
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from demo import receiver
from demo.child import STOP_TIMEOUT, Child

_POLL_SECONDS: Final = 0.05


class ProcessLostError(Exception):
    """A process has ended that the demo needs; the message has its name and the end of its log."""


@dataclass(frozen=True, kw_only=True)
class Service:
    """The addresses of the Temporal server, as its worker logs them."""

    address: str
    """gRPC, as host:port."""
    web_ui: str
    """A URL without path."""


class Processes:
    """All processes of one demo, with their logs and the database in one directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.lost: asyncio.Future[ProcessLostError] = asyncio.get_running_loop().create_future()
        """Done as soon as a process ends by itself."""
        self._children: list[Child] = []
        self._watches: list[asyncio.Task[None]] = []

    async def start_worker(self) -> Service:
        """Starts ``worker.py`` with the embedded server; returns as soon as it takes work."""
        worker = await Child.start(
            "worker",
            ["worker.py"],
            directory=self.directory,
            settings={
                "TIDINGS_EMBEDDED": "true",
                "TIDINGS_EGRESS_ALLOW": receiver.HOST,
                "TIDINGS_DIRECTORY": str(self.directory),
                "TIDINGS_LOG_LEVEL": "INFO",  # the start is read from the log, at INFO
            },
        )
        self._adopt(worker)
        while True:
            started = worker.logged("worker.started")
            if started is not None:
                return Service(address=started["address"], web_ui=started["web_ui"])
            await asyncio.sleep(_POLL_SECONDS)

    async def start_receiver(self, answers: Mapping[str, Sequence[int]]) -> str:
        """Starts the receiver with its answers; returns its URL without a path."""
        child = await Child.start(
            "receiver",
            ["-m", "demo.receiver", json.dumps(answers)],
            directory=self.directory,
            stdout=asyncio.subprocess.PIPE,
        )
        self._adopt(child)
        assert child.process.stdout is not None
        port = (await child.process.stdout.readline()).decode().strip()
        if not port:
            raise await self.lost
        return f"http://{receiver.HOST}:{port}"

    async def stop(self) -> None:
        """Ends every process, the last one first, and waits for the end of all."""
        for watch in self._watches:
            watch.cancel()
        for child in reversed(self._children):
            await child.stop()
        await _until_closed(self.directory / "temporal.db")

    def _adopt(self, child: Child) -> None:
        self._children.append(child)
        self._watches.append(asyncio.create_task(self._watch(child)))

    async def _watch(self, child: Child) -> None:
        code = await child.process.wait()
        if not self.lost.done():
            words = child.last_words()
            self.lost.set_result(
                ProcessLostError(f"The {child.name} ended with code {code}:\n{words}")
            )


async def _until_closed(database: Path) -> None:
    """Waits for the end of the server, which takes a moment longer if its worker was killed."""
    async with asyncio.timeout(STOP_TIMEOUT.total_seconds()):
        while True:
            if not _is_open(database):
                return
            await asyncio.sleep(_POLL_SECONDS)


def _is_open(database: Path) -> bool:
    """True if a process uses the database: SQLite then holds a lock on its WAL index."""
    try:
        with database.with_name(f"{database.name}-shm").open("r+b") as wal_index:
            fcntl.lockf(wal_index, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:  # never opened, or closed in order
        return False
    return False
