"""The paths of notifications whose first attempt goes through the fast lane."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import (
    PollWorkflowTaskQueueRequest,
    RespondWorkflowTaskFailedRequest,
)

from activities.lanes.lanes import Lanes
from tests.support.skipped_time import CONCURRENCY, SkippedTime
from tidings import Abandon, FixedInterval, Resend, Status, contract

QUICK: Final = "http://quick.test/"
HOURLY: Final = FixedInterval(interval=3600, maximum_attempts=3)
ONCE: Final = FixedInterval(interval=3600, maximum_attempts=1)
DAY: Final = timedelta(days=1)


@asynccontextmanager
async def quick_target(service: SkippedTime, *targets: str) -> AsyncIterator[None]:
    """Runs a worker that knows targets as quick."""
    lanes = Lanes(CONCURRENCY)
    for authority in targets or ("quick.test:80",):
        with lanes.targets.attempt(authority) as attempt:
            attempt.acknowledged = True
    async with service.worker(lanes):
        yield


async def lose_first_task(service: SkippedTime) -> None:
    """Takes a workflow task and fails it, as a worker that dies in it; no worker may run."""
    client = service.environment.client
    taken = await client.workflow_service.poll_workflow_task_queue(
        PollWorkflowTaskQueueRequest(
            namespace=client.namespace,
            task_queue=TaskQueue(name=contract.TASK_QUEUE),
            identity="test",
        )
    )
    await client.workflow_service.respond_workflow_task_failed(
        RespondWorkflowTaskFailedRequest(
            namespace=client.namespace, task_token=taken.task_token, identity="test"
        )
    )


async def _goes_on(service: SkippedTime, name: str) -> None:
    """Lets time pass after the first attempt, until the end."""
    await service.until_attempts(name, 1)
    await service.skip(name, DAY)
    await service.client.outcome(name)


async def delivered(service: SkippedTime, name: str) -> None:
    async with quick_target(service):
        await service.send(name, target=QUICK)
        await service.client.outcome(name)


async def retried(service: SkippedTime, name: str) -> None:
    service.target.answer(name, 503, 503, 200)
    async with quick_target(service):
        await service.send(name, target=QUICK, retry=HOURLY)
        await _goes_on(service, name)


async def stuck(service: SkippedTime, name: str) -> None:
    service.target.answer(name, 404)
    async with quick_target(service):
        await service.send(name, target=QUICK, report_to="http://business.test/")
        await service.until_reported(name, 1)
        await service.client.abandon(name, Abandon(operator="li", reason="gone"))
        await service.client.outcome(name)


async def exhausted(service: SkippedTime, name: str) -> None:
    service.target.answer(name, 503, 200)
    async with quick_target(service):
        await service.send(name, target=QUICK, retry=ONCE)
        await service.until(name, Status.AWAITING_INTERVENTION)
        await service.client.resend(name)
        await service.client.outcome(name)


async def sent_again(service: SkippedTime, name: str) -> None:
    async with quick_target(service):
        await service.send(name, target=QUICK)
        await service.client.outcome(name)
        await service.client.resend(name, Resend(even_if_delivered=True))
        await service.client.outcome(name)


async def task_lost(service: SkippedTime, name: str) -> None:
    """The first task fails; nobody can know whether its attempt was made."""
    await service.send(name, target=QUICK, retry=HOURLY)
    await lose_first_task(service)
    async with quick_target(service):
        await _goes_on(service, name)


async def task_lost_with_a_signal(service: SkippedTime, name: str) -> None:
    await service.send(name, target=QUICK, retry=HOURLY)
    await service.handle(name).signal("shout", "before the task")
    await lose_first_task(service)
    await service.handle(name).signal("shout", "after the task")
    async with quick_target(service):
        await _goes_on(service, name)


async def signalled_in_the_attempt(service: SkippedTime, name: str) -> None:
    """A signal comes in the task whose attempt delivers it, so the server refuses that task."""
    release = service.target.hold(name)
    async with quick_target(service):
        await service.send(name, target=QUICK, retry=HOURLY)
        await service.target.wait_for(name, 1)
        await service.handle(name).signal("shout", "in the attempt")
        release.set()
        await _goes_on(service, name)


async def last_attempt_lost(service: SkippedTime, name: str) -> None:
    """The attempt that may have been made was the only one of the schedule."""
    await service.send(name, target=QUICK, retry=ONCE)
    await lose_first_task(service)
    async with quick_target(service):
        await service.until(name, Status.AWAITING_INTERVENTION)
        await service.client.resend(name)
        await service.client.outcome(name)


async def ordinary_task_lost(service: SkippedTime, name: str) -> None:
    """Its worker has no fast lane, so the first task cannot have made an attempt."""
    await service.send(name)
    await lose_first_task(service)
    async with service.worker():
        await service.client.outcome(name)
