"""Sending of one notification, or of many at once."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from temporalio.client import Client
from temporalio.exceptions import WorkflowAlreadyStartedError

from tidings import contract, policy
from tidings.errors import (
    InvalidInputError,
    NotificationConflictError,
    TemporalUnavailableError,
    TidingsError,
)
from tidings.notification import Notification
from tidings.results import Receipt, SendResult
from tidings.temporal import calls, converter, origin
from tidings.temporal.start import start_options

Sendable = Notification | Mapping[str, Any] | InvalidInputError
"""A notification, the JSON object of one, or the error of reading it."""


async def send(client: Client, notification: Notification) -> Receipt:
    """``NotificationClient.send``."""
    policy.check_notification(notification)
    try:
        async with calls.request(client, f"record {notification.id!r}"):
            await client.start_workflow(
                contract.WORKFLOW_TYPE,
                converter.json_payload(notification.to_json()),
                task_queue=contract.TASK_QUEUE,
                # If a worker of this process uses the same client, it gets the first task with the
                # answer, which saves the way through the task queue. Otherwise nothing changes.
                request_eager_start=True,
                **start_options(notification, datetime.now(UTC)),
            )
    except WorkflowAlreadyStartedError as error:
        await _check_same(client, notification, error.first_run_id or error.run_id)
        return Receipt(id=notification.id, created=False)
    return Receipt(id=notification.id, created=True)


async def send_many(
    client: Client,
    notifications: Iterable[Sendable],
    *,
    concurrency: int,
    progress: Callable[[SendResult], None] | None,
) -> list[SendResult]:
    """``NotificationClient.send_many``."""
    if concurrency < 1:
        raise InvalidInputError(f"concurrency is {concurrency}: it has to be at least 1")
    results: list[SendResult] = []
    pending = iter(list(enumerate(notifications)))  # an input that raises does so before a send
    unavailable: TemporalUnavailableError | None = None

    async def work() -> None:
        nonlocal unavailable
        for index, item in pending:
            result = SendResult(index=index, id=_id_of(item))
            try:
                if isinstance(item, InvalidInputError):
                    raise item
                if unavailable is not None:
                    raise unavailable
                receipt = await send(client, Notification.model_validate(item))
                result = replace(result, receipt=receipt)
            except TidingsError as error:
                if isinstance(error, TemporalUnavailableError):
                    unavailable = error
                result = replace(result, error=error)
            results.append(result)
            if progress is not None:
                progress(result)

    async with asyncio.TaskGroup() as workers:
        for _ in range(concurrency):
            workers.create_task(work())
    return sorted(results, key=lambda result: result.index)


async def _check_same(client: Client, notification: Notification, first_run_id: str | None) -> None:
    """Raises ``NotificationConflictError`` if the id was sent with other content."""
    async with calls.request(client, f"compare {notification.id!r}"):
        try:
            sent = await origin.first(client, contract.workflow_id(notification.id), first_run_id)
        except InvalidInputError as error:
            raise NotificationConflictError(
                f"id {notification.id!r} was used for malformed input ({error}); "
                "send this under another id"
            ) from error
    if differences := notification.unlike(sent.fingerprints):
        raise NotificationConflictError(
            f"notification {notification.id!r} was sent before with another "
            f"{', '.join(differences)}; "
            "give new content a new id, or correct the first one"
        )


def _id_of(item: object) -> str | None:
    """The id in ``item``, even if the rest of it is broken."""
    if isinstance(item, Notification):
        return item.id
    claimed = item.get("id") if isinstance(item, Mapping) else None
    return claimed if isinstance(claimed, str) else None
