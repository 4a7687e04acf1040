"""The removal of an ended run whose story another run carries on."""

from typing import Final

from temporalio import activity
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from tidings import contract

_FINAL: Final = frozenset(
    {
        RPCStatusCode.INVALID_ARGUMENT,
        RPCStatusCode.PERMISSION_DENIED,
        RPCStatusCode.UNAUTHENTICATED,
        RPCStatusCode.UNIMPLEMENTED,
    }
)
"""The answers of a server that would refuse it each time."""


@activity.defn(name=contract.ACTIVITY_FORGET)
async def forget(run_id: str) -> None:
    """Deletes an ended run of the calling workflow.

    Otherwise lists, counts and exports would have its notification twice: as it ended then, and
    as it is now.
    """
    client, info = activity.client(), activity.info()
    if run_id == info.workflow_run_id:  # the server would terminate it
        raise ApplicationError("a run cannot delete itself", non_retryable=True)
    run = WorkflowExecution(workflow_id=info.workflow_id or "", run_id=run_id)
    request = DeleteWorkflowExecutionRequest(namespace=client.namespace, workflow_execution=run)
    try:
        await client.workflow_service.delete_workflow_execution(request)
    except RPCError as error:
        if error.status in _FINAL:
            raise ApplicationError(error.message, non_retryable=True) from error
        if error.status is not RPCStatusCode.NOT_FOUND:  # it was deleted before
            raise
