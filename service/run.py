"""The run of the service: starts everything, works until SIGTERM or SIGINT, stops everything."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pydantic import ValidationError
from temporalio import workflow
from temporalio.client import Client

from activities.delivery import DeliveryActivities
from activities.http.exchange import new_client
from activities.lanes.lanes import Lanes
from activities.secrets.keyring import Keyring
from service import log, search_attributes
from service.settings import Settings, problems, unknown
from service.worker import Workers
from tidings import TidingsError
from tidings.notification import MAX_TIMEOUT
from tidings.temporal import connect

Task = asyncio.Task[Any]

logger = logging.getLogger("tidings.worker")


async def main() -> int:
    """Runs the service; returns 0 after a stop by a signal, or 1 if it cannot start or go on."""
    try:
        settings = Settings()
    except ValidationError as error:
        for line in problems(error):
            sys.stderr.write(f"{line}\n")
        return 1
    workflow.logger.workflow_info_on_message = False
    with log.written(settings.log_level):
        for name in unknown(os.environ):
            logger.warning("worker.unknown_setting", extra={"setting": name})
        try:
            return await _serve(settings)
        except TidingsError as error:
            # The message is enough for an operator; a traceback would hide it.
            logger.error("worker.failed", extra={"problem": str(error)})  # noqa: TRY400
            return 1


async def _serve(settings: Settings) -> int:
    """Starts everything, waits for the end, and stops everything; returns the exit code."""
    # If either cannot be read, no server must have been started.
    keyring, transport = Keyring(settings.keyring), settings.new_transport()
    stop = _stop_on_signals()
    async with _temporal(settings) as (client, server_tasks), new_client(transport) as http:
        await search_attributes.register(client)
        lanes = Lanes(settings.concurrency, has_fast_lane=settings.fast_lane)
        deliveries = DeliveryActivities(http, keyring, lanes)
        workers = Workers(client, deliveries, settings.concurrency)
        work = asyncio.create_task(workers.run(), name="the worker")
        signalled = asyncio.create_task(stop.wait(), name="a signal")
        _log_start(settings, client)
        causes = await _first_to_end(work, signalled, *server_tasks)
        on_purpose = stop.is_set()  # a signal that comes later does not make a failure good
        _log_stop(causes, on_purpose=on_purpose)
        await workers.shutdown()
        await work
        logger.info("worker.stopped")
    return 0 if on_purpose else 1


def _stop_on_signals() -> asyncio.Event:
    """Returns an event that SIGTERM and SIGINT set from now on."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


@asynccontextmanager
async def _temporal(settings: Settings) -> AsyncIterator[tuple[Client, set[Task]]]:
    """Connects to Temporal, after starting the embedded server if the settings ask for it.

    The tasks are those whose end means that the server has gone.
    """
    if not settings.embedded:
        yield await connect.connect(), set()
        return
    async with settings.embedded_server.running() as server:
        yield server.client, {asyncio.create_task(server.ended(), name="the embedded server")}


async def _first_to_end(work: Task, *others: Task) -> list[str]:
    """Waits until one of the tasks ends, and cancels all but ``work``; returns what has ended."""
    ended, waiting = await asyncio.wait({work, *others}, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting - {work}:
        task.cancel()
    return [task.get_name() for task in ended]


def _log_start(settings: Settings, client: Client) -> None:
    logger.info(
        "worker.started",
        extra={
            "address": client.service_client.config.target_host,
            "namespace": client.namespace,
            "web_ui": settings.embedded_server.ui_address if settings.embedded else None,
        },
    )


def _log_stop(causes: list[str], *, on_purpose: bool) -> None:
    logger.log(
        logging.INFO if on_purpose else logging.ERROR,
        "worker.stopping",
        extra={"because_of": causes, "waits_at_most_s": MAX_TIMEOUT.total_seconds()},
    )
