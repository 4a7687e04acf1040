"""The replay in tests refuses workflow code that may differ from replay to replay.

The worker runs without the sandbox of the SDK, so the replay has to find it.
"""

import pytest
from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from tests.support.clocks import AsksTheWorkflow, ReadsTheClock, ThrowsDice
from tests.support.skipped_time import replay


@pytest.mark.parametrize("kind", [ReadsTheClock, ThrowsDice])
async def test_the_replay_refuses_clocks_and_chance(
    environment: WorkflowEnvironment, new_id: str, kind: type
) -> None:
    history = await ran(environment, new_id, kind)
    with pytest.raises(RuntimeError, match=r"Cannot access (time.time|random.random)"):
        await replay(history, [kind])


async def test_the_replay_takes_what_the_workflow_gives(
    environment: WorkflowEnvironment, new_id: str
) -> None:
    await replay(await ran(environment, new_id, AsksTheWorkflow), [AsksTheWorkflow])


async def ran(environment: WorkflowEnvironment, id_: str, kind: type) -> WorkflowHistory:
    """The history of a run without the sandbox."""
    async with Worker(
        environment.client,
        task_queue=id_,
        workflows=[kind],
        workflow_runner=UnsandboxedWorkflowRunner(),
    ):
        handle = await environment.client.start_workflow(kind.__name__, id=id_, task_queue=id_)
        assert await handle.result() > 0
        return await handle.fetch_history()
