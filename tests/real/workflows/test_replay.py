"""Today's workflow goes on with what every release has begun."""

import json
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHistory
from temporalio.workflow import NondeterminismError

import tidings
from tests.real.workflows.record import HISTORIES
from tests.support.scenarios import SCENARIOS, SCENARIOS_OF_DEATH
from tests.support.skipped_time import replay
from tidings import contract

RECORDED = sorted(HISTORIES.glob("*/*.json"))


def history(path: Path, document: Any = None) -> WorkflowHistory:
    return WorkflowHistory.from_json(contract.workflow_id(path.stem), document or path.read_text())


def test_every_path_of_this_release_is_recorded() -> None:
    recorded = {path.stem for path in RECORDED if path.parent.name == tidings.__version__}
    assert recorded == {*SCENARIOS, *SCENARIOS_OF_DEATH}


@pytest.mark.parametrize(
    "path", RECORDED, ids=[f"{path.parent.name}-{path.stem}" for path in RECORDED]
)
async def test_a_recorded_history_replays(path: Path) -> None:
    await replay(history(path))


async def test_a_history_that_went_another_way_does_not_replay() -> None:
    """What the test above would see if the workflow's commands were changed."""
    path = HISTORIES / tidings.__version__ / "delivered.json"
    document = json.loads(path.read_text())
    for event in document["events"]:
        scheduled = event.get("activityTaskScheduledEventAttributes")
        if scheduled is not None:
            scheduled["activityType"]["name"] = "another"
    with pytest.raises(NondeterminismError):
        await replay(history(path, document))
