"""A healthy target beside others that hang: it has the worker to itself, or almost."""

from contextlib import AsyncExitStack
from statistics import median

import pytest
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest

from tests.support.receiver import Receiver
from tests.support.service import Service, log_lines
from tests.support.until import until
from tidings import FixedInterval, Notification, NotificationClient, contract

FLOOD = 120
HANGING = 6
HEALTHY = 10
"""Targets, with ``OF_EACH`` notifications each."""
OF_EACH = 3
HANGS_FOR = 10.0
"""The timeout of an attempt in the flood, in seconds."""


async def latencies(client: NotificationClient, kind: str) -> list[float]:
    """Seconds from the acceptance to the arrival, one notification after the other.

    Each target is new to the worker, and gets a few of them. So both the ordinary lane and the fast
    one are used.
    """
    found = []
    for number in range(HEALTHY):
        async with Receiver().running() as target:
            for each in range(OF_EACH):
                id_ = f"{kind}-{number}-{each}"
                note = Notification(id=id_, type="test.sent", target=f"{target.url}/ok")
                assert (await client.send(note)).created
                state = await client.outcome(id_)
                (received,) = target.requests[id_]
                found.append((received.at - state.accepted_at).total_seconds())
    return found


async def backlog(client: NotificationClient) -> int:
    """The workflow tasks that wait for a worker."""
    temporal = client._temporal
    request = DescribeTaskQueueRequest(
        namespace=temporal.namespace,
        task_queue=TaskQueue(name=contract.TASK_QUEUE),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        report_stats=True,
    )
    answer = await temporal.workflow_service.describe_task_queue(request)
    return answer.stats.approximate_backlog_count


@pytest.mark.timed
async def test_targets_that_hang_cost_healthy_ones_little(own_service: Service) -> None:
    """A worker of 20 places, and six times as many notifications to targets that hang.

    Without a lane of their own, they would hold all places for the timeout of an attempt, so that
    the healthy targets would have to wait for that again and again.
    """
    own_service.settings["TIDINGS_CONCURRENCY"] = "20"
    async with own_service.worker(), AsyncExitStack() as hanging:
        client = await own_service.client()
        alone = await latencies(client, "alone")
        targets = [await hanging.enter_async_context(Receiver().running()) for _ in range(HANGING)]
        flood = [
            Notification(
                id=f"flood-{number}",
                type="test.sent",
                target=f"{targets[number % HANGING].url}/hold",
                timeout=HANGS_FOR,
            )
            for number in range(FLOOD)
        ]
        assert all(each.receipt for each in await client.send_many(flood))

        async def has_begun() -> bool:
            in_flight = sum(len(each.seen) for each in targets)
            return await backlog(client) == 0 and in_flight >= 20

        await until(has_begun, within=60, what="the flood to begin")
        beside = await latencies(client, "beside")
        slow = {
            each["target"] for each in log_lines(own_service.log) if each["event"] == "target.slow"
        }
        assert slow == {each.url.removeprefix("http://") for each in targets}
        assert max(beside) < HANGS_FOR / 4, beside
        assert median(beside) < 3 * median(alone), (alone, beside)
        for each in targets:  # so that the worker need not wait for them
            each.release.set()


async def test_a_worker_that_dies_in_the_slow_lane_loses_no_attempt(
    own_service: Service, new_id: str
) -> None:
    """The attempt that died counts, and the next worker makes the one that is left."""
    slow, held = f"{new_id}/slow", f"{new_id}/held"
    retry = FixedInterval(interval=1, maximum_attempts=2)
    async with Receiver().running() as target:
        async with own_service.worker() as worker:
            client = await own_service.client()
            await client.send(
                Notification(id=slow, type="test.sent", target=f"{target.url}/slow/1.5")
            )
            await worker.logged("target.slow")
            await client.send(
                Notification(
                    id=held, type="test.sent", target=f"{target.url}/hold", retry=retry, timeout=2
                )
            )
            await target.wait_for(held)
            handle = client._temporal.get_workflow_handle(contract.workflow_id(held))
            queues = [
                each.activity_task_scheduled_event_attributes.task_queue.name
                for each in (await handle.fetch_history()).events
                if each.HasField("activity_task_scheduled_event_attributes")
            ]
            assert queues == [contract.SLOW_TASK_QUEUE]
            await worker.kill()
        target.release.set()
        async with own_service.worker():
            client = await own_service.client()
            state = await client.outcome(held)
            assert [each.failure for each in state.attempts] == ["interrupted", None]
            assert target.seen[held] == 2
