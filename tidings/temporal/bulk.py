"""Interventions in many notifications, as a workflow that the service carries out.

What has started goes on without the process that started it. Each notification is asked by itself
and answers, so a batch keeps to its rate, can be stopped between two of them, and counts what was
refused.
"""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

from pydantic import TypeAdapter
from temporalio.client import (
    Client,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowFailureError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from tidings import contract, policy
from tidings.base.text import brief
from tidings.errors import BatchNotFoundError, InterventionRefusedError, InvalidInputError
from tidings.filter import Filter
from tidings.intervention import Action, BatchOrder, BatchProgress, meant
from tidings.results import Batch, BatchState
from tidings.temporal import calls, converter, find, intervene, read

DEFAULT_RATE: Final = 20.0
"""Notifications a second."""
MIN_RATE: Final = 0.001

_ID: Final = re.compile(r"batch:(resend|abandon|correct)-[0-9TZ]+-[0-9a-f]+", re.ASCII)


async def start(
    client: Client,
    intervention: Action,
    filter_: Filter,
    *,
    everything: bool,
    rate: float,
) -> Batch | None:
    """``NotificationClient.resend_all``, ``correct_all`` and ``abandon_all``."""
    policy.check_intervention(intervention)
    if intervention.only_if is not None:
        raise InvalidInputError(
            "only_if is a condition for one notification; put its fields into the filter"
        )
    if not MIN_RATE <= rate < float("inf"):
        raise InvalidInputError(f"rate is {brief(rate)}: it has to be at least {MIN_RATE} a second")
    chosen = meant(intervention, filter_, everything=everything)
    total = await find.count(client, chosen)
    if total == 0:
        return None
    order = BatchOrder.of(intervention, chosen, rate=rate, total=total)
    memo = _memo(order, intervention)
    began_at = datetime.now(UTC)
    batch_id = f"batch:{order.action}-{began_at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    async with calls.request(client, f"start the batch {batch_id}"):
        await client.start_workflow(
            contract.BATCH_WORKFLOW_TYPE,
            converter.json_payload(order.to_json()),
            id=batch_id,
            task_queue=contract.TASK_QUEUE,
            static_summary=f"{order.action} of {total:,} at {rate:g} a second",
            memo=memo,
        )
    return _batch(batch_id, memo, BatchState.RUNNING, BatchProgress(), began_at, None)


async def intervene_in_one(
    client: Client, notification_id: str, order: BatchOrder, *, batch_id: str
) -> bool:
    """Does to one notification what ``order`` does to each; False if it took that before.

    Raises ``InterventionRefusedError`` if it no longer meets the filter or refuses.
    """
    # The ids would make each request long, and only Temporal can decide a ``where``.
    condition = order.filter.model_copy(update={"where": None, "ids": None})
    intervention = order.intervention.model_copy(update={"only_if": condition, "batch": batch_id})
    try:
        await intervene.intervene(client, notification_id, intervention, update_id=batch_id)
    except InterventionRefusedError:
        if not await _took_part(client, notification_id, batch_id):
            raise
        return False
    return True


async def _took_part(client: Client, notification_id: str, batch_id: str) -> bool:
    """True if the notification took the intervention before, and its worker died after that."""
    state = await read.state(client, notification_id)
    return any(each.batch == batch_id for each in state.interventions)


async def describe(client: Client, batch_id: str) -> Batch:
    """``NotificationClient.batch``."""
    if _ID.fullmatch(batch_id) is None:
        raise _not_found(batch_id)
    handle = client.get_workflow_handle(batch_id)
    async with calls.request(client, f"describe the batch {batch_id}"):
        try:
            return await _described(client, await handle.describe())
        except RPCError as error:
            if calls.is_not_found(error):
                raise _not_found(batch_id) from error
            raise


async def listed(client: Client) -> AsyncIterator[Batch]:
    """``NotificationClient.batches``."""
    executions = client.list_workflows(f"WorkflowType = '{contract.BATCH_WORKFLOW_TYPE}'")
    while True:
        async with calls.request(client, "list the batches"):
            execution = await anext(executions, None)
        if execution is None:
            return
        try:
            yield await describe(client, execution.id)
        except BatchNotFoundError:  # its retention ran out meanwhile
            continue


async def stop(client: Client, batch_id: str) -> Batch:
    """``NotificationClient.stop_batch``."""
    batch = await describe(client, batch_id)
    if batch.state is not BatchState.RUNNING:
        return batch
    handle = client.get_workflow_handle(batch_id)
    async with calls.request(client, f"stop the batch {batch_id}"):
        try:
            await handle.cancel()
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:  # which means that it has just ended
                raise
    # Without a worker it does not end, and with a slow rate only after its next notification.
    with (
        calls.translating(client, "wait for its end"),
        suppress(WorkflowFailureError, TimeoutError),
    ):
        async with asyncio.timeout(read.WORKER_TIMEOUT.total_seconds()):
            await handle.result()
    return await describe(client, batch_id)


async def _described(client: Client, description: WorkflowExecutionDescription) -> Batch:
    memo = await description.memo()
    state, progress = await _progress(client, description)
    return _batch(
        description.id, memo, state, progress, description.start_time, description.close_time
    )


async def _progress(
    client: Client, description: WorkflowExecutionDescription
) -> tuple[BatchState, BatchProgress]:
    if description.status is WorkflowExecutionStatus.RUNNING:
        return BatchState.RUNNING, await _running_progress(description)
    handle = client.get_workflow_handle(description.id, run_id=description.run_id)
    try:
        progress = _PROGRESS.validate_python(await handle.result())
    except WorkflowFailureError as error:
        is_stopped = description.status in _STOPPED
        cause = error.cause
        details = [*cause.details] if isinstance(cause, ApplicationError) else []
        progress = BatchProgress.model_validate(details[0] if details else {})
        return (
            BatchState.STOPPED if is_stopped else BatchState.FAILED,
            progress.model_copy(update={"last_problem": str(cause)}),
        )
    return BatchState.STOPPED if progress.is_stopped else BatchState.COMPLETED, progress


async def _running_progress(description: WorkflowExecutionDescription) -> BatchProgress:
    """The progress that the activity has reported, or the reason why it begins anew."""
    for activity in description.raw_description.pending_activities:
        payloads = activity.heartbeat_details.payloads
        details = await description.data_converter.decode(payloads) if payloads else [{}]
        progress = _PROGRESS.validate_python(details[0])
        problem = progress.last_problem or activity.last_failure.message or None
        return progress.model_copy(update={"last_problem": problem})
    return BatchProgress()


_PROGRESS: Final = TypeAdapter(BatchProgress)
"""Reads an answer. Its refusal is pydantic's, which ``calls`` turns into ours."""
_STOPPED: Final = (WorkflowExecutionStatus.CANCELED, WorkflowExecutionStatus.TERMINATED)
"""A batch that was stopped before a worker began it, or by other means."""


def _memo(order: BatchOrder, intervention: Action) -> dict[str, Any]:
    return {
        "action": order.action,
        "total": order.total,
        "operator": intervention.operator,
        "reason": intervention.reason,
    }


def _batch(
    batch_id: str,
    memo: Mapping[str, Any],
    state: BatchState,
    progress: BatchProgress,
    started_at: datetime,
    closed_at: datetime | None,
) -> Batch:
    total = memo.get("total", progress.count)  # one that nobody here started has no memo
    left = max(total - progress.count, 0)
    # Those that a completed batch did not find any more had left its filter before.
    gone = left if state is BatchState.COMPLETED else 0
    return Batch(
        id=batch_id,
        state=state,
        resolved=progress.resolved,
        refused=progress.refused + gone,
        failed=progress.failed,
        remaining=left - gone,
        last_problem=progress.last_problem,
        started_at=started_at,
        closed_at=closed_at,
        action=memo.get("action", batch_id.removeprefix("batch:").partition("-")[0]),
        total=total,
        operator=memo.get("operator"),  # Temporal drops what is null
        reason=memo.get("reason"),
    )


def _not_found(batch_id: str) -> BatchNotFoundError:
    return BatchNotFoundError(
        f"no batch {brief(batch_id)} is known: its retention may have run out, or the id is wrong "
        "(list those that are known)"
    )
