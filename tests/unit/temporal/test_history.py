"""The running round, from the server's description of its activity."""

from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.common.v1 import ActivityType, Payloads
from temporalio.api.enums.v1 import PendingActivityState
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse
from temporalio.client import WorkflowExecutionDescription

from tests.support.samples import NOW, attempt
from tidings import contract
from tidings.temporal.converter import DATA_CONVERTER
from tidings.temporal.running import running_round

DUE = NOW + timedelta(hours=1)
STARTED = PendingActivityState.PENDING_ACTIVITY_STATE_STARTED
SCHEDULED = PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED


@pytest.mark.parametrize(
    ("state", "number", "recorded", "is_known"),
    [
        pytest.param(STARTED, 1, 0, False, id="the-first-is-made"),
        pytest.param(STARTED, 1, 1, True, id="the-first-is-recorded-and-not-yet-counted"),
        pytest.param(SCHEDULED, 2, 1, True, id="the-second-waits"),
        pytest.param(STARTED, 2, 1, False, id="the-second-is-made"),
    ],
)
async def test_the_next_attempt_is_known_once_one_is_recorded(
    state: PendingActivityState.ValueType,
    number: int,
    recorded: int,
    is_known: bool,  # noqa: FBT001
) -> None:
    log = [
        attempt(each + 1, next_attempt_at=DUE).model_dump(mode="json") for each in range(recorded)
    ]
    activity = PendingActivityInfo(
        activity_id=contract.round_activity_id(1),
        activity_type=ActivityType(name=contract.ACTIVITY_DELIVER),
        state=state,
        attempt=number,
    )
    if recorded:
        payloads = await DATA_CONVERTER.encode([log])
        activity.heartbeat_details.CopyFrom(Payloads(payloads=payloads))
    if state == SCHEDULED:
        due = Timestamp()
        due.FromDatetime(DUE)
        activity.next_attempt_schedule_time.CopyFrom(due)
    description = SimpleNamespace(
        raw_description=DescribeWorkflowExecutionResponse(pending_activities=[activity]),
        data_converter=DATA_CONVERTER,
    )
    running = await running_round(cast("WorkflowExecutionDescription", description))
    assert running is not None
    assert running.next_attempt_at == (DUE if is_known else None)
