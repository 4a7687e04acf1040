"""Resending and abandoning one notification, with an answer at once."""

import asyncio

from temporalio.client import (
    Client,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from tidings import contract
from tidings.errors import InterventionRefusedError, TidingsError, WorkerUnavailableError
from tidings.intervention import Abandon, Resend
from tidings.state import NotificationState
from tidings.temporal import calls, converter, history
from tidings.temporal import read as reading

_REST = calls.TIMEOUT - reading.WORKER_TIMEOUT
"""For what is asked beside the worker."""


async def intervene(
    client: Client, notification_id: str, action: Resend | Abandon
) -> NotificationState:
    """``NotificationClient.resend`` and ``abandon``."""
    name = contract.SIGNAL_RESEND if isinstance(action, Resend) else contract.SIGNAL_ABANDON
    handle = client.get_workflow_handle(contract.workflow_id(notification_id))
    # The workflow learns of a running round's attempts when that has ended, so they are read here.
    description = await reading.describe(client, handle, notification_id, timeout=_REST)
    running = await history.running_round(description)
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
            raise calls.translated(client, f"{name} it", error) from error
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
    answered = NotificationState.model_validate(answer)
    return answered.with_attempts(running.log) if running is not None else answered


async def _no_answer(client: Client, notification_id: str, name: str) -> TidingsError:
    """The error to raise where a worker did not answer: unless the id itself is the trouble."""
    handle = client.get_workflow_handle(contract.workflow_id(notification_id))
    await reading.describe(client, handle, notification_id, timeout=_REST)
    return WorkerUnavailableError(
        f"no worker answered within {reading.WORKER_TIMEOUT.total_seconds():g} s; the {name} of "
        f"{notification_id!r} may still take effect when one does, so look at its state then "
        f"(the signal {name!r} in place of it is sure to wait for a worker)"
    )
