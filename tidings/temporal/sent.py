"""What a notification says now, and what it said when it was sent."""

from typing import Final

from pydantic import TypeAdapter
from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus

from tidings import contract
from tidings.errors import InvalidInputError
from tidings.intervention import SentNotification
from tidings.notification import Notification
from tidings.temporal import calls, history, read

_NOTIFICATION: Final = TypeAdapter(Notification)
"""Its refusal is pydantic's, which ``calls`` turns into ours."""


async def sent(client: Client, notification_id: str) -> SentNotification:
    """``NotificationClient.sent``."""
    description = await read.describe(client, notification_id)
    if description.status is WorkflowExecutionStatus.FAILED:
        raise await read.failed(client, description)
    answer = await _answered(client, description)
    try:
        async with calls.request(client, "read the history"):
            recorded = await history.ended(client, description)
    except InvalidInputError as error:
        raise read.rejected(description, str(error)) from error
    has_ended = description.status is WorkflowExecutionStatus.COMPLETED
    return SentNotification.of(
        now=answer or recorded.notification,
        sent=recorded.origin.notification,
        complete=answer is not None or has_ended,
    )


async def _answered(
    client: Client, description: WorkflowExecutionDescription
) -> Notification | None:
    """The notification as a worker knows it; ``None`` if no worker answers, or it has ended."""
    if description.status is not WorkflowExecutionStatus.RUNNING:
        return None
    handle = client.get_workflow_handle(description.id, run_id=description.run_id)
    return await read.answered(client, handle, contract.QUERY_NOTIFICATION, _read)


def _read(answer: object) -> Notification:
    return _NOTIFICATION.validate_python(answer, extra="ignore")  # a later worker may know more
