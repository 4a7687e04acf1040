"""The service: starts everything, and runs until SIGTERM or SIGINT."""

import asyncio
import logging
import os
import signal
import sys
from contextlib import AsyncExitStack
from typing import Any

from pydantic import ValidationError
from temporalio import workflow

from activities.delivery import DeliveryActivities
from activities.http.exchange import new_client
from activities.secrets.keyring import Keyring
from service import log, search_attributes
from service.settings import Settings, refusals, unknown
from service.worker import new_worker
from tidings import TidingsError
from tidings.notification import MAX_TIMEOUT
from tidings.temporal import connect, runtime

logger = logging.getLogger("tidings.worker")


async def main() -> int:
    """Runs the service; 0 after a stop by signal, 1 where it could not start or go on."""
    try:
        settings = Settings()
    except ValidationError as error:
        for line in refusals(error):
            sys.stderr.write(f"{line}\n")
        return 1
    runtime.forward_sdk_logs()
    workflow.logger.workflow_info_on_message = False
    with log.written(settings.log_level):
        for name in unknown(os.environ):
            logger.warning("worker.unknown_setting", extra={"setting": name})
        try:
            async with AsyncExitStack() as stack:
                return await _serve(settings, stack)
        except TidingsError as error:
            # The message says it all; a traceback would hide it.
            logger.error("worker.failed", extra={"problem": str(error)})  # noqa: TRY400
            return 1


async def _serve(settings: Settings, stack: AsyncExitStack) -> int:
    keyring, transport = Keyring(settings.keyring), settings.new_transport()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    ends: set[asyncio.Task[Any]] = {asyncio.create_task(stop.wait(), name="a signal")}
    if settings.embedded:
        server = await stack.enter_async_context(settings.embedded_server.running())
        client = server.client
        ends.add(asyncio.create_task(server.ended(), name="the embedded server"))
    else:
        client = await connect.connect()
    await search_attributes.register(client)
    http = await stack.enter_async_context(new_client(transport))
    worker = new_worker(client, DeliveryActivities(http, keyring), settings.concurrency)
    running = asyncio.create_task(worker.run(), name="the worker")
    logger.info(
        "worker.started",
        extra={
            "address": client.service_client.config.target_host,
            "namespace": client.namespace,
            "web_ui": settings.embedded_server.ui_address if settings.embedded else None,
        },
    )
    ended, waiting = await asyncio.wait({running, *ends}, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting - {running}:
        task.cancel()
    causes = [task.get_name() for task in ended]
    logger.log(
        logging.INFO if stop.is_set() else logging.ERROR,
        "worker.stopping",
        extra={"because_of": causes, "waits_at_most_s": MAX_TIMEOUT.total_seconds()},
    )
    await worker.shutdown()
    await running
    logger.info("worker.stopped")
    return 0 if stop.is_set() else 1
