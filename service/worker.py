"""The Temporal workers with the workflows and the activities of Tidings."""

import asyncio
from datetime import timedelta
from typing import Final

from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.batch import run_batch
from activities.delivery import DeliveryActivities
from activities.forgetting import forget
from activities.halting import halt
from tidings import contract
from tidings.notification import MAX_TIMEOUT
from workflows.batch import BatchWorkflow
from workflows.notification import NotificationWorkflow

_WORKFLOW_TASKS: Final = 40
"""The workflow tasks at a time: more than the fast lane has places, and so few that each ends
long before its timeout on a busy machine."""

_BEGIN_PER_SECOND: Final = 0.1
"""The part of the places in the slow lane that may begin an attempt in one second. If all of them
wait for the usual timeout of 10 s, no place is empty for long."""


class Workers:
    """The worker of everything but attempts at slow targets, and the worker of these."""

    def __init__(self, client: Client, deliveries: DeliveryActivities, concurrency: int) -> None:
        """``concurrency`` is the number of attempts at a time, in each of the two."""
        self._workers = (
            _new_worker(client, deliveries, concurrency),
            _new_slow_worker(client, deliveries, concurrency),
        )

    async def run(self) -> None:
        """Works until ``shutdown``; raises if one of the workers cannot go on."""
        await asyncio.gather(*(each.run() for each in self._workers))

    async def shutdown(self) -> None:
        """Takes no further task, and waits for the attempts in flight."""
        await asyncio.gather(*(each.shutdown() for each in self._workers))


def _new_worker(client: Client, deliveries: DeliveryActivities, concurrency: int) -> Worker:
    return Worker(
        client,
        task_queue=contract.TASK_QUEUE,
        workflows=[NotificationWorkflow, BatchWorkflow],
        activities=[deliveries.deliver, deliveries.deliver_at_once, halt, forget, run_batch],
        # The sandbox would cost almost half of this process's time (see bench/floor.py). The tests
        # replay every history in it, so workflow code that is not deterministic fails there.
        workflow_runner=UnsandboxedWorkflowRunner(),
        # A batch shows its progress in its heartbeats.
        max_heartbeat_throttle_interval=timedelta(seconds=1),
        max_concurrent_activities=concurrency,
        # What a worker does not take waits in the server, where no task times out. An attempt of
        # the fast lane must not wait for a place within its task, so it has as many.
        max_concurrent_workflow_tasks=_WORKFLOW_TASKS,
        max_concurrent_local_activities=_WORKFLOW_TASKS,
        # Eager activities skip the task queue, and with it the fairness between targets.
        disable_eager_activity_execution=True,
        # Every attempt ends by itself within its timeout, so a shutdown cuts none off.
        graceful_shutdown_timeout=MAX_TIMEOUT,
    )


def _new_slow_worker(client: Client, deliveries: DeliveryActivities, concurrency: int) -> Worker:
    return Worker(
        client,
        task_queue=contract.SLOW_TASK_QUEUE,
        activities=[deliveries.deliver],
        max_concurrent_activities=concurrency,
        # Each poll is a request that waits at the server, and this queue is mostly empty.
        max_concurrent_activity_task_polls=2,
        # Attempts that begin together end together, at their timeout, and then keep server and
        # worker from all other work. So they begin one after the other.
        max_activities_per_second=max(1.0, concurrency * _BEGIN_PER_SECOND),
        graceful_shutdown_timeout=MAX_TIMEOUT,
    )
