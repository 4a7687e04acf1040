"""The two sides of the comparison: Tidings, and the plainest workflow."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from temporalio.client import Client

from activities.delivery import DeliveryActivities
from activities.egress.rules import EgressRules
from activities.http.exchange import new_client
from activities.http.transport import GuardedTransport
from activities.lanes.lanes import Lanes
from activities.secrets.keyring import Keyring
from bench import plain
from bench.load import Send
from bench.server import embedded
from bench.target import HOST
from demo.child import Child
from service import search_attributes
from service.worker import Workers
from tidings import Notification, NotificationClient

_POLL_SECONDS: Final = 0.05
_CONCURRENCY: Final = 200


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
        yield _side_of(sender, client, child.process.pid)
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


@asynccontextmanager
async def tidings_in_one(directory: Path) -> AsyncIterator[Side]:
    """Tidings with the worker in the process of the sender."""
    transport = GuardedTransport(EgressRules.parse(HOST))
    async with embedded(directory).running() as server, new_client(transport) as http:
        await search_attributes.register(server.client)
        deliveries = DeliveryActivities(http, Keyring(None), Lanes(_CONCURRENCY))
        workers = Workers(server.client, deliveries, _CONCURRENCY)
        work = asyncio.create_task(workers.run())
        try:
            yield _side_of(NotificationClient(server.client), server.client, os.getpid())
        finally:
            await workers.shutdown()
            await work


@asynccontextmanager
async def floor_in_one(directory: Path) -> AsyncIterator[Side]:
    """The plainest workflow with the worker in the process of the sender."""
    async with plain.running(directory) as client:

        async def send(id_: str, target: str, body: Any) -> None:
            await plain.send(client, id_, target, body)

        yield Side(client=client, send=send, pid=os.getpid())


def _side_of(sender: NotificationClient, client: Client, pid: int) -> Side:
    async def send(id_: str, target: str, body: Any) -> None:
        await sender.send(Notification(id=id_, type="bench.sent", target=target, body=body))

    return Side(client=client, send=send, pid=pid)


Start = Callable[[Path], AbstractAsyncContextManager[Side]]
"""Starts a side, whose files are in the directory."""
IN_TWO_PROCESSES: Final[dict[str, Start]] = {"plainest workflow": floor, "Tidings": tidings}
IN_ONE_PROCESS: Final[dict[str, Start]] = {
    "plainest workflow, one process": floor_in_one,
    "Tidings, one process": tidings_in_one,
}
