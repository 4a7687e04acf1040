"""The start of everything that the workflow runs: the activities of a round, and reports."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import Priority, RetryPolicy
from temporalio.exceptions import ActivityError, WorkflowAlreadyStartedError

with workflow.unsafe.imports_passed_through():
    from activities.delivery import DeliveryActivities
    from activities.forgetting import forget
    from activities.halting import halt
    from activities.outcome import Outcome, TaskStart
    from tidings import contract
    from tidings.notification import Notification
    from tidings.round import GRACE, Outline, Round
    from tidings.state import Attempt
    from tidings.temporal.start import start_options
    from workflows.round import retry_policy

RoundActivity = workflow.ActivityHandle[list[Attempt]]
"""A running activity whose result is the log of a round's attempts."""


def start_delivery(round_: Round, *, is_target_slow: bool) -> RoundActivity:
    """Starts the delivery of a round, with the retry policy of its schedule."""
    notification = round_.notification
    expires_at = notification.expires_at
    return workflow.start_activity_method(
        DeliveryActivities.deliver,
        round_,
        activity_id=contract.round_activity_id(round_.number),
        task_queue=contract.SLOW_TASK_QUEUE if is_target_slow else None,
        start_to_close_timeout=round_.outline.attempt_limit,
        # The activity ends at the expiry by itself. If no worker runs, Temporal has to end it.
        schedule_to_close_timeout=(
            expires_at - workflow.now() + round_.outline.attempt_limit
            if expires_at is not None
            else None
        ),
        retry_policy=retry_policy(round_),
        cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
        priority=Priority(fairness_key=contract.fairness_key(notification.authority)),
        summary=f"round {round_.number} → {notification.authority}",
    )


def start_first_attempt(round_: Round, *, is_repeated: bool) -> workflow.ActivityHandle[Outcome]:
    """Starts the first attempt of a run in the fast lane, within its first workflow task."""
    # The SDK prolongs a task whose local activity takes long. If the worker dies after that, the
    # first activation is replayed, and the activity runs again although it has no result yet.
    is_replayed = workflow.unsafe.is_replaying()
    task = TaskStart(started_at=workflow.now(), is_repeated=is_repeated or is_replayed)
    return workflow.start_local_activity_method(
        DeliveryActivities.deliver_at_once,
        args=[round_, task],
        start_to_close_timeout=round_.outline.attempt_limit,
        retry_policy=RetryPolicy(maximum_attempts=1),
        summary=f"round {round_.number} → {round_.notification.authority}, the fast lane",
    )


def start_halt(round_: Outline) -> RoundActivity:
    """Starts the halt of a round; once it has ended, the delivery can be cancelled safely."""
    return workflow.start_activity(
        halt,
        round_,
        start_to_close_timeout=round_.attempt_limit + 2 * GRACE,
        heartbeat_timeout=GRACE,
        retry_policy=RetryPolicy(maximum_interval=GRACE),
        summary=f"halt round {round_.number}",
    )


async def forget_run(run_id: str) -> None:
    """Deletes an ended run of this workflow; writes a log line if the server does not let us."""
    try:
        await workflow.execute_activity(
            forget,
            run_id,
            start_to_close_timeout=timedelta(seconds=10),
            retry_policy=RetryPolicy(maximum_attempts=10, maximum_interval=timedelta(seconds=10)),
            summary="delete the run before this one",
        )
    except ActivityError as error:
        workflow.logger.warning(
            "notification.earlier_run_kept",
            extra={"id": workflow.info().workflow_id, "problem": str(error.cause)},
        )


async def start_report(report: Notification) -> str | None:
    """Starts the workflow of a report; the result is the problem if that was not possible."""
    try:
        await workflow.start_child_workflow(
            contract.WORKFLOW_TYPE,
            report.to_json(),
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            cancellation_type=workflow.ChildWorkflowCancellationType.ABANDON,
            **start_options(report, workflow.now()),
        )
    except WorkflowAlreadyStartedError:
        return f"the id {report.id!r} is taken by another notification"
    return None
