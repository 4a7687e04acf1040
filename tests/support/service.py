"""The service as its users run it: processes, ports and files, and targets on loopback."""

import asyncio
import json
import os
import random
import signal
import socket
import sys
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from tidings import NotificationClient, NotificationState, Status

ROOT = Path(__file__).parents[2]


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on, all different.

    They are below those that systems give to outgoing connections, which would take one away
    again before its server has started.
    """
    found: list[int] = []
    while len(found) < count:
        port = random.randrange(15_000, 32_000)
        with socket.socket() as probe:
            if port not in found and probe.connect_ex(("127.0.0.1", port)) != 0:
                found.append(port)
    return found


def log_lines(log: Path) -> list[dict[str, Any]]:
    """The structured lines of a worker's log; what is none has no event."""
    found = []
    for line in log.read_text().splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            found.append({"event": None, "text": line})
    return found


@dataclass
class Process:
    """A process of ours, with what it said."""

    process: asyncio.subprocess.Process
    log: Path

    def lines(self) -> list[dict[str, Any]]:
        """The structured lines of its log; what is none has no event."""
        return log_lines(self.log)

    async def said(self, event: str, count: int = 1) -> list[dict[str, Any]]:
        """Waits until it has logged an event so many times."""
        async with asyncio.timeout(30):
            while len(found := [each for each in self.lines() if each["event"] == event]) < count:
                if self.process.returncode is not None:
                    raise AssertionError(f"it ended first: {self.log.read_text()}")
                await asyncio.sleep(0.02)
        return found

    async def ended(self) -> int:
        """Its exit code."""
        async with asyncio.timeout(60):
            return await self.process.wait()

    def send(self, number: signal.Signals) -> None:
        """Sends it a signal."""
        self.process.send_signal(number)


@dataclass
class Service:
    """``worker.py`` with an embedded server of its own, or with another's."""

    directory: Path
    settings: dict[str, str] = field(default_factory=dict)
    ports: list[int] = field(default_factory=lambda: free_ports(3))
    started: int = 0

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.ports[0]}"

    @property
    def log(self) -> Path:
        """The log of the worker that was started last."""
        return self.directory / f"worker-{self.started}.log"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a process that is to find this service, and nothing else."""
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
        """Starts a worker, without waiting for it."""
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
        """A worker that has started, and is stopped in the end."""
        worker = await self.start(embedded=embedded, **settings)
        try:
            await worker.said("worker.started")
            yield worker
        finally:
            if worker.process.returncode is None:
                worker.send(signal.SIGTERM)
                await worker.ended()

    async def client(self) -> NotificationClient:
        """A client connected to it."""
        return await NotificationClient.connect(self.address)

    async def starter(
        self, *arguments: str, stdin: bytes | None = None, **settings: str
    ) -> tuple[int, str, str]:
        """Runs the command line: exit code, standard output, standard error."""
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


async def until(
    client: NotificationClient, notification_id: str, status: Status
) -> NotificationState:
    """The state once a notification has reached ``status``."""
    async with asyncio.timeout(30):
        while (state := await client.state(notification_id)).status is not status:
            await asyncio.sleep(0.05)
    return state


async def until_attempts(
    client: NotificationClient, notification_id: str, count: int
) -> NotificationState:
    """The state once so many attempts have ended."""
    async with asyncio.timeout(30):
        while (state := await client.state(notification_id)).attempt_count < count:
            await asyncio.sleep(0.05)
    return state


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    at: datetime
    headers: dict[str, str]
    """By their names in lower case."""
    body: bytes


@dataclass
class Receiver:
    """A target on loopback; the first part of a path tells how it is answered.

    ``/ok``, ``/503``, ``/404`` and so on; ``/503,200`` in turn, the last for good;
    ``/slow/0.2`` after so many seconds; ``/hold`` once ``release`` is set.
    """

    url: str = ""
    seen: Counter[str] = field(default_factory=Counter)
    order: list[str] = field(default_factory=list)
    requests: defaultdict[str, list[Received]] = field(default_factory=lambda: defaultdict(list))
    release: asyncio.Event = field(default_factory=asyncio.Event)
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def wait_for(self, notification_id: str, count: int = 1) -> None:
        """Waits until so many requests for a notification have come."""
        async with asyncio.timeout(30), self.arrived:
            await self.arrived.wait_for(lambda: self.seen[notification_id] >= count)

    async def _answer(self, request: web.Request) -> web.Response:
        notification_id = request.headers["webhook-id"]
        headers = {name.lower(): value for name, value in request.headers.items()}
        received = Received(datetime.now(UTC), headers, await request.read())
        async with self.arrived:
            self.requests[notification_id].append(received)
            self.seen[notification_id] += 1
            self.order.append(notification_id)
            self.arrived.notify_all()
        _, how, *rest = request.path.split("/")
        if how == "slow":
            await asyncio.sleep(float(rest[0]))
        if how == "hold":
            await self.release.wait()
        statuses = [int(each) for each in how.split(",") if each.isdigit()] or [200]
        status = statuses[: self.seen[notification_id]][-1]
        return web.Response(status=status, text="success")

    @asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator["Receiver"]:
        """Listens, on any port or a certain one."""
        application = web.Application(client_max_size=2 * 1024**2)
        application.router.add_route("*", "/{path:.*}", self._answer)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await runner.cleanup()
