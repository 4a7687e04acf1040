"""Runs of notifications that were sent again after their end."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from temporalio import activity
from temporalio.client import WorkflowExecutionDescription
from temporalio.exceptions import ApplicationError

from tests.support.skipped_time import SkippedTime
from tests.support.until import until
from tidings import Notification, NotificationState, Resend, contract
from tidings.temporal import history
from tidings.temporal.reopen import reopen

AGAIN = Resend(operator="li", reason="its target lost its data", even_if_delivered=True)


async def delivered(
    service: SkippedTime, notification_id: str, **fields: Any
) -> tuple[Notification, NotificationState]:
    sent = await service.send(notification_id, **fields)
    return sent, await service.client.outcome(notification_id)


async def runs(service: SkippedTime, notification_id: str) -> int:
    """The number of runs that lists see, those aside that have continued as new."""
    query = (
        f"WorkflowId = '{contract.workflow_id(notification_id)}' "
        "AND ExecutionStatus != 'ContinuedAsNew'"
    )
    return len([each async for each in service.environment.client.list_workflows(query)])


async def until_single(service: SkippedTime, notification_id: str) -> None:
    """Waits until lists see one run; the deletion of the run before takes a moment."""

    async def is_single() -> bool:
        return await runs(service, notification_id) == 1

    await until(is_single, within=90)  # the server takes its time


class LateClient:
    """A client that looks at what has ended long before it sends it again."""

    def __init__(self, service: SkippedTime, notification_id: str) -> None:
        self._service = service
        self._id = notification_id

    async def look(self) -> None:
        """Reads the run that has ended."""
        self._description: WorkflowExecutionDescription = await self._service.handle(
            self._id
        ).describe()
        self._ended = await history.ended(self._service.environment.client, self._description)
        self._state = await self._service.client.state(self._id)

    async def reopen(self, resend: Resend) -> NotificationState:
        """Sends it again as it was then."""
        client = self._service.environment.client
        return await reopen(client, self._description, self._state, self._ended, resend)


class ForbiddenForgetting:
    """The activity that deletes a run, at a server that does not allow it."""

    def __init__(self) -> None:
        self.asked: list[datetime] = []

    @activity.defn(name=contract.ACTIVITY_FORGET)
    async def forget(self, _run_id: str) -> None:
        """Like ``forgetting.forget``."""
        self.asked.append(datetime.now(UTC))
        raise ApplicationError("this is not allowed", non_retryable=True)


class HeldForgetting:
    """The activity that deletes a run, and waits until it is released."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.release = asyncio.Event()

    @activity.defn(name=contract.ACTIVITY_FORGET)
    async def forget(self, _run_id: str) -> None:
        """Like ``forgetting.forget``."""
        self.asked.set()
        await self.release.wait()
