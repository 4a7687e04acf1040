"""The question for a halt, to a server that may not answer."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import ActivityEnvironment

from activities import halting
from tidings import contract

Describe = Callable[[], Awaitable[Any]]


def server(describe: Describe) -> Client:
    """A client of a server that describes every workflow with ``describe``."""
    handle = SimpleNamespace(describe=describe)
    return cast("Client", SimpleNamespace(get_workflow_handle=lambda *_, **__: handle))


def describing(*running: str) -> Describe:
    """A server on which these activities are pending."""

    async def describe() -> Any:
        response = DescribeWorkflowExecutionResponse()
        for name in running:
            activity = PendingActivityInfo()
            activity.activity_type.name = name
            response.pending_activities.append(activity)
        return SimpleNamespace(raw_description=response)

    return describe


async def gone() -> Any:
    raise RPCError("connection refused", RPCStatusCode.UNAVAILABLE, b"")


async def frozen() -> Any:
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("running", "halted"),
    [
        pytest.param([], False, id="nothing-pending"),
        pytest.param([contract.ACTIVITY_DELIVER], False, id="only-the-delivery"),
        pytest.param([contract.ACTIVITY_DELIVER, contract.ACTIVITY_HALT], True, id="a-halt-too"),
    ],
)
async def test_the_server_knows_of_the_halt_before_it_begins(
    running: list[str],
    halted: bool,  # noqa: FBT001
) -> None:
    environment = ActivityEnvironment(client=server(describing(*running)))
    assert await environment.run(halting.is_requested) is halted


@pytest.mark.parametrize(
    "describe", [pytest.param(gone, id="no-server"), pytest.param(frozen, id="no-answer")]
)
async def test_without_an_answer_the_attempt_is_made_within_its_grace(
    describe: Describe, caplog: pytest.LogCaptureFixture
) -> None:
    """It may be one attempt too many, but no attempt is lost; the log shows it."""
    began = time.monotonic()
    environment = ActivityEnvironment(client=server(describe))
    assert await environment.run(halting.is_requested) is False
    assert time.monotonic() - began < 3
    assert [each.message for each in caplog.records] == ["halting.unknown"]
