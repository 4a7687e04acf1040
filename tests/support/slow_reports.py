"""Reports whose start takes an hour.

Workflows import this module with the interceptor, so it imports nothing but the SDK.
"""

from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.worker import (
    Interceptor,
    StartChildWorkflowInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)


class _SlowStarts(WorkflowOutboundInterceptor):
    async def start_child_workflow(
        self,
        input: StartChildWorkflowInput,  # noqa: A002 -- as the SDK names it
    ) -> workflow.ChildWorkflowHandle[Any, Any]:
        await workflow.sleep(timedelta(hours=1))
        return await super().start_child_workflow(input)


class _SlowWorkflow(WorkflowInboundInterceptor):
    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        super().init(_SlowStarts(outbound))


class SlowReports(Interceptor):
    """Delays every start of a report by an hour."""

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002, ARG002 -- as the SDK names it
    ) -> type[WorkflowInboundInterceptor]:
        """See ``Interceptor``."""
        return _SlowWorkflow
