"""The slow lane on a real server: attempts at slow targets wait in a task queue of their own."""

from datetime import timedelta

from temporalio.client import WorkflowHistory

from tests.support import scenarios_slow
from tests.support.scenarios_slow import HOURLY, SLOW, slow_target
from tests.support.skipped_time import SkippedTime
from tidings import Status, contract

ORDINARY, IN_THE_SLOW_LANE = contract.TASK_QUEUE, contract.SLOW_TASK_QUEUE


def queues(history: WorkflowHistory) -> list[str]:
    """The task queue of each delivery activity."""
    return [
        each.activity_task_scheduled_event_attributes.task_queue.name
        for each in history.events
        if each.HasField("activity_task_scheduled_event_attributes")
        and each.activity_task_scheduled_event_attributes.activity_type.name
        == contract.ACTIVITY_DELIVER
    ]


async def queues_of(service: SkippedTime, name: str) -> list[str]:
    return queues(await service.handle(name).fetch_history())


async def test_a_known_slow_target_costs_one_activity(
    without_worker: SkippedTime, new_id: str
) -> None:
    await scenarios_slow.retried(without_worker, new_id)
    assert await queues_of(without_worker, new_id) == [IN_THE_SLOW_LANE]
    state = await without_worker.client.state(new_id)
    assert [(it.number, it.status_code) for it in state.attempts] == [(1, 503), (2, 503), (3, 200)]


async def test_a_move_costs_no_attempt_and_no_time(
    without_worker: SkippedTime, new_id: str
) -> None:
    await scenarios_slow.moved(without_worker, new_id)
    assert await queues_of(without_worker, new_id) == [ORDINARY, IN_THE_SLOW_LANE]
    state = await without_worker.client.state(new_id)
    assert [(it.number, it.round, it.status_code) for it in state.attempts] == [
        (1, 1, 503),
        (2, 1, 503),
        (3, 1, 503),
    ]
    assert len(without_worker.target.seen(new_id)) == 3
    first, second, third = state.attempts
    for earlier, later in ((first, second), (second, third)):
        assert earlier.next_attempt_at is not None
        assert abs(later.started_at - earlier.next_attempt_at) < timedelta(seconds=5)


async def test_a_corrected_target_leaves_the_slow_lane(
    without_worker: SkippedTime, new_id: str
) -> None:
    await scenarios_slow.corrected(without_worker, new_id)
    assert await queues_of(without_worker, new_id) == [IN_THE_SLOW_LANE, ORDINARY]
    assert (await without_worker.client.state(new_id)).status is Status.DELIVERED


async def test_an_intervention_waits_for_the_attempt_in_the_slow_lane(
    without_worker: SkippedTime, new_id: str
) -> None:
    without_worker.target.answer(new_id, 503)
    release = without_worker.target.hold(new_id)
    async with slow_target(without_worker):
        await without_worker.send(new_id, target=SLOW, retry=HOURLY, timeout=60)
        await without_worker.target.wait_for(new_id, 1)
        await without_worker.client.abandon(new_id)
        release.set()
        state = await without_worker.client.outcome(new_id)
    assert state.status is Status.ABANDONED
    assert [it.status_code for it in state.attempts] == [503]
    assert len(without_worker.target.seen(new_id)) == 1


async def test_one_that_hangs_keeps_the_others_out_of_the_ordinary_lane(
    without_worker: SkippedTime, new_id: str
) -> None:
    """Nobody knows the target: one attempt is a probe, and the next ones wait for it, but not long.

    A worker with 20 places gives one of them to a target that it does not know.
    """
    ids = [f"{new_id}/{number}" for number in range(4)]
    releases = [without_worker.target.hold(each) for each in ids]
    async with without_worker.worker():
        for each in ids:
            await without_worker.send(each, target=SLOW, retry=HOURLY, timeout=60)
        for each in ids:
            await without_worker.target.wait_for(each, 1)
        for release in releases:
            release.set()
        for each in ids:
            assert (await without_worker.client.outcome(each)).attempt_count == 1
    found = [await queues_of(without_worker, each) for each in ids]
    assert sorted(found) == [
        [ORDINARY],
        *[[ORDINARY, IN_THE_SLOW_LANE]] * 3,
    ]
