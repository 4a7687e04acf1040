"""The service on a real Temporal server, on which tests skip time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHandle, WorkflowHistory
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment
from temporalio.worker import Interceptor, Replayer, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from activities.delivery import DeliveryActivities
from activities.lanes.lanes import Lanes
from activities.secrets.keyring import Keyring
from service.worker import Workers
from tests.support.target import Target
from tidings import (
    FixedInterval,
    Notification,
    NotificationClient,
    NotificationState,
    Status,
    contract,
)
from tidings.temporal import visibility
from tidings.temporal.converter import DATA_CONVERTER
from tidings.temporal.embedded import DYNAMIC_CONFIG, binary
from workflows.batch import BatchWorkflow
from workflows.notification import NotificationWorkflow

HOURLY = FixedInterval(interval=3600, maximum_attempts=5)
SUGGEST_CONTINUE_AS_NEW = 120
"""The number of events after which a history counts as long here; the server's own is 4,096."""
CONCURRENCY = 20


@dataclass(frozen=True)
class SkippedTime:
    """A worker with a target whose answers the test sets, and a client."""

    environment: WorkflowEnvironment
    client: NotificationClient
    target: Target

    async def skip(self, notification_id: str, duration: timedelta) -> None:
        """Skips ``duration`` for one notification."""
        await self.environment.fast_forward(self.handle(notification_id), duration)

    def handle(self, notification_id: str) -> WorkflowHandle[Any, Any]:
        """The workflow of a notification."""
        workflow_id = contract.workflow_id(notification_id)
        return self.environment.client.get_workflow_handle(workflow_id)

    async def send(self, notification_id: str, **fields: Any) -> Notification:
        """Sends a notification with ``fields``, and defaults for the rest."""
        defaults = {"type": "test.sent", "target": "http://target.test/", "body": {"n": 1}}
        notification = Notification(id=notification_id, **{**defaults, **fields})
        assert (await self.client.send(notification)).created
        return notification

    async def flood(self, notification_id: str) -> None:
        """Sends so many useless signals that the history counts as long."""
        for number in range(SUGGEST_CONTINUE_AS_NEW):
            await self.handle(notification_id).signal(contract.SIGNAL_RESEND, f"nonsense {number}")

    async def until(self, notification_id: str, status: Status) -> NotificationState:
        """The state once a notification has reached ``status``."""
        return await self._until(notification_id, lambda state: state.status is status)

    async def until_attempts(self, notification_id: str, count: int) -> NotificationState:
        """The state once ``count`` attempts have ended."""
        return await self._until(notification_id, lambda state: state.attempt_count >= count)

    async def until_paused(self, notification_id: str) -> NotificationState:
        """The state once a corrected round waits for its next attempt, without an activity."""
        async with asyncio.timeout(30):
            while (
                await self.handle(notification_id).describe()
            ).raw_description.pending_activities:
                await asyncio.sleep(0.02)
        return await self._until(notification_id, lambda state: state.next_attempt_at is not None)

    async def until_reported(self, notification_id: str, number: int) -> str:
        """The id of the ``number``-th report on a notification, once there is one."""
        await self._until(notification_id, lambda state: state.report_count >= number)
        return contract.report_id(notification_id, number)

    async def _until(
        self, notification_id: str, condition: Callable[[NotificationState], bool]
    ) -> NotificationState:
        async with asyncio.timeout(30):
            while not condition(state := await self.client.state(notification_id)):
                await asyncio.sleep(0.02)
        return state

    async def until_event(self, notification_id: str, kind: EventType.ValueType) -> None:
        """Waits until the history has an event of ``kind``."""
        async with asyncio.timeout(30):
            while not any(
                event.event_type == kind
                for event in (await self.handle(notification_id).fetch_history()).events
            ):
                await asyncio.sleep(0.02)

    async def until_continued(self, notification_id: str) -> None:
        """Waits until the workflow has continued in a new run."""
        async with asyncio.timeout(30):
            while len(await self.histories(notification_id)) == 1:
                await asyncio.sleep(0.02)

    async def until_listed(self, ids: set[str], **filters: Any) -> None:
        """Waits until a list has exactly ``ids``; lists follow with a delay."""
        async with asyncio.timeout(30):
            while {each.id async for each in self.client.list(**filters)} != ids:
                await asyncio.sleep(0.02)

    async def histories(self, notification_id: str) -> list[WorkflowHistory]:
        """The history of each run of a notification's workflow, oldest first."""
        description = await self.handle(notification_id).describe()
        run_id = description.raw_description.workflow_execution_info.first_run_id
        found = []
        while run_id:
            handle = self.environment.client.get_workflow_handle(description.id, run_id=run_id)
            found.append(history := await handle.fetch_history())
            continued = history.events[-1].workflow_execution_continued_as_new_event_attributes
            run_id = continued.new_execution_run_id
        return found

    def worker_of(
        self, *activities: Callable[..., Any], interceptors: Sequence[Interceptor] = ()
    ) -> Worker:
        """A worker with other activities or interceptors, and a closed fast lane."""
        return Worker(
            self.environment.client,
            task_queue=contract.TASK_QUEUE,
            workflows=[NotificationWorkflow],
            activities=[*activities, self.activities().deliver_at_once],
            interceptors=interceptors,
        )

    def activities(self, lanes: Lanes | None = None) -> DeliveryActivities:
        """The delivery activities, whose every request goes to ``target``."""
        lanes = lanes or Lanes(CONCURRENCY, has_fast_lane=False)
        return DeliveryActivities(self.target.client(), Keyring(None), lanes, random=lambda: 0.5)

    @asynccontextmanager
    async def worker(self, lanes: Lanes | None = None) -> AsyncIterator[None]:
        """Runs the workers for the length of the block; the fast lane is closed by default."""
        workers = Workers(self.environment.client, self.activities(lanes), CONCURRENCY)
        work = asyncio.create_task(workers.run())
        try:
            yield
        finally:
            await workers.shutdown()
            await work


@asynccontextmanager
async def time_skipping_server() -> AsyncIterator[WorkflowEnvironment]:
    """A real server on which tests can skip time."""
    settings = (
        "frontend.WorkflowTimeSkippingEnabled=true",
        f"limit.historyCount.suggestContinueAsNew={SUGGEST_CONTINUE_AS_NEW}",
        *DYNAMIC_CONFIG,
    )
    async with await WorkflowEnvironment.start_time_skipping_v2(
        ts_config=TimeSkippingConfig(enabled=False),
        identity="test",  # the SDK's own would put the name of this machine into the histories
        data_converter=DATA_CONVERTER,
        search_attributes=[
            visibility.STATUS,
            visibility.TARGET,
            visibility.TYPE,
            visibility.CAUSE,
            visibility.ACCEPTED_AT,
        ],
        dev_server_existing_path=str(binary()),
        dev_server_log_level="error",
        dev_server_extra_args=[
            argument for setting in settings for argument in ("--dynamic-config-value", setting)
        ],
    ) as environment:
        yield environment


WORKFLOWS = (NotificationWorkflow, BatchWorkflow)


async def replay(history: WorkflowHistory, workflows: Sequence[type] = WORKFLOWS) -> None:
    """Raises if today's workflow would not have sent the commands of ``history``.

    It runs in the SDK's sandbox, which also refuses what may differ from replay to replay: clocks,
    chance, files, sockets. A worker runs without the sandbox.
    """
    replayer = Replayer(
        workflows=workflows,
        workflow_runner=SandboxedWorkflowRunner(),
        data_converter=DATA_CONVERTER,
    )
    await replayer.replay_workflow(history)


async def search_attributes(service: SkippedTime, notification_id: str) -> tuple[str | None, ...]:
    """Status, target and type, as lists find them."""
    attributes = (await service.handle(notification_id).describe()).typed_search_attributes
    return tuple(
        attributes.get(key) for key in (visibility.STATUS, visibility.TARGET, visibility.TYPE)
    )
