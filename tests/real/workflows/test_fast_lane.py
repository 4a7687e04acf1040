"""The fast lane on a real server: the first attempt within the first workflow task."""

from datetime import timedelta

import pytest
from temporalio.api.enums.v1 import EventType

from tests.support import scenarios_fast
from tests.support.scenarios_fast import HOURLY, ONCE, QUICK, lose_first_task, quick_target
from tests.support.skipped_time import SkippedTime, replay
from tidings import Status, contract


async def events(service: SkippedTime, name: str) -> list[str]:
    """The kinds of the events of a notification's last run."""
    history = await service.handle(name).fetch_history()
    return [
        EventType.Name(each.event_type).removeprefix("EVENT_TYPE_").lower()
        for each in history.events
    ]


async def activities(service: SkippedTime, name: str) -> int:
    """The delivery activities of a notification's last run."""
    return (await events(service, name)).count("activity_task_scheduled")


async def test_a_quick_target_costs_one_workflow_task(
    without_worker: SkippedTime, new_id: str
) -> None:
    await scenarios_fast.delivered(without_worker, new_id)
    found = await events(without_worker, new_id)
    assert found.count("workflow_task_started") == 1
    assert found.count("marker_recorded") == 1
    assert found[-1] == "workflow_execution_completed"
    assert len(found) <= 8, found
    state = await without_worker.client.state(new_id)
    assert [(it.number, it.round, it.status_code) for it in state.attempts] == [(1, 1, 200)]
    assert len(without_worker.target.seen(new_id)) == 1


async def test_the_rest_of_the_schedule_is_one_activity(
    without_worker: SkippedTime, new_id: str
) -> None:
    await scenarios_fast.retried(without_worker, new_id)
    state = await without_worker.client.state(new_id)
    assert [it.status_code for it in state.attempts] == [503, 503, 200]
    assert [it.number for it in state.attempts] == [1, 2, 3]
    assert await activities(without_worker, new_id) == 1
    first, second, _ = state.attempts
    assert first.next_attempt_at is not None
    assert abs(second.started_at - first.next_attempt_at) < timedelta(seconds=2)
    assert first.next_attempt_at - first.started_at >= timedelta(hours=1)


async def test_while_it_waits_its_state_is_that_of_the_ordinary_lane(
    without_worker: SkippedTime, new_id: str
) -> None:
    ordinary = f"{new_id}/ordinary"
    for each in (new_id, ordinary):
        without_worker.target.answer(each, 503)
    async with quick_target(without_worker):
        await without_worker.send(new_id, target=QUICK, retry=HOURLY)
        await without_worker.send(ordinary, target="http://unknown.test/", retry=HOURLY)
        states = [await without_worker.until_attempts(each, 1) for each in (new_id, ordinary)]
        fast, slow = (
            it.model_dump(exclude={"id", "target", "accepted_at", "next_attempt_at", "attempts"})
            for it in states
        )
        assert fast == slow
        for state in states:
            assert state.next_attempt_at is not None
            waits = state.next_attempt_at - state.attempts[0].started_at
            assert abs(waits - HOURLY.interval) < timedelta(seconds=2)
        for each in (new_id, ordinary):
            await without_worker.client.abandon(each)


@pytest.mark.parametrize(
    ("answer", "retry", "reason", "explanation"),
    [
        (404, HOURLY, "refused", "404"),
        (503, ONCE, "exhausted", "all 1 attempts failed; the last one: answered 503"),
    ],
)
async def test_it_gets_stuck_as_in_the_ordinary_lane(
    without_worker: SkippedTime,
    new_id: str,
    answer: int,
    retry: object,
    reason: str,
    explanation: str,
) -> None:
    ordinary = f"{new_id}/ordinary"
    for each in (new_id, ordinary):
        without_worker.target.answer(each, answer)
    async with quick_target(without_worker):
        await without_worker.send(new_id, target=QUICK, retry=retry)
        await without_worker.send(ordinary, target="http://unknown.test/", retry=retry)
        fast, slow = [
            await without_worker.until(each, Status.AWAITING_INTERVENTION)
            for each in (new_id, ordinary)
        ]
        assert fast.reason == slow.reason == reason
        assert fast.cause == slow.cause
        assert fast.explanation == slow.explanation
        assert explanation in fast.explanation
        assert [await activities(without_worker, each) for each in (new_id, ordinary)] == [0, 1]
        for each in (new_id, ordinary):
            await without_worker.client.abandon(each)


async def test_a_lost_first_task_counts_as_an_attempt(
    without_worker: SkippedTime, new_id: str
) -> None:
    await scenarios_fast.task_lost(without_worker, new_id)
    state = await without_worker.client.state(new_id)
    assert [(it.number, it.failure) for it in state.attempts] == [(1, "interrupted"), (2, None)]
    assert len(without_worker.target.seen(new_id)) == 1
    lost, second = state.attempts
    assert second.started_at - lost.started_at >= timedelta(hours=1), "it waits for its interval"


async def test_a_signal_before_the_first_task_is_no_lost_attempt(
    without_worker: SkippedTime, new_id: str
) -> None:
    await without_worker.send(new_id, target=QUICK)
    await without_worker.handle(new_id).signal("shout", "anything")
    async with quick_target(without_worker):
        state = await without_worker.client.outcome(new_id)
    assert [(it.number, it.failure) for it in state.attempts] == [(1, None)]
    assert await activities(without_worker, new_id) == 0


async def test_a_lost_task_with_signals_counts_once(
    without_worker: SkippedTime, new_id: str
) -> None:
    await scenarios_fast.task_lost_with_a_signal(without_worker, new_id)
    state = await without_worker.client.state(new_id)
    assert [it.failure for it in state.attempts] == ["interrupted", None]
    assert len(state.refused_interventions) == 2


async def test_a_signal_in_the_attempt_that_delivers_is_not_lost(
    without_worker: SkippedTime, new_id: str
) -> None:
    """The target sees the notification twice, and both attempts are on record."""
    await scenarios_fast.signalled_in_the_attempt(without_worker, new_id)
    state = await without_worker.client.state(new_id)
    assert len(state.refused_interventions) == 1
    assert [it.failure for it in state.attempts] == ["interrupted", None]
    assert len(without_worker.target.seen(new_id)) == 2


async def test_the_only_attempt_is_not_made_twice(without_worker: SkippedTime, new_id: str) -> None:
    await without_worker.send(new_id, target=QUICK, retry=ONCE)
    await lose_first_task(without_worker)
    async with quick_target(without_worker):
        state = await without_worker.until(new_id, Status.AWAITING_INTERVENTION)
        assert (state.reason, state.cause) == ("exhausted", "interrupted")
        assert not without_worker.target.seen(new_id)
        await without_worker.client.abandon(new_id)


async def test_with_a_closed_lane_nothing_can_be_lost(
    without_worker: SkippedTime, new_id: str
) -> None:
    await without_worker.send(new_id, target=QUICK, retry=ONCE)
    await lose_first_task(without_worker)
    async with without_worker.worker():
        state = await without_worker.client.outcome(new_id)
    assert [(it.number, it.failure) for it in state.attempts] == [(1, None)]


async def test_an_abandoned_one_has_no_lost_attempt(
    without_worker: SkippedTime, new_id: str
) -> None:
    """A person gave it up before any worker took its second try."""
    await without_worker.send(new_id, target=QUICK)
    await lose_first_task(without_worker)
    await without_worker.handle(new_id).signal(contract.SIGNAL_ABANDON)
    async with quick_target(without_worker):
        state = await without_worker.client.outcome(new_id)
    assert (state.status, state.attempts) == (Status.ABANDONED, ())


async def test_a_report_takes_the_fast_lane(without_worker: SkippedTime, new_id: str) -> None:
    without_worker.target.answer(new_id, 404)
    async with quick_target(without_worker, "quick.test:80", "business.test:80"):
        await without_worker.send(new_id, target=QUICK, report_to="http://business.test/")
        report_id = await without_worker.until_reported(new_id, 1)
        await without_worker.client.outcome(report_id)
        assert await activities(without_worker, report_id) == 0
        await without_worker.client.abandon(new_id)


async def test_an_intervention_in_a_slow_fast_attempt_waits_for_its_end(
    without_worker: SkippedTime, new_id: str
) -> None:
    """The answer takes longer than a workflow task may; nothing is sent after the abandon."""
    without_worker.target.answer(new_id, 503)
    release = without_worker.target.hold(new_id)
    async with quick_target(without_worker):
        await without_worker.send(new_id, target=QUICK, retry=HOURLY, timeout=30)
        await without_worker.target.wait_for(new_id, 1)
        await without_worker.client.abandon(new_id)
        release.set()
        state = await without_worker.client.outcome(new_id)
        await replay(await without_worker.handle(new_id).fetch_history())
    assert state.status is Status.ABANDONED
    assert [it.status_code for it in state.attempts] == [503]
    assert len(without_worker.target.seen(new_id)) == 1


async def test_a_closed_lane_makes_no_attempt(without_worker: SkippedTime, new_id: str) -> None:
    async with without_worker.worker():
        for each in (new_id, f"{new_id}/2"):
            await without_worker.send(each, target=QUICK)
            assert (await without_worker.client.outcome(each)).attempt_count == 1
            assert await activities(without_worker, each) == 1
