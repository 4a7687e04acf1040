"""An intervention in one notification, with an answer at once."""

import asyncio
from datetime import UTC, datetime

from temporalio.client import (
    Client,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from tidings import contract, policy
from tidings.errors import InterventionRefusedError, TidingsError, WorkerUnavailableError
from tidings.intervention import Action, Resend, action_name, check
from tidings.state import NotificationState
from tidings.temporal import calls, converter, history
from tidings.temporal import read as reading
from tidings.temporal.reopen import reopen
from tidings.temporal.running import running_round

_REST = calls.TIMEOUT - reading.WORKER_TIMEOUT
"""The limit for requests beside the one to the worker."""


async def intervene(
    client: Client, notification_id: str, action: Action, *, update_id: str | None = None
) -> NotificationState:
    """``NotificationClient.resend``, ``correct`` and ``abandon``.

    An update id that was used before changes nothing, and brings the same answer.
    """
    policy.check_intervention(action)
    # The workflow learns of the attempts of a round at its end, so those of a running one are
    # read here.
    description = await reading.describe(client, notification_id, timeout=_REST)
    if description.status is not WorkflowExecutionStatus.RUNNING:
        return await _reopened(client, description, action)
    async with calls.request(client, "read its attempts", timeout=_REST):
        running = await running_round(description)
    with calls.translating(client, f"{action_name(action)} it"):
        answered = await _updated(client, description.id, action, update_id)
    return answered.with_attempts(running.log) if running is not None else answered


async def _updated(
    client: Client, workflow_id: str, action: Action, update_id: str | None
) -> NotificationState:
    """The state as the worker answers the update."""
    name = action_name(action)
    notification_id = contract.notification_id(workflow_id)
    handle = client.get_workflow_handle(workflow_id)
    try:
        answer = await handle.execute_update(
            contract.UPDATE_INTERVENE,
            converter.json_payload({"action": name, **action.to_json()}),
            id=update_id,
            rpc_timeout=reading.WORKER_TIMEOUT,
        )
    except WorkflowUpdateFailedError as error:
        cause = error.cause
        problem = cause.message if isinstance(cause, ApplicationError) else str(cause)
        raise InterventionRefusedError(problem) from error
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        # It has ended in this moment.
        description = await reading.describe(client, notification_id, timeout=_REST)
        return await _reopened(client, description, action)
    except WorkflowUpdateRPCTimeoutOrCancelledError as error:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise asyncio.CancelledError from error
        raise await _no_answer(client, notification_id, name) from error
    return reading.STATE.validate_python(answer)


async def _reopened(
    client: Client, description: WorkflowExecutionDescription, action: Action
) -> NotificationState:
    """The state after an action on a notification that has ended."""
    state = await reading.described_state(client, description)
    async with calls.request(client, "read its history"):
        ended = await history.ended(client, description)
    check(action, ended.notification, state, datetime.now(UTC))
    assert isinstance(action, Resend)  # the check lets nothing else pass
    return await reopen(client, description, state, ended, action)


async def _no_answer(client: Client, notification_id: str, name: str) -> TidingsError:
    """The error if no worker answered. Raises if the notification does not exist at all."""
    await reading.describe(client, notification_id, timeout=_REST)
    return WorkerUnavailableError(
        f"no worker answered within {reading.WORKER_TIMEOUT.total_seconds():g} s; the {name} of "
        f"{notification_id!r} may still take effect when a worker runs, so look at its state then "
        f"(unlike this update, the signal {name!r} certainly waits for a worker)"
    )
