"""The state of a notification: the worker's, completed by the server's."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Final, TypeVar

from pydantic import TypeAdapter
from temporalio.client import (
    Client,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowQueryFailedError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from tidings import contract
from tidings.errors import (
    InvalidInputError,
    NotificationNotFoundError,
    NotificationRejectedError,
    TidingsError,
)
from tidings.state import NotificationState, Status
from tidings.temporal import calls, history
from tidings.temporal.running import running_round

STATE: Final = TypeAdapter(NotificationState)
"""Reads an answer. Its refusal is pydantic's, which ``calls`` turns into ours."""
WORKER_TIMEOUT: Final = timedelta(seconds=7)
"""The limit for an answer that only a worker can give."""

Read = TypeVar("Read")

_NO_WORKER: Final = "no worker answered, so this is only what the Temporal server knows"
_NO_ANSWER: Final = frozenset(
    {
        RPCStatusCode.CANCELLED,
        RPCStatusCode.DEADLINE_EXCEEDED,
        RPCStatusCode.FAILED_PRECONDITION,
    }
)
_KILLED: Final = {
    WorkflowExecutionStatus.TERMINATED: "the workflow was terminated in Temporal",
    WorkflowExecutionStatus.CANCELED: "the workflow was cancelled in Temporal",
    WorkflowExecutionStatus.TIMED_OUT: "the workflow was timed out by Temporal",
}


async def state(client: Client, notification_id: str) -> NotificationState:
    """``NotificationClient.state``."""
    return await described_state(client, await describe(client, notification_id))


async def described_state(
    client: Client, description: WorkflowExecutionDescription
) -> NotificationState:
    """The state of the notification of ``description``.

    Raises ``NotificationRejectedError`` if it was started with malformed input.
    """
    handle = client.get_workflow_handle(description.id)
    match description.status:
        case WorkflowExecutionStatus.COMPLETED:
            async with calls.request(client, "read the result"):
                return STATE.validate_python(await handle.result())
        case WorkflowExecutionStatus.FAILED:
            raise await failed(client, description)
        case WorkflowExecutionStatus.RUNNING:
            return await _running_state(client, handle, description)
        case killed:
            end = _KILLED.get(killed, "the workflow has ended") if killed is not None else ""
            return await _without_worker(client, description, end)


async def outcome(client: Client, notification_id: str) -> NotificationState:
    """``NotificationClient.outcome``."""
    description = await describe(client, notification_id)
    handle = client.get_workflow_handle(description.id)
    with calls.translating(client, "wait for the end"), suppress(WorkflowFailureError):
        await handle.result()
    return await state(client, notification_id)  # raises if it failed


async def describe(
    client: Client, notification_id: str, *, timeout: timedelta = calls.TIMEOUT
) -> WorkflowExecutionDescription:
    """The description of a notification's workflow.

    Raises ``NotificationNotFoundError`` if Temporal does not know it, and
    ``NotificationRejectedError`` if another workflow id was started as a notification.
    """
    async with calls.request(client, f"describe {notification_id!r}", timeout=timeout):
        for workflow_id in contract.possible_workflow_ids(notification_id):
            described = await _described(client, workflow_id)
            if described is not None:
                return described
        foreign = await _described(client, notification_id)
    if foreign is not None and foreign.workflow_type == contract.WORKFLOW_TYPE:
        if foreign.status is WorkflowExecutionStatus.FAILED:
            raise await failed(client, foreign)
        raise rejected(foreign, contract.foreign_id(foreign.id))
    raise NotificationNotFoundError(
        f"there is no notification {notification_id!r}, "
        "or it ended so long ago that Temporal no longer keeps it"
    )


async def _described(client: Client, workflow_id: str) -> WorkflowExecutionDescription | None:
    try:
        return await client.get_workflow_handle(workflow_id).describe()
    except UnicodeEncodeError:  # half a surrogate pair, which no id can hold
        return None
    except RPCError as error:
        if not calls.is_not_found(error):
            raise
        return None


async def _running_state(
    client: Client,
    handle: WorkflowHandle[object, object],
    description: WorkflowExecutionDescription,
) -> NotificationState:
    state = await answered(client, handle, contract.QUERY_STATE, STATE.validate_python)
    if state is None:
        return await _without_worker(client, description, _NO_WORKER)
    async with calls.request(client, "read the attempts"):
        running = await running_round(description)
    if (
        running is None
        or state.status is not Status.DELIVERING
        or running.activity_id != contract.round_activity_id(state.round)
    ):
        return state
    # An attempt that died with its worker gets its record from the attempt after it.
    joined = state.with_attempts(running.log)
    return joined.model_copy(update={"next_attempt_at": running.next_attempt_at})


async def answered(
    client: Client,
    handle: WorkflowHandle[object, object],
    query: str,
    read: Callable[[object], Read],
) -> Read | None:
    """The answer of a worker to a query, as ``read`` reads it; ``None`` if no worker answers.

    A workflow that is about to fail, because its input is not a notification, refuses the query.
    """
    with calls.translating(client, "query it"):
        try:
            answer = await handle.query(query, rpc_timeout=WORKER_TIMEOUT)
        except WorkflowQueryFailedError:
            return None
        except RPCError as error:
            if error.status not in _NO_ANSWER:
                raise
            return None
        return read(answer)


async def _without_worker(
    client: Client, description: WorkflowExecutionDescription, explanation: str
) -> NotificationState:
    try:
        async with calls.request(client, "read the history"):
            return await history.state_without_worker(client, description, explanation)
    except InvalidInputError as error:
        raise rejected(description, str(error)) from error


async def failed(client: Client, description: WorkflowExecutionDescription) -> TidingsError:
    """The error for a start that was not a notification, with its reason."""
    handle = client.get_workflow_handle(description.id, run_id=description.run_id)
    try:
        async with calls.request(client, "read the failure"):
            await handle.result()
    except WorkflowFailureError as error:
        cause = error.cause
        problem = cause.message if isinstance(cause, ApplicationError) else str(cause)
        return rejected(description, problem)
    return NotificationNotFoundError(f"notification {description.id!r} was replaced meanwhile")


def rejected(description: WorkflowExecutionDescription, problem: str) -> NotificationRejectedError:
    """The error for a start that was not a notification."""
    notification_id = description.id.removeprefix(contract.WORKFLOW_ID_PREFIX)
    return NotificationRejectedError(
        f"{notification_id!r} was started with input that is not a notification: {problem}"
    )
