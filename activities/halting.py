"""The halting of a round: the safe way to end it before its schedule is used up."""

import asyncio
import logging
from typing import Any, Final

from temporalio import activity
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import PauseActivityRequest, UnpauseActivityRequest
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from tidings import contract
from tidings.round import Outline
from tidings.state import Attempt
from tidings.temporal.running import is_being_halted, running_round

_POLL_SECONDS: Final = 0.05
_ANSWER_WITHIN: Final = 1.0
"""In seconds. It fits into the grace of an attempt; the SDK's own retries would take longer."""

logger = logging.getLogger("tidings.halting")


@activity.defn(name=contract.ACTIVITY_HALT)
async def halt(round_: Outline) -> list[Attempt]:
    """Stops the round of the calling workflow between two attempts; returns its log.

    The workflow then cancels the delivery activity. Temporal drops the heartbeat details of an
    activity that is cancelled while it waits for a retry, so they are read before that. First the
    activity is paused, or another attempt could come between the reading and the cancellation.
    An attempt in flight is waited for. It must not stay paused, or the server would not notice
    the death of its worker. The log is empty if the round has ended by itself, because its own
    end hands the log over.
    """
    client, handle = activity.client(), _calling_workflow()
    execution = WorkflowExecution(workflow_id=handle.id, run_id=handle.run_id or "")
    while (running := await running_round(await handle.describe())) is not None:
        activity.heartbeat()  # without it, the death of this worker would delay the intervention
        if running.in_flight:
            if running.paused:
                await _unpause(client, execution, running.activity_id)
            await asyncio.sleep(_POLL_SECONDS)
        elif running.paused:
            made = max(running.attempts_made, len(running.log))
            log = round_.without_gaps(running.log, count=made, began_at=running.scheduled_at)
            return list(log)
        else:
            await _pause(client, execution, running.activity_id)
    return []


async def is_requested() -> bool:
    """True if somebody intervened in the round of the calling activity.

    A halt that died with its worker may begin again later than the next attempt, so each attempt
    has to ask. Without an answer from the server the attempt is made.
    """
    try:
        async with asyncio.timeout(_ANSWER_WITHIN):
            description = await _calling_workflow().describe()
    except (RPCError, TimeoutError) as error:
        logger.warning("halting.unknown", extra={"problem": f"{error}" or "no answer in time"})
        return False
    return is_being_halted(description)


def _calling_workflow() -> WorkflowHandle[Any, Any]:
    info = activity.info()
    return activity.client().get_workflow_handle(
        info.workflow_id or "", run_id=info.workflow_run_id
    )


async def _pause(client: Client, execution: WorkflowExecution, activity_id: str) -> None:
    request = PauseActivityRequest(
        namespace=client.namespace,
        execution=execution,
        id=activity_id,
        identity=client.identity,
        reason="a person intervened",
    )
    try:
        await client.workflow_service.pause_activity(request)
    except RPCError as error:
        _accept_its_end(error)


async def _unpause(client: Client, execution: WorkflowExecution, activity_id: str) -> None:
    request = UnpauseActivityRequest(
        namespace=client.namespace, execution=execution, id=activity_id, identity=client.identity
    )
    try:
        await client.workflow_service.unpause_activity(request)
    except RPCError as error:
        _accept_its_end(error)


def _accept_its_end(error: RPCError) -> None:
    """Ignores that the activity has ended meanwhile: the next ``describe`` shows it."""
    if error.status is not RPCStatusCode.NOT_FOUND:
        raise error
