"""Temporal clients whose requests fail, or have answers that the test sets."""

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, cast

from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse
from temporalio.client import WorkflowExecutionStatus
from temporalio.converter import DataConverter

from tidings import NotificationClient
from tidings.temporal.connect import Client


class FailingTemporal:
    """A Temporal client whose every request fails, or whose answers cannot be read."""

    namespace = "default"
    identity = "test"
    service_client = SimpleNamespace(config=SimpleNamespace(target_host="temporal.test:7233"))
    data_converter = DataConverter.default

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __getattr__(self, name: str) -> Any:
        if name in ("workflow_service", "get_workflow_handle"):
            return self if name == "workflow_service" else lambda *_, **__: self
        if name in ("list_workflows", "fetch_history_events"):
            return lambda *_, **__: self
        return self._fail

    async def _fail(self, *_: object, **__: object) -> object:
        raise self.error

    def __aiter__(self) -> AsyncIterator[object]:
        return self

    async def __anext__(self) -> object:
        raise self.error


def client_of(temporal: object) -> NotificationClient:
    return NotificationClient(cast("Client", temporal))


class Answering(FailingTemporal):
    """A Temporal client that knows one workflow, and gives one answer to all other requests.

    Its lists are empty.
    """

    def __init__(self, status: WorkflowExecutionStatus, answer: object) -> None:
        super().__init__(RuntimeError("not asked for"))
        self.status = status
        self.answer = answer
        self.pending: list[PendingActivityInfo] = []

    async def describe(self, **_: object) -> object:
        return SimpleNamespace(
            id="notification:payment-1",
            run_id="1",
            status=self.status,
            raw_description=DescribeWorkflowExecutionResponse(pending_activities=self.pending),
            data_converter=self.data_converter,
        )

    def list_workflows(self, *_: object, **__: object) -> AsyncIterator[object]:
        return _nothing()

    async def _fail(self, *_: object, **__: object) -> object:
        return self.answer


async def _nothing() -> AsyncIterator[object]:
    for each in tuple[object, ...]():
        yield each
