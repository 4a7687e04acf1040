"""``NotificationClient``: what business code and operators hold in their hands."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from temporalio.client import (
    Client,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import Priority, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from tidings import connection, contract, history, reading, visibility
from tidings.errors import (
    InterventionRefusedError,
    InvalidInputError,
    NotificationConflictError,
    TemporalUnavailableError,
    TidingsError,
)
from tidings.intervention import Abandon, Resend
from tidings.notification import Notification
from tidings.state import NotificationState, Status
from tidings.visibility import NotificationSummary


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


class NotificationClient:
    """Sends notifications, tells where they stand, and resolves those that got stuck.

    Every method raises ``TemporalUnavailableError`` within 10 s where Temporal does not
    answer, and ``NotificationNotFoundError`` for an id that nobody has sent.
    """

    def __init__(self, temporal: Client) -> None:
        """Uses a Temporal client that you have, with whatever converter and codec it has."""
        self._temporal = temporal

    @classmethod
    async def connect(cls, address: str | None = None) -> Self:
        """Connects as the ``TEMPORAL_*`` environment says, or to ``address`` (host:port)."""
        return cls(await connection.connect(address))

    async def send(self, notification: Notification) -> Receipt:
        """Hands a notification over; returns once Temporal has recorded it.

        The target is never waited for. Sending the same notification again changes nothing;
        after an error it is therefore safe to send it again. Raises
        ``NotificationConflictError`` where the id belongs to other content.
        """
        workflow_id = contract.workflow_id(notification.id)
        scheduled = notification.not_before is not None
        status = Status.SCHEDULED if scheduled else Status.DELIVERING
        try:
            async with connection.request(self._temporal, f"record {notification.id!r}"):
                await self._temporal.start_workflow(
                    contract.WORKFLOW_TYPE,
                    notification.to_json(),
                    id=workflow_id,
                    task_queue=contract.TASK_QUEUE,
                    id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                    search_attributes=visibility.search_attributes(notification, status),
                    priority=Priority(fairness_key=contract.fairness_key(notification.authority)),
                    static_summary=f"{notification.type} → {notification.authority}",
                )
        except WorkflowAlreadyStartedError as error:
            await self._check_same(notification, error.first_run_id or error.run_id)
            return Receipt(id=notification.id, created=False)
        return Receipt(id=notification.id, created=True)

    async def send_many(
        self,
        notifications: Iterable[Notification | Mapping[str, Any] | InvalidInputError],
        *,
        concurrency: int = 20,
        progress: Callable[[SendResult], None] | None = None,
    ) -> list[SendResult]:
        """Sends many, at most ``concurrency`` at once; the results are in the order given.

        A notification may also be the JSON object of one, or the error of reading it, which then
        is its result. One that is refused stops no other.
        Once Temporal is unreachable, the rest are not tried: each gets that error at once.
        ``progress`` is called with each result as it comes.
        """
        results: list[SendResult] = []
        pending = iter(enumerate(notifications))
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
                    receipt = await self.send(Notification.model_validate(given))
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

    async def state(self, notification_id: str) -> NotificationState:
        """Where a notification stands, with every attempt so far, ended or not.

        Without a running worker it is what the Temporal server knows, with ``complete`` false.
        Raises ``NotificationRejectedError`` where the id was started with malformed input.
        """
        return await reading.state(self._temporal, notification_id)

    async def outcome(self, notification_id: str) -> NotificationState:
        """Waits until a notification has ended, however long that takes; its final state.

        Raises as ``state`` does.
        """
        return await reading.outcome(self._temporal, notification_id)

    async def resend(self, notification_id: str, resend: Resend | None = None) -> NotificationState:
        """Begins a new round, with the corrections of ``resend``; now, if one is running.

        The state in the answer has the intervention recorded; an attempt in flight is still
        waited for. Raises ``InterventionRefusedError`` where it makes no sense, and
        ``WorkerUnavailableError`` where no worker answered: it may then still take effect.
        """
        return await self._intervene(notification_id, contract.SIGNAL_RESEND, resend or Resend())

    async def abandon(
        self, notification_id: str, abandon: Abandon | None = None
    ) -> NotificationState:
        """Gives a notification up, before, between or after its attempts.

        Raises as ``resend`` does.
        """
        return await self._intervene(notification_id, contract.SIGNAL_ABANDON, abandon or Abandon())

    async def list(
        self,
        *,
        status: Status | None = None,
        target: str | None = None,
        type: str | None = None,  # noqa: A002 -- the contract's name
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> AsyncIterator[NotificationSummary]:
        """The notifications of a filter, as far as Temporal still keeps them.

        ``target`` is a host (any port), ``host:port`` or a URL; ``since`` (included) and
        ``until`` (excluded) bound the time at which a notification was accepted.
        """
        query = visibility.query(status=status, target=target, type=type, since=since, until=until)
        executions = self._temporal.list_workflows(query)
        while True:
            async with connection.request(self._temporal, f"list {query}"):
                execution = await anext(executions, None)
            if execution is None:
                return
            yield visibility.summary(execution)

    async def count(
        self,
        *,
        status: Status | None = None,
        target: str | None = None,
        type: str | None = None,  # noqa: A002 -- the contract's name
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> int:
        """How many notifications ``list`` would give."""
        query = visibility.query(status=status, target=target, type=type, since=since, until=until)
        async with connection.request(self._temporal, f"count {query}"):
            return (await self._temporal.count_workflows(query)).count

    async def _check_same(self, notification: Notification, first_run_id: str | None) -> None:
        """Raises ``NotificationConflictError`` where the id was sent with other content."""
        async with connection.request(self._temporal, f"compare {notification.id!r}"):
            try:
                original = await history.original(
                    self._temporal, contract.workflow_id(notification.id), first_run_id
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

    async def _intervene(
        self, notification_id: str, action: str, intervention: Resend | Abandon
    ) -> NotificationState:
        handle = self._temporal.get_workflow_handle(contract.workflow_id(notification_id))
        try:
            answer = await handle.execute_update(
                contract.UPDATE_INTERVENE,
                {"action": action, **intervention.to_json()},
                rpc_timeout=reading.WORKER_TIMEOUT,
            )
        except WorkflowUpdateFailedError as error:
            cause = error.cause
            problem = cause.message if isinstance(cause, ApplicationError) else str(cause)
            raise InterventionRefusedError(problem) from error
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise connection.translated(self._temporal, f"{action} it", error) from error
            state = await reading.state(self._temporal, notification_id)
            raise InterventionRefusedError(
                f"notification {notification_id!r} is {state.status}; "
                "it can be neither resent nor abandoned"
            ) from error
        except WorkflowUpdateRPCTimeoutOrCancelledError as error:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise asyncio.CancelledError from error
            raise await reading.no_answer(self._temporal, notification_id, action) from error
        return NotificationState.model_validate(answer)


def _id_of(given: object) -> str | None:
    """The id in what was to be sent, however broken the rest."""
    if isinstance(given, Notification):
        return given.id
    claimed = given.get("id") if isinstance(given, Mapping) else None
    return claimed if isinstance(claimed, str) else None
