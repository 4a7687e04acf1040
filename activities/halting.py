"""The halting of a round: what makes it safe to end one before its schedule is used up."""

import asyncio
import logging
from typing import Any, Final

from temporalio import activity
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import PauseActivityRequest, UnpauseActivityRequest
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from tidings import contract
from tidings.round import Round
from tidings.state import Attempt
from tidings.temporal import history

_POLL_SECONDS: Final = 0.05
_ANSWER_WITHIN: Final = 1.0
"""Seconds, which an attempt has beside its own timeout; the SDK's retries would take more."""

logger = logging.getLogger("tidings.halting")


@activity.defn(name=contract.ACTIVITY_HALT)
async def halt(round_: Round) -> list[Attempt]:
    """Stops the round of the calling workflow between two attempts; the log of those it made.

    Temporal drops the heartbeat details of an activity that is cancelled while it waits for a
    retry, so they are read first; and it is paused before that, so that no further attempt can
    come between the reading and the cancellation. An attempt in flight is waited for, and never
    left paused: the server would not notice the death of its worker. The log is empty where the
    round has ended by itself: its own end hands the log over.
    """
    client, handle = activity.client(), _calling_workflow()
    execution = WorkflowExecution(workflow_id=handle.id, run_id=handle.run_id or "")
    while (running := await history.running_round(await handle.describe())) is not None:
        activity.heartbeat()  # else the death of its worker would hold the intervention up
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
    """Whether the round that the calling activity belongs to is being halted.

    The halting may have died with its worker, and then begins again later than the next attempt.
    """
    try:
        async with asyncio.timeout(_ANSWER_WITHIN):
            description = await _calling_workflow().describe()
    except (RPCError, TimeoutError) as error:
        logger.warning("halting.unknown", extra={"problem": f"{error}" or "no answer in time"})
        return False
    return history.is_being_halted(description)


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
    """That it has ended meanwhile is told by what ``describe`` says next."""
    if error.status is not RPCStatusCode.NOT_FOUND:
        raise error
