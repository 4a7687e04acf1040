"""The floor: the plainest workflow that delivers, one activity in it, on the embedded server.

``python -m bench.plain DIRECTORY`` runs its server and its worker until SIGTERM. It uses what the
SDK's own examples use, and does nothing of what Tidings is for.
"""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import Worker

with workflow.unsafe.imports_passed_through():
    import httpx

    from bench.server import embedded

TASK_QUEUE: Final = "plain"


class Deliveries:
    """The activity, with the HTTP client that all calls share."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    @activity.defn
    async def post(self, id_: str, target: str, body: Any) -> None:
        """Posts a body, and raises unless the target answers 2xx."""
        answer = await self._http.post(target, json=body, headers={"webhook-id": id_})
        answer.raise_for_status()


@workflow.defn
class Plain:
    """One notification without schedule, state, story or person."""

    @workflow.run
    async def run(self, id_: str, target: str, body: Any) -> None:
        """Delivers it."""
        await workflow.execute_activity_method(
            Deliveries.post, args=[id_, target, body], start_to_close_timeout=timedelta(seconds=10)
        )


async def send(client: Client, id_: str, target: str, body: Any) -> None:
    """Starts the workflow of one notification."""
    await client.start_workflow(Plain.run, args=[id_, target, body], id=id_, task_queue=TASK_QUEUE)


@asynccontextmanager
async def running(directory: Path) -> AsyncIterator[Client]:
    """Runs server and worker for the length of the block; the value is their client."""
    async with embedded(directory).running() as server, httpx.AsyncClient() as http:
        activities = [Deliveries(http).post]
        async with Worker(
            server.client, task_queue=TASK_QUEUE, workflows=[Plain], activities=activities
        ):
            yield server.client


async def main(directory: Path) -> None:
    """Runs server and worker; prints the address of the server."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with running(directory) as client:
        print(client.service_client.config.target_host, flush=True)
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
