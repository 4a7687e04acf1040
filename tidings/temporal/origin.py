"""The origin of a notification: what was sent, before any correction."""

from collections.abc import Mapping
from dataclasses import dataclass

from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus
from temporalio.converter import DataConverter
from temporalio.service import RPCError, RPCStatusCode

from tidings.continuation import Continuation
from tidings.errors import InvalidInputError
from tidings.notification import Notification


@dataclass(frozen=True)
class Origin:
    """A notification as it was sent."""

    fingerprints: dict[str, str]
    """A digest of each field."""
    notification: Notification | None
    """The notification itself; ``None`` if Temporal does not keep it any more."""


async def first(client: Client, workflow_id: str, first_run_id: str | None) -> Origin:
    """The origin that the first run of a workflow began with.

    Raises ``InvalidInputError`` if the workflow was started with something else.
    """
    handle = client.get_workflow_handle(workflow_id, run_id=first_run_id)
    started = await anext(handle.fetch_history_events(page_size=1))
    notification, carried = await started_with(client.data_converter, started)
    if carried is None:
        return Origin(notification.fingerprints(), notification)
    # Anybody may start a workflow with a story; one that the worker refused was never accepted.
    if (await handle.describe()).status is WorkflowExecutionStatus.FAILED:
        raise InvalidInputError("it was started with a story that is not one of Tidings")
    return of(carried) or Origin(notification.fingerprints(), notification)


def of(carried: Continuation) -> Origin | None:
    """The origin that a run has carried over; ``None`` if its first run knows it."""
    if carried.origin is None:
        return None
    is_same = not carried.notification.unlike(carried.origin)
    return Origin(carried.origin, carried.notification if is_same else carried.sent)


async def of_run(
    client: Client,
    description: WorkflowExecutionDescription,
    carried: Continuation | None,
    notification: Notification,
) -> Origin:
    """The origin of the run of ``description``, which began with ``carried``.

    Temporal may have deleted the first run, which ended earlier. ``notification`` then is all that
    is left.
    """
    known = of(carried) if carried is not None else None
    if known is not None:
        return known
    first_run_id = description.raw_description.workflow_execution_info.first_run_id
    try:
        return await first(client, description.id, first_run_id)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return Origin(notification.fingerprints(), None)


async def started_with(
    converter: DataConverter, started: HistoryEvent
) -> tuple[Notification, Continuation | None]:
    """The notification, and all that an earlier run of the workflow has carried over.

    A run that Temporal repeats by a retry policy of the workflow has a run before it, too, but
    the arguments of a start. Raises ``InvalidInputError`` if it was started with something else.
    """
    attributes = started.workflow_execution_started_event_attributes
    arguments = await converter.decode(attributes.input.payloads)
    first_argument = arguments[0] if arguments else None
    is_later = attributes.continued_execution_run_id or len(arguments) == 2
    if (
        is_later
        and isinstance(first_argument, Mapping)
        and {"notification", "state"} <= first_argument.keys()
    ):
        carried = Continuation.model_validate(first_argument)
        return carried.notification, carried
    return Notification.model_validate(first_argument), None
