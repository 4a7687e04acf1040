"""The notification as the history of the Temporal server shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from temporalio.api.common.v1 import Payload
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import (
    Client,
    WorkflowExecutionDescription,
    WorkflowHandle,
)
from temporalio.converter import DataConverter

from tidings import contract
from tidings.continuation import Continuation
from tidings.notification import Notification
from tidings.round import Round
from tidings.state import Attempt, NotificationState, merged
from tidings.temporal.origin import Origin, of_run, started_with
from tidings.temporal.running import attempts_in, running_round
from tidings.temporal.visibility import status_of


@dataclass(frozen=True)
class Ended:
    """A run, as far as another run needs it to carry the story on once it has ended."""

    notification: Notification
    """The notification with all corrections that a round or the end shows."""
    origin: Origin


async def ended(client: Client, description: WorkflowExecutionDescription) -> Ended:
    """The notification of a run that has ended.

    Raises ``InvalidInputError`` if the workflow was started with something else.
    """
    converter = client.data_converter
    handle: WorkflowHandle[object, object] = client.get_workflow_handle(
        description.id, run_id=description.run_id
    )
    notification: Notification | None = None
    carried: Continuation | None = None
    async for event in handle.fetch_history_events():
        if event.HasField("workflow_execution_started_event_attributes"):
            notification, carried = await started_with(converter, event)
        round_ = await _scheduled_round(converter, event)
        if round_ is not None:
            notification = round_.notification
        result = event.workflow_execution_completed_event_attributes.result.payloads
        if result and "notification" in (final := (await converter.decode(result))[0]):
            notification = Notification.model_validate(final["notification"], extra="ignore")
    assert notification is not None  # every history begins with its start
    origin = await of_run(client, description, carried, notification)
    return Ended(notification, origin)


async def state_without_worker(
    client: Client, description: WorkflowExecutionDescription, explanation: str
) -> NotificationState:
    """The state as the server's history shows it.

    Missing are interventions, and corrections whose round has not begun. Raises
    ``InvalidInputError`` if the workflow was started with something else.
    """
    converter = client.data_converter
    handle: WorkflowHandle[object, object] = client.get_workflow_handle(
        description.id, run_id=description.run_id
    )
    notification: Notification | None = None
    carried: Continuation | None = None
    rounds = 0
    attempts: tuple[Attempt, ...] = ()
    async for event in handle.fetch_history_events():
        if event.HasField("workflow_execution_started_event_attributes"):
            notification, carried = await started_with(converter, event)
        round_ = await _scheduled_round(converter, event)
        if round_ is not None:
            notification, rounds = round_.notification, round_.number
        attempts = merged(attempts, await attempts_in(converter, _logged(event)))
    assert notification is not None  # every history begins with its start
    running = await running_round(description)
    begun = NotificationState(
        id=contract.notification_id(description.id),
        type=notification.type,
        target=notification.target,
        status=status_of(description),
        explanation=explanation,
        round=rounds,
        next_attempt_at=running.next_attempt_at if running is not None else None,
        expires_at=notification.expires_at,
        accepted_at=description.start_time,
        closed_at=description.close_time,
        complete=False,
    )
    state = _carried_on(begun, carried.state) if carried is not None else begun
    return state.with_attempts(merged(attempts, running.log if running is not None else ()))


def _carried_on(state: NotificationState, before: NotificationState) -> NotificationState:
    """``state`` with what an earlier run of the workflow knew ``before`` it."""
    kept = {name: getattr(before, name) for name in _CARRIED}
    return state.model_copy(update={**kept, "round": max(before.round, state.round)})


_CARRIED: Final = (
    "accepted_at",
    "attempts",
    "attempts_omitted",
    "interventions",
    "refused_interventions",
    "reports",
    "report_count",
)
"""The fields of a state that only grow, or never change."""


async def _scheduled_round(converter: DataConverter, event: HistoryEvent) -> Round | None:
    scheduled = event.activity_task_scheduled_event_attributes
    if scheduled.activity_type.name != contract.ACTIVITY_DELIVER:
        return None
    return Round.model_validate((await converter.decode(scheduled.input.payloads))[0])


def _logged(event: HistoryEvent) -> Sequence[Payload]:
    """The payloads of an event in which an activity hands its attempts over."""
    if event.HasField("activity_task_completed_event_attributes"):
        return event.activity_task_completed_event_attributes.result.payloads
    if event.HasField("activity_task_failed_event_attributes"):
        failure = event.activity_task_failed_event_attributes.failure
        return failure.application_failure_info.details.payloads
    if event.HasField("activity_task_timed_out_event_attributes"):
        failure = event.activity_task_timed_out_event_attributes.failure
        return failure.timeout_failure_info.last_heartbeat_details.payloads
    return ()
