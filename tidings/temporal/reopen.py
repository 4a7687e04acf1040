"""Sending again what has ended: a new run of the same workflow id, which carries the story on.

A workflow that has ended takes no signal. Its successor begins with all that it knew, so the
notification keeps its id, its attempts, its interventions and its reports.
"""

from datetime import UTC, datetime

from temporalio.client import Client, WorkflowExecutionDescription
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError

from tidings import contract
from tidings.continuation import Continuation
from tidings.errors import InterventionRefusedError
from tidings.intervention import Resend
from tidings.state import NotificationState, Status
from tidings.temporal import calls, converter, history, read, visibility
from tidings.temporal.start import start_options


async def reopen(
    client: Client,
    description: WorkflowExecutionDescription,
    state: NotificationState,
    ended: history.Ended,
    resend: Resend,
) -> NotificationState:
    """Begins a new round of a notification that has ended; its state after that.

    ``description``, ``state`` and ``ended`` are those of the run that has ended. Raises
    ``InterventionRefusedError`` if somebody else was faster.
    """
    corrected = resend.corrected(ended.notification)
    continuation = Continuation(
        notification=ended.notification,
        state=state.model_copy(update={"complete": True}),
        origin=ended.origin,
        earlier_run=description.run_id,
    )
    options = start_options(corrected, datetime.now(UTC))
    options["id_reuse_policy"] = WorkflowIDReusePolicy.ALLOW_DUPLICATE
    attributes = visibility.search_attributes(corrected, Status.DELIVERING)
    options["search_attributes"] = TypedSearchAttributes(
        [
            *attributes.search_attributes,
            SearchAttributePair(visibility.ACCEPTED_AT, state.accepted_at),
        ]
    )
    async with calls.request(client, f"send {state.id!r} again"):
        try:
            await client.start_workflow(
                contract.WORKFLOW_TYPE,
                args=[
                    converter.json_payload(continuation.to_json()),
                    converter.json_payload(resend.to_json()),
                ],
                task_queue=contract.TASK_QUEUE,
                **options,
            )
        except WorkflowAlreadyStartedError as error:
            raise InterventionRefusedError(
                f"notification {state.id!r} is being sent again already; look at its state"
            ) from error
    return await read.state(client, state.id)
