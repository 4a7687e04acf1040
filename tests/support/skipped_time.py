"""The service on a real Temporal server, with time that is skipped as each test says."""

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

from activities.delivery import DeliveryActivities
from activities.secrets.keyring import Keyring
from service.worker import new_worker
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
from workflows.notification import NotificationWorkflow

HOURLY = FixedInterval(interval=3600, maximum_attempts=5)
SUGGEST_CONTINUE_AS_NEW = 120
"""After so many events a history is called long here; the server's own figure is 4,096."""


@dataclass(frozen=True)
class Service:
    """A worker with a target that answers as told, and a client."""

    environment: WorkflowEnvironment
    client: NotificationClient
    target: Target

    async def skip(self, notification_id: str, duration: timedelta) -> None:
        """Lets a notification live through ``duration`` at once."""
        await self.environment.fast_forward(self.handle(notification_id), duration)

    def handle(self, notification_id: str) -> WorkflowHandle[Any, Any]:
        """The workflow of a notification."""
        workflow_id = contract.workflow_id(notification_id)
        return self.environment.client.get_workflow_handle(workflow_id)

    async def send(self, notification_id: str, **fields: Any) -> Notification:
        """Sends a notification of which only the given fields matter."""
        usual = {"type": "test.sent", "target": "http://target.test/", "body": {"n": 1}}
        notification = Notification(id=notification_id, **{**usual, **fields})
        assert (await self.client.send(notification)).created
        return notification

    async def until(self, notification_id: str, status: Status) -> NotificationState:
        """The state once a notification has reached ``status``."""
        async with asyncio.timeout(30):
            while (state := await self.client.state(notification_id)).status is not status:
                await asyncio.sleep(0.02)
        return state

    async def until_attempts(self, notification_id: str, count: int) -> NotificationState:
        """The state once that many attempts have ended."""
        async with asyncio.timeout(30):
            while (state := await self.client.state(notification_id)).attempt_count < count:
                await asyncio.sleep(0.02)
        return state

    async def until_event(self, notification_id: str, kind: EventType.ValueType) -> None:
        """Waits until the history holds an event of that kind."""
        async with asyncio.timeout(30):
            while not any(
                event.event_type == kind
                for event in (await self.handle(notification_id).fetch_history()).events
            ):
                await asyncio.sleep(0.02)

    async def until_told(self, notification_id: str, number: int) -> str:
        """The id of the ``number``-th report on a notification, once there is one."""
        async with asyncio.timeout(30):
            while (await self.client.state(notification_id)).report_count < number:
                await asyncio.sleep(0.02)
        return contract.report_id(notification_id, number)

    async def until_listed(self, ids: set[str], **filters: Any) -> None:
        """Waits until a list gives exactly these; it follows what happens with a delay."""
        async with asyncio.timeout(30):
            while {each.id async for each in self.client.list(**filters)} != ids:
                await asyncio.sleep(0.02)

    def worker_of(
        self, *activities: Callable[..., Any], interceptors: Sequence[Interceptor] = ()
    ) -> Worker:
        """A worker of which only the activities, and what comes between, are others."""
        return Worker(
            self.environment.client,
            task_queue=contract.TASK_QUEUE,
            workflows=[NotificationWorkflow],
            activities=activities,
            interceptors=interceptors,
        )

    def activities(self) -> DeliveryActivities:
        """The delivery, to the target that answers as told."""
        return DeliveryActivities(self.target.client(), Keyring(None), random=lambda: 0.5)

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[None]:
        """Runs a worker for the length of the block."""
        async with new_worker(self.environment.client, self.activities(), concurrency=20):
            yield


@asynccontextmanager
async def time_skipping_server() -> AsyncIterator[WorkflowEnvironment]:
    """A real server on which nothing but the tests makes time pass."""
    settings = (
        "frontend.WorkflowTimeSkippingEnabled=true",
        f"limit.historyCount.suggestContinueAsNew={SUGGEST_CONTINUE_AS_NEW}",
        *DYNAMIC_CONFIG,
    )
    async with await WorkflowEnvironment.start_time_skipping_v2(
        ts_config=TimeSkippingConfig(enabled=False),
        identity="test",  # the SDK's own would put the name of this machine into the histories
        data_converter=DATA_CONVERTER,
        search_attributes=[visibility.STATUS, visibility.TARGET, visibility.TYPE],
        dev_server_existing_path=str(binary()),
        dev_server_log_level="error",
        dev_server_extra_args=[
            argument for setting in settings for argument in ("--dynamic-config-value", setting)
        ],
    ) as environment:
        yield environment


async def replay(history: WorkflowHistory) -> None:
    """Raises where today's workflow would not have done what the history tells."""
    replayer = Replayer(workflows=[NotificationWorkflow], data_converter=DATA_CONVERTER)
    await replayer.replay_workflow(history)


async def search_attributes(service: Service, notification_id: str) -> tuple[str | None, ...]:
    """Status, target and type, as lists find them."""
    attributes = (await service.handle(notification_id).describe()).typed_search_attributes
    return tuple(
        attributes.get(key) for key in (visibility.STATUS, visibility.TARGET, visibility.TYPE)
    )
