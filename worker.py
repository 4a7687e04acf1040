"""The service: puts everything together, and runs until SIGTERM or SIGINT."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from pythonjsonlogger.json import JsonFormatter
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
from activities.egress import EgressRules
from activities.halting import halt
from activities.http import new_client
from activities.keyring import Keyring
from activities.proxy import Proxy
from activities.transport import GuardedTransport
from tidings import TemporalRequestError, TidingsError, connection, contract
from tidings.embedded import EmbeddedServer
from tidings.notification import MAX_TIMEOUT
from workflows.notification import NotificationWorkflow

logger = logging.getLogger("tidings.worker")

_CONCEALED: Final = frozenset({"keyring", "proxy"})
"""Settings whose values may hold secrets, rightly or by mistake, and so stay out of messages."""


def _readable(read: Callable[[str], object]) -> AfterValidator:
    def check(text: str) -> str:
        read(text)
        return text

    return AfterValidator(check)


Port = Annotated[int, Field(ge=1, le=65535)]


class Settings(BaseSettings):
    """The ``TIDINGS_*`` environment."""

    model_config = SettingsConfigDict(
        env_prefix="TIDINGS_", env_ignore_empty=True, use_attribute_docstrings=True
    )

    embedded: bool = False
    """Run a Temporal server of our own beside the worker, and use that."""
    directory: Path = Path(".tidings")
    """Where the embedded server keeps its database and its log."""
    port: Port = 7233
    """Embedded server: gRPC."""
    ui_port: Port = 8233
    """Embedded server: Web UI."""
    http_port: Port = 7243
    """Embedded server: Temporal's HTTP API."""
    retention: Annotated[timedelta, Field(ge=timedelta(hours=1))] = timedelta(days=7)
    """Embedded server: how long ended notifications are kept, at least an hour."""
    concurrency: Annotated[int, Field(ge=1, le=10_000)] = 200
    """The most attempts that this worker has in flight."""
    egress_allow: Annotated[str, _readable(EgressRules.parse)] = ""
    """What may be connected to beside public addresses: networks and host names, with commas."""
    keyring: Path | None = None
    """The keys that sign: a TOML file, or a directory with one file a key."""
    proxy: Annotated[str, _readable(Proxy.parse)] | None = None
    """The URL of the proxy that all requests go through."""
    connections_per_host: Annotated[int, Field(ge=0)] = 0
    """The most connections of this worker to one host and port; 0 is no limit."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def transport(self) -> GuardedTransport:
        """What requests go out through."""
        return GuardedTransport(
            EgressRules.parse(self.egress_allow),
            proxy=Proxy.parse(self.proxy) if self.proxy is not None else None,
            connections_per_host=self.connections_per_host,
        )

    @property
    def embedded_server(self) -> EmbeddedServer:
        """The server that ``embedded`` asks for."""
        return EmbeddedServer(
            directory=self.directory,
            port=self.port,
            ui_port=self.ui_port,
            http_port=self.http_port,
            retention=self.retention,
        )


async def main() -> int:
    """Runs the service; 0 after a stop by signal, 1 where it could not start or go on."""
    try:
        settings = Settings()
    except ValidationError as error:
        for problem in error.errors():
            field = str(problem["loc"][0])
            setting = f"TIDINGS_{field.upper()}"
            rule = problem["msg"].removeprefix("Value error, ")
            if not rule.startswith(setting):
                # The input may have been read into what its writer would not know again.
                given = os.environ.get(setting, problem["input"])
                told = "" if field in _CONCEALED else f" is {given!r}"
                rule = f"{setting}{told}: {rule}"
            sys.stderr.write(f"{rule}\n")
        return 1
    configure_logging(settings.log_level)
    try:
        async with AsyncExitStack() as stack:
            return await _serve(settings, stack)
    except TidingsError as error:
        # The message says it all; a traceback would hide it.
        logger.error("worker.failed", extra={"problem": str(error)})  # noqa: TRY400
        return 1


async def _serve(settings: Settings, stack: AsyncExitStack) -> int:
    keyring, transport = Keyring(settings.keyring), settings.transport
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
    # Names are resolved in threads: a target with a dead name server must not take them all.
    resolvers = ThreadPoolExecutor(max_workers=concurrency, thread_name_prefix="resolver")
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


def configure_logging(level: str) -> None:
    """One JSON object a line on standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(
        JsonFormatter(
            "{asctime}{levelname}{name}{message}",
            style="{",
            rename_fields={"asctime": "time", "levelname": "level", "message": "event"},
            json_ensure_ascii=False,
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    if level == "DEBUG":  # the SDK's own would tell whole activities, answers of targets included
        logging.getLogger("temporalio").setLevel(logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs whole URLs
    connection.forward_sdk_logs()
    workflow.logger.workflow_info_on_message = False


if __name__ == "__main__":
    connection.run(main())
