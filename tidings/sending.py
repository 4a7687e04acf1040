"""Handing notifications over: one, or many at once."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from temporalio.client import Client
from temporalio.common import Priority, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from tidings import connection, contract, history, visibility
from tidings.errors import (
    InvalidInputError,
    NotificationConflictError,
    TemporalUnavailableError,
    TidingsError,
)
from tidings.notification import Notification
from tidings.state import Status

Given = Notification | Mapping[str, Any] | InvalidInputError
"""A notification, the JSON object of one, or the error of reading it."""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Proof that Temporal has recorded a notification."""

    id: str
    created: bool
    """False where the same notification had been accepted before."""


@dataclass(frozen=True, kw_only=True)
class SendResult:
    """What came of one notification of many: a receipt or an error."""

    index: int
    """The place of the notification in what was given, from 0."""
    id: str | None
    """``None`` where the input is too broken to have one."""
    receipt: Receipt | None = None
    error: TidingsError | None = None


async def send(client: Client, notification: Notification) -> Receipt:
    """``NotificationClient.send``."""
    scheduled = notification.not_before is not None
    status = Status.SCHEDULED if scheduled else Status.DELIVERING
    try:
        async with connection.request(client, f"record {notification.id!r}"):
            await client.start_workflow(
                contract.WORKFLOW_TYPE,
                connection.json_payload(notification.to_json()),
                id=contract.workflow_id(notification.id),
                task_queue=contract.TASK_QUEUE,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                search_attributes=visibility.search_attributes(notification, status),
                priority=Priority(fairness_key=contract.fairness_key(notification.authority)),
                static_summary=visibility.title(notification),
                static_details=visibility.details(notification),
            )
    except WorkflowAlreadyStartedError as error:
        await _check_same(client, notification, error.first_run_id or error.run_id)
        return Receipt(id=notification.id, created=False)
    return Receipt(id=notification.id, created=True)


async def send_many(
    client: Client,
    notifications: Iterable[Given],
    *,
    concurrency: int,
    progress: Callable[[SendResult], None] | None,
) -> list[SendResult]:
    """``NotificationClient.send_many``."""
    if concurrency < 1:
        raise InvalidInputError(f"concurrency is {concurrency}: it has to be at least 1")
    results: list[SendResult] = []
    pending = iter(list(enumerate(notifications)))  # what raises here does so before any is sent
    unavailable: TemporalUnavailableError | None = None

    async def work() -> None:
        nonlocal unavailable
        for index, given in pending:
            result = SendResult(index=index, id=_id_of(given))
            try:
                if isinstance(given, InvalidInputError):
                    raise given
                if unavailable is not None:
                    raise unavailable
                receipt = await send(client, Notification.model_validate(given))
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
    """Raises ``NotificationConflictError`` where the id was sent with other content."""
    async with connection.request(client, f"compare {notification.id!r}"):
        try:
            original = await history.original(
                client, contract.workflow_id(notification.id), first_run_id
            )
        except InvalidInputError as error:
            raise NotificationConflictError(
                f"id {notification.id!r} was used for malformed input ({error}); "
                "send this under another id"
            ) from error
    if differences := original.differences(notification):
        raise NotificationConflictError(
            f"notification {notification.id!r} was sent before with another "
            f"{', '.join(differences)}; "
            "give new content a new id, or correct the first by a resend"
        )


def _id_of(given: object) -> str | None:
    """The id in what was to be sent, however broken the rest."""
    if isinstance(given, Notification):
        return given.id
    claimed = given.get("id") if isinstance(given, Mapping) else None
    return claimed if isinstance(claimed, str) else None
