"""The notification of a run that has ended, from its history."""

from collections.abc import AsyncIterator, Mapping
from types import SimpleNamespace
from typing import Any, Final, cast

import pytest
from temporalio.api.common.v1 import ActivityType, Payloads
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflow.v1 import WorkflowExecutionInfo
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse
from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from tests.support.samples import NOW, attempts, notification, round_, state
from tidings import InvalidInputError, Notification, Resend, contract
from tidings.continuation import Continuation
from tidings.temporal import history
from tidings.temporal.converter import DATA_CONVERTER
from tidings.temporal.origin import Origin

SENT: Final = notification(body=1)
CORRECTED: Final = notification(body=2)
AGAIN: Final = notification(body=3)
AS_SENT: Final = Origin(SENT.fingerprints(), SENT)
CARRIED: Final = Continuation(
    notification=CORRECTED,
    state=state(
        status="delivered",
        round=2,
        attempts=attempts(7, 8),
        attempts_omitted=6,
        interventions=[{"action": "resend", "at": NOW, "operator": "li"}],
    ),
    origin=SENT.fingerprints(),
    earlier_run="r0",
)


async def payloads(*values: object) -> Payloads:
    return Payloads(payloads=await DATA_CONVERTER.encode(values))


async def started(*arguments: object, continued: str = "") -> HistoryEvent:
    event = HistoryEvent()
    attributes = event.workflow_execution_started_event_attributes
    attributes.input.CopyFrom(await payloads(*arguments))
    attributes.continued_execution_run_id = continued
    return event


async def scheduled(of: Notification, number: int = 1) -> HistoryEvent:
    event = HistoryEvent()
    attributes = event.activity_task_scheduled_event_attributes
    attributes.activity_type.CopyFrom(ActivityType(name=contract.ACTIVITY_DELIVER))
    begun = round_(number=number, **dict(of)).to_json()
    attributes.input.CopyFrom(await payloads(begun))
    return event


async def completed(result: object) -> HistoryEvent:
    event = HistoryEvent()
    attributes = event.workflow_execution_completed_event_attributes
    attributes.result.CopyFrom(await payloads(result))
    return event


class Histories:
    """A Temporal client that has the histories of runs; ``None`` is a run that is deleted."""

    data_converter = DATA_CONVERTER

    def __init__(self, runs: Mapping[str, list[HistoryEvent] | None]) -> None:
        self.runs = runs

    def get_workflow_handle(self, _: str, *, run_id: str) -> Any:
        async def events(**_: object) -> AsyncIterator[HistoryEvent]:
            found = self.runs[run_id]
            if found is None:
                raise RPCError("workflow not found", RPCStatusCode.NOT_FOUND, b"")
            for event in found:
                yield event

        return SimpleNamespace(fetch_history_events=events)


def description(*, first: str = "r1") -> WorkflowExecutionDescription:
    found = SimpleNamespace(
        id="notification:payment-1",
        run_id="r1",
        status=WorkflowExecutionStatus.TERMINATED,
        start_time=NOW,
        close_time=NOW,
        data_converter=DATA_CONVERTER,
        raw_description=DescribeWorkflowExecutionResponse(
            workflow_execution_info=WorkflowExecutionInfo(first_run_id=first)
        ),
    )
    return cast("WorkflowExecutionDescription", found)


async def ended(
    runs: Mapping[str, list[HistoryEvent] | None], *, first: str = "r1"
) -> history.Ended:
    return await history.ended(cast("Client", Histories(runs)), description(first=first))


async def test_a_run_that_was_never_corrected_ends_as_it_was_sent() -> None:
    found = await ended({"r1": [await started(SENT.to_json()), await completed({})]})
    assert found == history.Ended(SENT, AS_SENT)


async def test_case_8_the_result_has_the_last_correction() -> None:
    result = {"notification": CORRECTED.to_json()}
    events = [await started(SENT.to_json()), await scheduled(SENT), await completed(result)]
    assert await ended({"r1": events}) == history.Ended(CORRECTED, AS_SENT)


async def test_a_killed_run_ends_as_its_last_round_began() -> None:
    events = [await started(SENT.to_json()), await scheduled(SENT), await scheduled(CORRECTED)]
    assert await ended({"r1": events}) == history.Ended(CORRECTED, AS_SENT)


async def test_case_8_a_reopened_run_keeps_the_first_origin() -> None:
    resend = Resend(even_if_delivered=True).to_json()
    for carried, origin in (
        (CARRIED, Origin(SENT.fingerprints(), None)),
        (CARRIED.model_copy(update={"sent": SENT}), AS_SENT),
        (CARRIED.model_copy(update={"notification": SENT}), AS_SENT),
    ):
        events = [await started(carried.to_json(), resend), await scheduled(AGAIN, 3)]
        assert await ended({"r1": events}) == history.Ended(AGAIN, origin)


async def test_a_repeated_run_has_the_arguments_of_a_start() -> None:
    """Temporal repeats it by a retry policy that the starter of another language has set."""
    events = [await started(SENT.to_json(), continued="r0"), await scheduled(CORRECTED)]
    runs = {"r0": [await started(SENT.to_json())], "r1": events}
    assert await ended(runs, first="r0") == history.Ended(CORRECTED, AS_SENT)


async def test_a_continued_run_was_sent_as_the_first_of_its_chain() -> None:
    carried = CARRIED.model_copy(update={"origin": None})
    events = [await started(carried.to_json(), continued="r0")]
    runs = {"r0": [await started(SENT.to_json())], "r1": events}
    assert await ended(runs, first="r0") == history.Ended(CORRECTED, AS_SENT)


async def test_without_the_first_run_it_is_compared_as_it_ended() -> None:
    """The retention of the first run has ended before that of the last one."""
    carried = CARRIED.model_copy(update={"origin": None})
    runs = {"r0": None, "r1": [await started(carried.to_json(), continued="r0")]}
    assert await ended(runs, first="r0") == history.Ended(
        CORRECTED, Origin(CORRECTED.fingerprints(), None)
    )


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="nothing"),
        pytest.param(["text"], id="text"),
        pytest.param([{"id": "a"}], id="not-a-notification"),
        pytest.param([{"id": "a"}, {}], id="two-that-are-not-a-story"),
        pytest.param([{"notification": {}, "state": {}}, {}], id="a-broken-story"),
    ],
)
async def test_what_was_never_a_notification_is_refused(arguments: list[object]) -> None:
    with pytest.raises(InvalidInputError):
        await ended({"r1": [await started(*arguments)]})


async def test_a_reopened_run_without_a_worker_shows_its_story() -> None:
    resend = Resend(even_if_delivered=True).to_json()
    events = [await started(CARRIED.to_json(), resend)]
    client = cast("Client", Histories({"r1": events}))
    found = await history.state_without_worker(client, description(), "no worker")
    assert found.attempt_count == 8
    assert (found.round, found.complete) == (2, False)
    assert found.interventions == CARRIED.state.interventions
    assert found.accepted_at == CARRIED.state.accepted_at
