"""The two sides of the comparison: Tidings, and the plainest workflow."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from temporalio.client import Client

from bench import plain
from bench.target import HOST
from demo.child import Child
from tidings import Notification, NotificationClient

_POLL_SECONDS: Final = 0.05
Send = Callable[[str, str, Any], Awaitable[object]]
"""Sends the notification of an id to a URL with a body."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """A running side."""

    client: Client
    """A client of its server, for counts."""
    send: Send
    pid: int
    """The process of the worker; the server is below it."""


@asynccontextmanager
async def tidings(directory: Path) -> AsyncIterator[Side]:
    """Tidings, as ``worker.py`` runs it."""
    settings = {
        "TIDINGS_EMBEDDED": "true",
        "TIDINGS_EGRESS_ALLOW": HOST,
        "TIDINGS_DIRECTORY": str(directory),
        "TIDINGS_LOG_LEVEL": "INFO",  # the start is read from the log
    }
    child = await Child.start("tidings", ["worker.py"], directory=directory, settings=settings)
    try:
        while (started := child.logged("worker.started")) is None:
            if child.process.returncode is not None:
                raise RuntimeError(child.last_words())
            await asyncio.sleep(_POLL_SECONDS)
        client = await Client.connect(started["address"])
        sender = await NotificationClient.connect(started["address"])

        async def send(id_: str, target: str, body: Any) -> None:
            await sender.send(Notification(id=id_, type="bench.sent", target=target, body=body))

        yield Side(client=client, send=send, pid=child.process.pid)
    finally:
        await child.stop()


@asynccontextmanager
async def floor(directory: Path) -> AsyncIterator[Side]:
    """The plainest workflow that delivers."""
    arguments = ["-m", "bench.plain", str(directory)]
    pipe = asyncio.subprocess.PIPE
    child = await Child.start("plain", arguments, directory=directory, stdout=pipe)
    try:
        assert child.process.stdout is not None
        address = (await child.process.stdout.readline()).decode().strip()
        if not address:
            raise RuntimeError(child.last_words())
        client = await Client.connect(address)

        async def send(id_: str, target: str, body: Any) -> None:
            await plain.send(client, id_, target, body)

        yield Side(client=client, send=send, pid=child.process.pid)
    finally:
        await child.stop()


SIDES: Final = {"plainest workflow": floor, "Tidings": tidings}
