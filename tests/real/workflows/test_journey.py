"""The journey of one notification: every status, and the way to it."""

from datetime import timedelta

import pytest
from temporalio.api.enums.v1 import EventType

from tests.support.skipped_time import HOURLY, SkippedTime, search_attributes
from tests.support.target import streamed
from tidings import (
    Abandon,
    Acknowledgement,
    FixedInterval,
    Intervals,
    Resend,
    Status,
    WaitReason,
)


async def test_an_acknowledged_notification_is_delivered(service: SkippedTime, new_id: str) -> None:
    await service.send(new_id)
    state = await service.client.outcome(new_id)

    assert state.status is Status.DELIVERED
    assert state.closed_at is not None
    assert [(each.number, each.round, each.status_code) for each in state.attempts] == [(1, 1, 200)]
    assert await search_attributes(service, new_id) == ("delivered", "target.test:80", "test.sent")
    assert state == await service.client.state(new_id)


async def test_every_request_has_the_same_body_and_id(service: SkippedTime, new_id: str) -> None:
    service.target.answer(new_id, 503, 404, 200)
    await service.send(
        new_id,
        body={"paid": "12.50", "for": "茶"},
        headers={"X-Shop": "7"},
        retry=HOURLY,
    )
    await service.until_attempts(new_id, 1)
    await service.skip(new_id, timedelta(hours=2))
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    await service.client.resend(new_id)
    await service.client.outcome(new_id)

    requests = service.target.seen(new_id)
    assert len(requests) == 3
    assert {request.content for request in requests} == {'{"paid":"12.50","for":"茶"}'.encode()}
    assert {request.headers["webhook-id"] for request in requests} == {new_id}
    assert {request.headers["content-type"] for request in requests} == {"application/json"}
    assert {request.headers["x-shop"] for request in requests} == {"7"}


async def test_the_log_holds_nothing_of_an_answer(
    service: SkippedTime, new_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody expects a target's answer, or the values of a rule, in the places that logs go to."""
    service.target.answer(new_id, lambda: streamed(200, b'{"code":"answer-s3cret"}'), 404)
    caplog.set_level("INFO")
    rule = Acknowledgement(json_equals={"/code": "rule-s3cret"})
    await service.send(
        new_id, acknowledgement=rule, retry=FixedInterval(interval=1, maximum_attempts=1)
    )
    stuck = await service.until(new_id, Status.AWAITING_INTERVENTION)
    await service.client.resend(new_id)
    await service.until_attempts(new_id, 2)
    await service.client.abandon(new_id, Abandon(reason="person-s3cret"))
    await service.client.outcome(new_id)

    assert "answer-s3cret" in stuck.explanation
    ours = [each for each in caplog.records if getattr(each, "id", None) == new_id]
    assert {each.getMessage().partition(" ")[0] for each in ours} >= {
        "notification.awaiting_intervention",
        "notification.abandoned",
    }
    unmet = [vars(each)["unmet"] for each in ours if each.getMessage() == "delivery.attempted"]
    assert unmet == ["json_equals /code", "status"]
    assert not [each for each in ours if "s3cret" in str(vars(each))]


async def test_a_refusal_ends_the_round_at_once(service: SkippedTime, new_id: str) -> None:
    service.target.answer(new_id, 404)
    await service.send(new_id)
    state = await service.until(new_id, Status.AWAITING_INTERVENTION)

    assert state.reason is WaitReason.REFUSED
    assert "404" in state.explanation
    assert len(service.target.seen(new_id)) == 1
    assert (await search_attributes(service, new_id))[0] == "awaiting_intervention"


async def test_only_the_agreed_acknowledgement_delivers(service: SkippedTime, new_id: str) -> None:
    service.target.answer(
        new_id,
        lambda: streamed(200, b"not success"),
        lambda: streamed(204, b"success"),
        lambda: streamed(302, b"success", {"location": "http://elsewhere.test/"}),
        lambda: streamed(200, b"success"),
    )
    await service.send(
        new_id,
        acknowledgement=Acknowledgement(status=[200], body_equals="success"),
        retry=FixedInterval(interval=1, maximum_attempts=5),
    )
    await service.skip(new_id, timedelta(minutes=1))
    state = await service.client.outcome(new_id)
    assert [each.status_code for each in state.attempts] == [200, 204, 302, 200]
    assert [each.excerpt for each in state.attempts] == ["not success", *["success"] * 3]


async def test_it_is_abandoned_if_nobody_intervenes(service: SkippedTime, new_id: str) -> None:
    service.target.answer(new_id, 410)
    await service.send(new_id, intervention_timeout=timedelta(days=30))
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    await service.skip(new_id, timedelta(days=29))
    assert (await service.client.state(new_id)).status is Status.AWAITING_INTERVENTION
    await service.skip(new_id, timedelta(days=2))
    state = await service.client.outcome(new_id)
    assert state.status is Status.ABANDONED
    assert "nobody intervened within 30 days" in state.explanation
    assert (await search_attributes(service, new_id))[0] == "abandoned"


async def test_a_cancelled_workflow_ends_abandoned(service: SkippedTime, new_id: str) -> None:
    service.target.answer(new_id, 503)
    await service.send(new_id, retry=Intervals(intervals=[3600]))
    await service.until_attempts(new_id, 1)
    await service.handle(new_id).cancel()
    state = await service.client.outcome(new_id)
    assert state.status is Status.ABANDONED
    assert "cancelled in Temporal" in state.explanation
    assert len(state.attempts) == 1


async def test_one_cancelled_before_its_first_task_is_never_sent(
    idle_service: SkippedTime, new_id: str
) -> None:
    await idle_service.send(new_id)
    await idle_service.handle(new_id).cancel()
    async with idle_service.worker():
        state = await idle_service.client.outcome(new_id)
    assert (state.status, state.attempts) == (Status.ABANDONED, ())
    assert not idle_service.target.seen(new_id)


async def test_a_terminated_workflow_counts_as_abandoned(service: SkippedTime, new_id: str) -> None:
    service.target.answer(new_id, 404)
    await service.send(new_id)
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    await service.handle(new_id).terminate()
    state = await service.client.outcome(new_id)
    assert state.status is Status.ABANDONED
    assert "terminated in Temporal" in state.explanation
    assert len(state.attempts) == 1


async def test_without_a_worker_the_state_is_the_server_s(
    idle_service: SkippedTime, new_id: str
) -> None:
    service = idle_service
    service.target.answer(new_id, 404, 503)
    async with service.worker():
        await service.send(new_id, retry=Intervals(intervals=[600]))
        await service.until(new_id, Status.AWAITING_INTERVENTION)
        await service.client.resend(new_id, Resend(target="http://corrected.test/x"))
        whole = await service.until_attempts(new_id, 2)
    state = await service.client.state(new_id)

    assert whole.complete
    assert not state.complete
    assert "no worker answered" in state.explanation
    assert (state.status, state.round, state.target) == (
        Status.DELIVERING,
        2,
        "http://corrected.test/x",
    )
    assert state.attempts == whole.attempts
    # The record has the time of the decision, the server the time at which it received that.
    assert state.next_attempt_at is not None
    assert whole.next_attempt_at is not None
    difference = state.next_attempt_at - whole.next_attempt_at
    assert abs(difference) < timedelta(seconds=5)


async def test_a_history_grows_by_no_event_for_a_retry(service: SkippedTime, new_id: str) -> None:
    service.target.answer(new_id, *[503] * 19, 200)
    await service.send(new_id, retry=FixedInterval(interval=60, maximum_attempts=20))
    await service.skip(new_id, timedelta(hours=1))
    state = await service.client.outcome(new_id)
    history = await service.handle(new_id).fetch_history()
    about_activities = [
        event for event in history.events if "ACTIVITY_TASK" in EventType.Name(event.event_type)
    ]
    assert len(state.attempts) == 20
    assert len(about_activities) == 3  # scheduled, started, completed
