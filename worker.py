"""The service: puts everything together, and runs until SIGTERM or SIGINT."""

import asyncio
import logging
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from typing import Any, Final

from pydantic import ValidationError
from temporalio import workflow
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import Worker

from activities.delivery import DeliveryActivities
from activities.halting import halt
from activities.http import new_client
from activities.keyring import Keyring
from service import log
from service.settings import Settings, refusals, unknown
from tidings import TemporalRequestError, TidingsError, connection, contract
from tidings.notification import MAX_TIMEOUT
from workflows.notification import NotificationWorkflow

logger = logging.getLogger("tidings.worker")

THREADS_PER_ATTEMPT: Final = 4
"""A look-up may take the system 30 s, and an attempt that waits for it 10 s or less."""


async def main() -> int:
    """Runs the service; 0 after a stop by signal, 1 where it could not start or go on."""
    try:
        settings = Settings()
    except ValidationError as error:
        for line in refusals(error):
            sys.stderr.write(f"{line}\n")
        return 1
    connection.forward_sdk_logs()
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
        client = await connection.connect()
    await register_search_attributes(client)
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


def new_worker(client: Client, deliveries: DeliveryActivities, concurrency: int) -> Worker:
    """The Temporal worker with everything that a notification needs."""
    # Names are resolved in threads, which go on when their attempt has ended: those that wait for
    # dead name servers must not take them all.
    threads = concurrency * THREADS_PER_ATTEMPT
    resolvers = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="resolver")
    asyncio.get_running_loop().set_default_executor(resolvers)
    return Worker(
        client,
        task_queue=contract.TASK_QUEUE,
        workflows=[NotificationWorkflow],
        activities=[deliveries.deliver, halt],
        max_concurrent_activities=concurrency,
        # Eager activities skip the task queue, and with it the fairness between targets.
        disable_eager_activity_execution=True,
        # Every attempt ends by itself within its timeout, so none is cut off by a shutdown.
        graceful_shutdown_timeout=MAX_TIMEOUT,
    )


async def register_search_attributes(client: Client) -> None:
    """Registers our search attributes where they are missing.

    Raises ``TemporalRequestError`` with what to do where this worker may not.
    """
    keyword = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
    command = "temporal operator search-attribute create " + " ".join(
        f"--name {name} --type Keyword" for name in contract.SEARCH_ATTRIBUTES
    )
    try:
        known = (
            await client.operator_service.list_search_attributes(
                ListSearchAttributesRequest(namespace=client.namespace)
            )
        ).custom_attributes
        missing = [name for name in contract.SEARCH_ATTRIBUTES if name not in known]
        if missing:
            await client.operator_service.add_search_attributes(
                AddSearchAttributesRequest(
                    namespace=client.namespace,
                    search_attributes=dict.fromkeys(missing, keyword),
                )
            )
    except RPCError as error:
        raise TemporalRequestError(
            f"the search attributes of Tidings could not be registered ({error.message}); "
            f"have somebody who may do it: {command} --namespace {client.namespace}"
        ) from error
    wrong = [name for name in contract.SEARCH_ATTRIBUTES if known.get(name, keyword) != keyword]
    if wrong:
        raise TemporalRequestError(
            f"search attribute {wrong[0]} exists with another type; Tidings needs: {command}"
        )


if __name__ == "__main__":
    if len(sys.argv) > 1:  # --help among them: it must not start a worker
        sys.exit("worker.py takes no arguments; its settings are TEMPORAL_* and TIDINGS_* (README)")
    connection.run(main())
