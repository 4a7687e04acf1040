"""Records the histories that every later release has to replay.

Usage: ``python -m tests.real.workflows.record 0.2.0``.

Run it once for each release, before the release. The histories of an earlier release are never
overwritten, because notifications that it started may still await intervention.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any, Final

from temporalio.client import WorkflowExecutionStatus, WorkflowHistory

from tests.support.scenarios import BATCH_SCENARIOS, SCENARIOS, SCENARIOS_WITH_A_WORKER
from tests.support.skipped_time import SkippedTime, time_skipping_server
from tests.support.target import Target
from tidings import NotificationClient
from tidings.temporal import process

HISTORIES: Final = Path(__file__).parent / "histories"


async def record(release: str) -> int:
    """Records every scenario; 1 if the release was recorded before."""
    directory = HISTORIES / release
    if directory.exists():
        sys.stderr.write(f"{directory} exists: a release is recorded once\n")
        return 1
    directory.mkdir(parents=True)
    async with time_skipping_server() as environment:
        service = SkippedTime(environment, NotificationClient(environment.client), Target())
        async with service.worker():
            for name, scenario in SCENARIOS.items():
                await scenario(service, name)
                await _save(service, name, directory)
            for name, batch_scenario in BATCH_SCENARIOS.items():
                batch = environment.client.get_workflow_handle(await batch_scenario(service, name))
                (directory / f"{name}.json").write_text(_document(await batch.fetch_history()))
                sys.stdout.write(f"{name}\n")
        for name, scenario in SCENARIOS_WITH_A_WORKER.items():
            await scenario(service, name)
            await _save(service, name, directory)
    return 0


async def _save(service: SkippedTime, name: str, directory: Path) -> None:
    """Saves the history of each run, once the last one has ended."""
    handle = service.handle(name)
    async with asyncio.timeout(10):
        while (await handle.describe()).status is WorkflowExecutionStatus.RUNNING:
            await asyncio.sleep(0.02)
    *continued, last = await service.histories(name)
    for number, history in enumerate(continued, start=1):
        (directory / f"{name}.run-{number}.json").write_text(_document(history))
    (directory / f"{name}.json").write_text(_document(last))
    sys.stdout.write(f"{name}\n")


def _document(history: WorkflowHistory) -> str:
    return json.dumps(_without_stack_traces(json.loads(history.to_json())), indent=2) + "\n"


def _without_stack_traces(value: Any) -> Any:
    """``value`` without stack traces: a replay ignores them, and they have paths of a machine."""
    match value:
        case dict():
            return {
                name: _without_stack_traces(each)
                for name, each in value.items()
                if name != "stackTrace"
            }
        case list():
            return [_without_stack_traces(each) for each in value]
        case _:
            return value


if __name__ == "__main__":
    process.run(record(sys.argv[1]))
