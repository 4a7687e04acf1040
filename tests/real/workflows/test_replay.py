"""Today's workflow continues the notifications of every release."""

import json
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHistory
from temporalio.workflow import NondeterminismError

import tidings
from tests.real.workflows.record import HISTORIES
from tests.support.scenarios import BATCH_SCENARIOS, SCENARIOS, SCENARIOS_WITH_A_WORKER
from tests.support.skipped_time import replay
from tidings import contract
from tidings.continuation import Continuation, Wishes

RECORDED = sorted(HISTORIES.glob("*/*.json"))


def scenario(path: Path) -> str:
    """The scenario of a recorded history; each run of its workflow has a file."""
    return path.name.partition(".")[0]


def history(path: Path, document: Any = None) -> WorkflowHistory:
    return WorkflowHistory.from_json(
        contract.workflow_id(scenario(path)), document or path.read_text()
    )


def test_every_path_of_this_release_is_recorded() -> None:
    recorded = {scenario(path) for path in RECORDED if path.parent.name == tidings.__version__}
    assert recorded == {*SCENARIOS, *SCENARIOS_WITH_A_WORKER, *BATCH_SCENARIOS}


def test_a_recorded_continuation_has_its_wish() -> None:
    path = HISTORIES / tidings.__version__ / "continued-with-a-resend.json"
    started = history(path).events[0].workflow_execution_started_event_attributes
    (payload,) = started.input.payloads
    continuation = Continuation.model_validate_json(payload.data)
    assert continuation.wishes == Wishes(resend=True)


@pytest.mark.parametrize(
    "path", RECORDED, ids=[f"{path.parent.name}-{path.stem}" for path in RECORDED]
)
async def test_a_recorded_history_replays(path: Path) -> None:
    await replay(history(path))


@pytest.mark.parametrize("name", ["delivered", "batch"])
async def test_a_history_that_went_another_way_does_not_replay(name: str) -> None:
    """The test above would see the same if the workflow sent other commands."""
    path = HISTORIES / tidings.__version__ / f"{name}.json"
    document = json.loads(path.read_text())
    for event in document["events"]:
        scheduled = event.get("activityTaskScheduledEventAttributes")
        if scheduled is not None:
            scheduled["activityType"]["name"] = "another"
    with pytest.raises(NondeterminismError):
        await replay(history(path, document))
