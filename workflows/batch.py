"""``BatchWorkflow``: one intervention in many notifications, as durable as they are."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.batch import run_batch
    from tidings import contract
    from tidings.errors import InvalidInputError
    from tidings.intervention import BatchOrder


@workflow.defn(name=contract.BATCH_WORKFLOW_TYPE)
class BatchWorkflow:
    """Carries a batch out, and ends with its progress. To stop it, cancel the workflow."""

    @workflow.run
    async def run(self, *arguments: Any) -> dict[str, Any]:
        """Runs until every notification was asked, or somebody stops it."""
        order = _order(arguments)
        try:
            return await self._carry_out(order)
        except ActivityError as error:
            if not isinstance(error.cause, ApplicationError):
                raise
            # Its own message only says that an activity failed.
            raise ApplicationError(error.cause.message, *error.cause.details) from error

    async def _carry_out(self, order: BatchOrder) -> dict[str, Any]:
        return await workflow.execute_activity(
            run_batch,
            order,
            # The rate sets its length, and the heartbeat shows that it is alive.
            start_to_close_timeout=timedelta(days=30),
            heartbeat_timeout=timedelta(seconds=15),
            retry_policy=RetryPolicy(
                initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=10)
            ),
            cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
            summary=f"{order.action} of {order.total}",
        )


def _order(arguments: Sequence[Any]) -> BatchOrder:
    """The order in the arguments of a start; raises if they are malformed."""
    try:
        order = BatchOrder.model_validate(arguments[0] if arguments else None)
        _ = order.intervention  # raises if its document breaks a rule
    except InvalidInputError as error:
        raise ApplicationError(
            str(error), type=contract.FAILURE_INVALID, non_retryable=True
        ) from error
    return order
