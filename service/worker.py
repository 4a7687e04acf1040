"""The Temporal worker, with everything that a notification needs."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Final

from temporalio.client import Client
from temporalio.worker import Worker

from activities.batch import run_batch
from activities.delivery import DeliveryActivities
from activities.forgetting import forget
from activities.halting import halt
from tidings import contract
from tidings.notification import MAX_TIMEOUT
from workflows.batch import BatchWorkflow
from workflows.notification import NotificationWorkflow

THREADS_PER_ATTEMPT: Final = 4
"""The system may look a name up for 30 s, and an attempt waits for it 10 s or less."""


def new_worker(client: Client, deliveries: DeliveryActivities, concurrency: int) -> Worker:
    """The Temporal worker with everything that a notification needs."""
    # Names are resolved in threads, which go on after their attempt has ended. The threads that
    # wait for dead name servers must not be all threads.
    threads = concurrency * THREADS_PER_ATTEMPT
    resolvers = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="resolver")
    asyncio.get_running_loop().set_default_executor(resolvers)
    return Worker(
        client,
        task_queue=contract.TASK_QUEUE,
        workflows=[NotificationWorkflow, BatchWorkflow],
        activities=[deliveries.deliver, halt, forget, run_batch],
        # A batch shows its progress in its heartbeats.
        max_heartbeat_throttle_interval=timedelta(seconds=1),
        max_concurrent_activities=concurrency,
        # Eager activities skip the task queue, and with it the fairness between targets.
        disable_eager_activity_execution=True,
        # Every attempt ends by itself within its timeout, so none is cut off by a shutdown.
        graceful_shutdown_timeout=MAX_TIMEOUT,
    )
