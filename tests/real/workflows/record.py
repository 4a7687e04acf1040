"""Records the histories that are replayed for ever.

Usage: ``python -m tests.real.workflows.record 0.2.0``.

It is run once for each release, before it; what an earlier release has recorded is never
overwritten, because notifications that it has started may still be waiting for a person.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any, Final

from temporalio.client import WorkflowExecutionStatus

from tests.support.scenarios import SCENARIOS, SCENARIOS_OF_DEATH
from tests.support.skipped_time import Service, time_skipping_server
from tests.support.target import Target
from tidings import NotificationClient
from tidings.temporal import process

HISTORIES: Final = Path(__file__).parent / "histories"


async def record(release: str) -> int:
    """Records every scenario; 1 where the release has been recorded before."""
    directory = HISTORIES / release
    if directory.exists():
        sys.stderr.write(f"{directory} exists: a release is recorded once\n")
        return 1
    directory.mkdir(parents=True)
    async with time_skipping_server() as environment:
        service = Service(environment, NotificationClient(environment.client), Target())
        async with service.worker():
            for name, scenario in SCENARIOS.items():
                await scenario(service, name)
                await _save(service, name, directory)
        for name, scenario in SCENARIOS_OF_DEATH.items():
            await scenario(service, name)
            await _save(service, name, directory)
    return 0


async def _save(service: Service, name: str, directory: Path) -> None:
    (directory / f"{name}.json").write_text(await _ended(service, name))
    sys.stdout.write(f"{name}\n")


async def _ended(service: Service, name: str) -> str:
    handle = service.handle(name)
    async with asyncio.timeout(10):
        while (await handle.describe()).status is WorkflowExecutionStatus.RUNNING:
            await asyncio.sleep(0.02)
    document = json.loads((await handle.fetch_history()).to_json())
    return json.dumps(_without_stack_traces(document), indent=2) + "\n"


def _without_stack_traces(value: Any) -> Any:
    """A replay does not read them, and they name the paths of the machine that recorded."""
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
