"""Resend and abandon of many notifications, as one batch operation of the Temporal server.

The server itself finds the notifications and signals each of them. A batch goes on without the
process that started it, and has no limit on the number of notifications.
"""

import re
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Final

from google.protobuf.timestamp_pb2 import Timestamp
from pydantic import TypeAdapter
from temporalio.api.batch.v1 import BatchOperationSignal
from temporalio.api.common.v1 import Payloads
from temporalio.api.enums.v1 import BatchOperationState
from temporalio.api.workflowservice.v1 import (
    DescribeBatchOperationRequest,
    DescribeBatchOperationResponse,
    ListBatchOperationsRequest,
    StartBatchOperationRequest,
    StopBatchOperationRequest,
)
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from tidings import policy
from tidings.base.text import brief
from tidings.contract import SIGNAL_ABANDON, SIGNAL_RESEND
from tidings.errors import BatchLimitError, BatchNotFoundError, InvalidInputError
from tidings.filter import Filter
from tidings.intervention import MAX_SPREAD, Abandon, Resend
from tidings.results import Batch, BatchAction, BatchState
from tidings.state import Status
from tidings.temporal import calls, converter
from tidings.temporal.query import query

DEFAULT_RATE: Final = 20.0
"""Notifications per second."""

_ACTION: Final = TypeAdapter[BatchAction](BatchAction)
_ID: Final = re.compile(r"tidings-(resend|abandon)-[0-9TZ]+-[0-9a-f]+", re.ASCII)
_TOO_MANY: Final = "Max concurrent batch operations"
"""The server's refusal of another batch, read from Temporal 1.32. Other refusals have the same
status. ``test_one_that_runs_is_alone_and_is_stopped`` fails when the text changes."""
_RUNNING: Final = BatchOperationState.BATCH_OPERATION_STATE_RUNNING
_COMPLETED: Final = BatchOperationState.BATCH_OPERATION_STATE_COMPLETED
_PAGE_SIZE: Final = 100


def stuck(filter_: Filter, *, everything: bool) -> Filter:
    """``filter_``, narrowed to stuck notifications: a batch acts on these only.

    Raises ``InvalidInputError`` for another status. It also does so if neither or both of
    ``filter_`` and ``everything`` select notifications.
    """
    if filter_.status not in {None, Status.AWAITING_INTERVENTION}:
        raise InvalidInputError(
            f"status is {filter_.status}: a batch acts on notifications that await intervention; "
            "leave the status out"
        )
    narrowed = filter_.model_copy(update={"status": None})
    if narrowed.is_empty != everything:
        fields = ", ".join(name for name in Filter.model_fields if name != "status")
        raise InvalidInputError(
            f"everything is {everything}, with{'out' if narrowed.is_empty else ''} a filter: "
            f"give either a filter ({fields}), or everything=True for all that is stuck"
        )
    return narrowed.model_copy(update={"status": Status.AWAITING_INTERVENTION})


async def start(
    client: Client, action: Resend | Abandon, filter_: Filter, *, everything: bool, rate: float
) -> Batch | None:
    """``NotificationClient.resend_all`` and ``abandon_all``."""
    policy.check_intervention(action)
    text = query(stuck(filter_, everything=everything))
    if not 0 < rate < float("inf"):
        raise InvalidInputError(
            f"rate is {brief(rate)}: it is a number of notifications per second, above 0"
        )
    # Temporal would also start a batch with a query that it refuses, or that finds nothing.
    async with calls.request(client, f"count {text}"):
        total = (await client.count_workflows(text)).count
    if total == 0:
        return None
    # Temporal 1.29 to 1.32 ignores the rate of a batch (temporalio/temporal#12087). Without the
    # spread all rounds would begin at once.
    spread = timedelta(seconds=min(total / rate, MAX_SPREAD.total_seconds()))
    action = action.model_copy(update={"spread": spread})
    batch = _new_batch(action, total)
    async with calls.request(client, f"start the batch {batch.id}"):
        request = await _start_request(client, batch, action, text, rate)
        try:
            # Without retry=True: the SDK would repeat the refusal below until the time is up.
            await client.workflow_service.start_batch_operation(request)
        except RPCError as error:
            if error.status is RPCStatusCode.RESOURCE_EXHAUSTED and _TOO_MANY in error.message:
                raise await _limit_reached(client) from error
            raise
    return batch


def _new_batch(action: Resend | Abandon, total: int) -> Batch:
    began_at = datetime.now(UTC)
    name: BatchAction = "resend" if isinstance(action, Resend) else "abandon"
    return Batch(
        id=f"tidings-{name}-{began_at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}",
        action=name,
        state=BatchState.RUNNING,
        total=total,
        completed=0,
        failed=0,
        remaining=total,
        operator=action.operator,
        reason=action.reason or f"{name} of {total}",
        started_at=began_at,
        closed_at=None,
    )


async def _start_request(
    client: Client, batch: Batch, action: Resend | Abandon, text: str, rate: float
) -> StartBatchOperationRequest:
    """The request that starts ``batch`` on what the query ``text`` finds."""
    document = converter.json_payload(action.to_json())
    return StartBatchOperationRequest(
        namespace=client.namespace,
        job_id=batch.id,
        visibility_query=text,
        reason=batch.reason,
        max_operations_per_second=rate,
        signal_operation=BatchOperationSignal(
            signal=SIGNAL_RESEND if batch.action == "resend" else SIGNAL_ABANDON,
            input=Payloads(payloads=await client.data_converter.encode([document])),
            identity=action.operator or "",
        ),
    )


async def describe(client: Client, batch_id: str) -> Batch:
    """``NotificationClient.batch``."""
    found = _ID.fullmatch(batch_id)
    if found is None:
        raise _not_found(batch_id)
    request = DescribeBatchOperationRequest(namespace=client.namespace, job_id=batch_id)
    async with calls.request(client, f"describe the batch {batch_id}"):
        try:
            answer = await client.workflow_service.describe_batch_operation(request, retry=True)
        except RPCError as error:
            if calls.is_not_found(error):
                raise _not_found(batch_id) from error
            raise
        running = answer.state == _RUNNING
        return Batch(
            id=batch_id,
            action=_ACTION.validate_python(found[1]),
            state=await _state(client, answer),
            total=answer.total_operation_count,
            completed=answer.complete_operation_count,
            failed=answer.failure_operation_count,
            remaining=(await client.count_workflows(answer.query)).count if running else None,
            operator=answer.identity or None,
            reason=answer.reason,
            started_at=answer.start_time.ToDatetime(UTC),
            closed_at=_moment(answer, answer.close_time),
        )


async def listed(client: Client) -> AsyncIterator[Batch]:
    """``NotificationClient.batches``."""
    token = b""
    while True:
        request = ListBatchOperationsRequest(
            namespace=client.namespace, page_size=_PAGE_SIZE, next_page_token=token
        )
        async with calls.request(client, "list the batches"):
            answer = await client.workflow_service.list_batch_operations(request, retry=True)
        for each in answer.operation_info:
            if _ID.fullmatch(each.job_id):
                try:
                    yield await describe(client, each.job_id)
                except BatchNotFoundError:  # its retention has run out meanwhile
                    continue
        token = answer.next_page_token
        if not token:
            return


async def stop(client: Client, batch_id: str) -> Batch:
    """``NotificationClient.stop_batch``."""
    batch = await describe(client, batch_id)
    if batch.state is not BatchState.RUNNING:
        return batch
    request = StopBatchOperationRequest(
        namespace=client.namespace,
        job_id=batch_id,
        reason="stopped through Tidings",
        identity=client.identity,
    )
    async with calls.request(client, f"stop the batch {batch_id}"):
        try:
            await client.workflow_service.stop_batch_operation(request, retry=True)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:  # it has just ended
                raise
    return await describe(client, batch_id)


async def _state(client: Client, answer: DescribeBatchOperationResponse) -> BatchState:
    """The state of a batch. Temporal also calls a stopped batch failed, but not its workflow."""
    if answer.state == _RUNNING:
        return BatchState.RUNNING
    if answer.state == _COMPLETED:
        return BatchState.COMPLETED
    behind = await client.get_workflow_handle(answer.job_id).describe()
    stopped = behind.status is WorkflowExecutionStatus.TERMINATED
    return BatchState.STOPPED if stopped else BatchState.FAILED


def _moment(answer: DescribeBatchOperationResponse, moment: Timestamp) -> datetime | None:
    return moment.ToDatetime(UTC) if answer.HasField("close_time") else None


async def _limit_reached(client: Client) -> BatchLimitError:
    """The error that names the running batches, which somebody else may have started."""
    request = ListBatchOperationsRequest(namespace=client.namespace, page_size=_PAGE_SIZE)
    answer = await client.workflow_service.list_batch_operations(request)
    running = [each.job_id for each in answer.operation_info if each.state == _RUNNING]
    return BatchLimitError(
        "Temporal already runs as many batch operations as it allows in this namespace "
        f"({', '.join(running) or 'they have just ended'}); nothing has been started: wait for "
        "their end or stop them, then try again"
    )


def _not_found(batch_id: str) -> BatchNotFoundError:
    return BatchNotFoundError(
        f"there is no batch {brief(batch_id)}: its retention may have run out, or the id is wrong "
        "(list the batches to see their ids)"
    )
