"""The service as its users run it: processes, ports and files."""

import asyncio
import json
import os
import random
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.until import until
from tidings import NotificationClient

ROOT = Path(__file__).parents[2]
"""The checkout."""


def is_listening(port: int) -> bool:
    """True if somebody listens on ``port`` of loopback."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_ports(count: int) -> list[int]:
    """Returns different ports that nobody listens on.

    They are below the ports that systems give to outgoing connections. Such a connection could
    take a port before its server has started.
    """
    found: list[int] = []
    while len(found) < count:
        port = random.randrange(15_000, 32_000)
        if port not in found and not is_listening(port):
            found.append(port)
    return found


def log_lines(log: Path) -> list[dict[str, Any]]:
    """Returns the lines of a worker's log; a line that is not JSON has the event ``None``."""
    return [_fields(line) for line in log.read_text().splitlines()]


def _fields(line: str) -> dict[str, Any]:
    try:
        fields: dict[str, Any] = json.loads(line)
    except ValueError:
        return {"event": None, "text": line}
    return fields


@dataclass
class Process:
    """A process of the service, and its log."""

    process: asyncio.subprocess.Process
    log: Path

    def lines(self) -> list[dict[str, Any]]:
        """Returns the lines of its log, as ``log_lines`` does."""
        return log_lines(self.log)

    async def logged(self, event: str, count: int = 1) -> list[dict[str, Any]]:
        """Waits until it has logged an event ``count`` times; returns those lines."""

        def found() -> list[dict[str, Any]] | None:
            lines = [each for each in self.lines() if each["event"] == event]
            if len(lines) >= count:
                return lines
            assert self.process.returncode is None, f"it ended first: {self.log.read_text()}"
            return None

        return await until(found, what=f"{event} to be logged {count} times")

    async def ended(self) -> int:
        """Waits for its end; returns the exit code."""
        async with asyncio.timeout(60):
            return await self.process.wait()

    def send(self, number: signal.Signals) -> None:
        """Sends it a signal."""
        self.process.send_signal(number)

    async def kill(self) -> None:
        """Kills it, and waits for its end."""
        self.send(signal.SIGKILL)
        await self.ended()


@dataclass
class Service:
    """``worker.py``, with an embedded server of its own or with another server."""

    directory: Path
    settings: dict[str, str] = field(default_factory=dict)
    """Environment variables of its processes, beside those that ``environment`` has anyway."""
    ports: list[int] = field(default_factory=lambda: free_ports(3))
    """Ports of the embedded server: gRPC, Web UI, HTTP API."""
    started: int = 0
    """Workers that have been started so far."""

    @property
    def address(self) -> str:
        """The address of Temporal, as host:port."""
        return f"127.0.0.1:{self.ports[0]}"

    @property
    def log(self) -> Path:
        """The log of the worker that was started last."""
        return self.directory / f"worker-{self.started}.log"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a process that has to find this service, and nothing else."""
        port, ui_port, http_port = map(str, self.ports)
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.directory),
            "TEMPORAL_ADDRESS": self.address,
            "TIDINGS_DIRECTORY": str(self.directory / "data"),
            "TIDINGS_PORT": port,
            "TIDINGS_UI_PORT": ui_port,
            "TIDINGS_HTTP_PORT": http_port,
            "TIDINGS_EGRESS_ALLOW": "127.0.0.1",
            **self.settings,
        }

    async def start(self, *, embedded: bool = True, **settings: str) -> Process:
        """Starts a worker, and does not wait for it."""
        self.started += 1
        with self.log.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                ROOT / "worker.py",
                env={**self.environment, "TIDINGS_EMBEDDED": str(embedded), **settings},
                stdout=output,
                stderr=output,
            )
        return Process(process, self.log)

    @asynccontextmanager
    async def worker(self, *, embedded: bool = True, **settings: str) -> AsyncIterator[Process]:
        """Runs a worker for the length of the block, from the moment when it has started."""
        worker = await self.start(embedded=embedded, **settings)
        try:
            await worker.logged("worker.started")
            yield worker
        finally:
            if worker.process.returncode is None:
                worker.send(signal.SIGTERM)
                await worker.ended()

    async def client(self) -> NotificationClient:
        """Returns a new client of this service."""
        return await NotificationClient.connect(self.address)

    async def starter(
        self, *arguments: str, stdin: bytes | None = None, **settings: str
    ) -> tuple[int, str, str]:
        """Runs the command line; returns its exit code, standard output and standard error."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            ROOT / "starter.py",
            *arguments,
            env={**self.environment, **settings},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(60):
            out, err = await process.communicate(stdin)
        assert process.returncode is not None
        return process.returncode, out.decode(), err.decode()
