"""The halting of a round: what makes it safe to end one before its schedule is used up."""

import asyncio
from typing import Final

from temporalio import activity
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import PauseActivityRequest
from temporalio.service import RPCError, RPCStatusCode

from tidings import contract, history
from tidings.delivery import Round
from tidings.state import Attempt, without_gaps

_POLL_SECONDS: Final = 0.05


@activity.defn(name=contract.ACTIVITY_HALT)
async def halt(round_: Round) -> list[Attempt]:
    """Stops the round of the calling workflow between two attempts; the log of those it made.

    Temporal drops the heartbeat details of an activity that is cancelled while it waits for a
    retry, so they are read first; and it is paused before that, so that no further attempt can
    come between the reading and the cancellation. An attempt in flight is waited for. The log is
    empty where the round has ended by itself: its own end hands the log over.
    """
    client = activity.client()
    info = activity.info()
    execution = WorkflowExecution(
        workflow_id=info.workflow_id or "", run_id=info.workflow_run_id or ""
    )
    handle = client.get_workflow_handle(execution.workflow_id, run_id=execution.run_id)
    try:
        await client.workflow_service.pause_activity(
            PauseActivityRequest(
                namespace=client.namespace,
                execution=execution,
                id=contract.round_activity_id(round_.number),
                identity=client.identity,
                reason="a person intervened",
            )
        )
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return []
    while (running := await history.running_round(await handle.describe())) is not None:
        if not running.in_flight:
            log = without_gaps(
                running.log,
                first=round_.attempts_before + 1,
                count=running.attempts_made,
                round_=round_.number,
                began_at=info.scheduled_time,
            )
            return list(log)
        await asyncio.sleep(_POLL_SECONDS)
    return []
