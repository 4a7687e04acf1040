"""Resend and abandon of one notification, with an answer at once."""

import asyncio

from temporalio.client import (
    Client,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from tidings import contract, policy
from tidings.errors import InterventionRefusedError, TidingsError, WorkerUnavailableError
from tidings.intervention import Abandon, Resend
from tidings.state import NotificationState
from tidings.temporal import calls, converter, history
from tidings.temporal import read as reading

_REST = calls.TIMEOUT - reading.WORKER_TIMEOUT
"""The limit for requests beside the one to the worker."""


async def intervene(
    client: Client, notification_id: str, action: Resend | Abandon
) -> NotificationState:
    """``NotificationClient.resend`` and ``abandon``."""
    policy.check_intervention(action)
    name = contract.SIGNAL_RESEND if isinstance(action, Resend) else contract.SIGNAL_ABANDON
    handle = client.get_workflow_handle(contract.workflow_id(notification_id))
    # The workflow learns of the attempts of a round at its end, so those of a running one are
    # read here.
    description = await reading.describe(client, handle, notification_id, timeout=_REST)
    async with calls.request(client, "read its attempts", timeout=_REST):
        running = await history.running_round(description)
    with calls.translating(client, f"{name} it"):
        answered = await _updated(client, handle, notification_id, name, action)
    return answered.with_attempts(running.log) if running is not None else answered


async def _updated(
    client: Client,
    handle: WorkflowHandle[object, object],
    notification_id: str,
    name: str,
    action: Resend | Abandon,
) -> NotificationState:
    """The state as the worker answers the update."""
    try:
        answer = await handle.execute_update(
            contract.UPDATE_INTERVENE,
            converter.json_payload({"action": name, **action.to_json()}),
            rpc_timeout=reading.WORKER_TIMEOUT,
        )
    except WorkflowUpdateFailedError as error:
        cause = error.cause
        problem = cause.message if isinstance(cause, ApplicationError) else str(cause)
        raise InterventionRefusedError(problem) from error
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        state = await reading.state(client, notification_id)
        raise InterventionRefusedError(
            f"notification {notification_id!r} is {state.status}; "
            "it can be neither resent nor abandoned"
        ) from error
    except WorkflowUpdateRPCTimeoutOrCancelledError as error:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise asyncio.CancelledError from error
        raise await _no_answer(client, notification_id, name) from error
    return reading.STATE.validate_python(answer)


async def _no_answer(client: Client, notification_id: str, name: str) -> TidingsError:
    """The error if no worker answered. Raises if the notification does not exist at all."""
    handle = client.get_workflow_handle(contract.workflow_id(notification_id))
    await reading.describe(client, handle, notification_id, timeout=_REST)
    return WorkerUnavailableError(
        f"no worker answered within {reading.WORKER_TIMEOUT.total_seconds():g} s; the {name} of "
        f"{notification_id!r} may still take effect when a worker runs, so look at its state then "
        f"(unlike this update, the signal {name!r} certainly waits for a worker)"
    )
