"""The journey of one notification: every status it can have, and how it gets there."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

from tests.target import streamed
from tests.workflows.service import Service
from tidings import (
    Acknowledgement,
    FixedInterval,
    Intervals,
    InvalidInputError,
    Notification,
    NotificationClient,
    NotificationConflictError,
    NotificationNotFoundError,
    Receipt,
    Resend,
    Status,
    WaitReason,
    contract,
    visibility,
)


async def _attributes(service: Service, notification_id: str) -> tuple[str | None, ...]:
    attributes = (await service.handle(notification_id).describe()).typed_search_attributes
    return tuple(
        attributes.get(key) for key in (visibility.STATUS, visibility.TARGET, visibility.TYPE)
    )


async def test_an_acknowledged_notification_is_delivered(service: Service, new_id: str) -> None:
    await service.send(new_id)
    state = await service.client.outcome(new_id)

    assert state.status is Status.DELIVERED
    assert state.closed_at is not None
    assert [(each.number, each.round, each.status_code) for each in state.attempts] == [(1, 1, 200)]
    assert await _attributes(service, new_id) == ("delivered", "target.test:80", "test.sent")
    assert state == await service.client.state(new_id)


async def test_a_request_carries_the_body_and_an_id_that_never_changes(
    service: Service, new_id: str
) -> None:
    service.target.answer(new_id, 503, 404, 200)
    await service.send(
        new_id, body={"paid": "12.50", "for": "茶"}, headers={"X-Shop": "7"}, retry="unionpay"
    )
    await service.skip(new_id, timedelta(hours=1))
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    await service.client.resend(new_id)
    await service.client.outcome(new_id)

    requests = service.target.seen(new_id)
    assert len(requests) == 3
    assert {request.content for request in requests} == {'{"paid":"12.50","for":"茶"}'.encode()}
    assert {request.headers["webhook-id"] for request in requests} == {new_id}
    assert {request.headers["content-type"] for request in requests} == {"application/json"}
    assert {request.headers["x-shop"] for request in requests} == {"7"}


async def test_the_same_notification_again_changes_nothing(service: Service, new_id: str) -> None:
    notification = await service.send(new_id)
    assert await service.client.send(notification) == Receipt(id=new_id, created=False)
    await service.client.outcome(new_id)
    assert await service.client.send(notification) == Receipt(id=new_id, created=False)
    assert len(service.target.seen(new_id)) == 1


async def test_the_same_id_with_other_content_is_a_conflict(service: Service, new_id: str) -> None:
    await service.send(new_id, body={"n": 1})
    with pytest.raises(NotificationConflictError, match="another body"):
        await service.send(new_id, body={"n": 2})


async def test_a_correction_does_not_make_the_original_a_conflict(
    service: Service, new_id: str
) -> None:
    service.target.answer(new_id, 404, 200)
    notification = await service.send(new_id)
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    await service.client.resend(new_id, Resend(body={"n": 2}))
    await service.client.outcome(new_id)
    assert not (await service.client.send(notification)).created
    with pytest.raises(NotificationConflictError):
        await service.send(new_id, body={"n": 2})


async def test_an_unknown_id_is_not_found(service: Service) -> None:
    for ask in (service.client.state, service.client.outcome, service.client.resend):
        with pytest.raises(NotificationNotFoundError, match="'nobody-sent-this'"):
            await ask("nobody-sent-this")


async def test_a_refusal_ends_the_round_at_once(service: Service, new_id: str) -> None:
    service.target.answer(new_id, 404)
    await service.send(new_id)
    state = await service.until(new_id, Status.AWAITING_INTERVENTION)

    assert state.reason is WaitReason.REFUSED
    assert "404" in state.explanation
    assert len(service.target.seen(new_id)) == 1
    assert (await _attributes(service, new_id))[0] == "awaiting_intervention"


async def test_only_the_agreed_acknowledgement_delivers(service: Service, new_id: str) -> None:
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


async def test_it_is_not_sent_before_not_before(service: Service, new_id: str) -> None:
    due = datetime.now(UTC) + timedelta(hours=6)
    await service.send(new_id, not_before=due)
    state = await service.client.state(new_id)
    assert (state.status, state.next_attempt_at) == (Status.SCHEDULED, due)
    assert (await _attributes(service, new_id))[0] == "scheduled"
    await service.skip(new_id, timedelta(hours=5))
    assert not service.target.seen(new_id)
    await service.skip(new_id, timedelta(hours=2))
    state = await service.client.outcome(new_id)
    assert abs(state.attempts[0].started_at - due) < timedelta(seconds=1)


async def test_a_not_before_in_the_past_is_no_reason_to_wait(service: Service, new_id: str) -> None:
    await service.send(new_id, not_before=datetime(2020, 1, 1, tzinfo=UTC))
    assert (await service.client.outcome(new_id)).status is Status.DELIVERED


async def test_no_attempt_is_made_once_it_has_expired(service: Service, new_id: str) -> None:
    """The attempt at 60 s is made, the one due at 180 s would come after 100 s."""
    service.target.answer(new_id, 503)
    expires_at = datetime.now(UTC) + timedelta(seconds=100)
    await service.send(new_id, expires_at=expires_at, retry="unionpay")
    await service.skip(new_id, timedelta(hours=1))
    state = await service.until(new_id, Status.AWAITING_INTERVENTION)
    assert state.reason is WaitReason.EXPIRED
    assert len(state.attempts) == len(service.target.seen(new_id)) == 2


async def test_one_that_had_expired_when_it_was_sent_is_never_attempted(
    service: Service, new_id: str
) -> None:
    await service.send(new_id, expires_at=datetime(2020, 1, 1, tzinfo=UTC))
    state = await service.until(new_id, Status.AWAITING_INTERVENTION)
    assert (state.reason, state.attempts) == (WaitReason.EXPIRED, ())
    assert not service.target.seen(new_id)


async def test_one_that_expires_while_no_worker_runs_is_never_attempted(
    idle_service: Service, new_id: str
) -> None:
    service = idle_service
    await service.send(new_id, expires_at=datetime.now(UTC) + timedelta(milliseconds=300))
    await asyncio.sleep(0.3)  # what is tested is that time passes without a worker
    async with service.worker():
        state = await service.until(new_id, Status.AWAITING_INTERVENTION)
    assert (state.reason, state.attempts) == (WaitReason.EXPIRED, ())
    assert not service.target.seen(new_id)


async def test_temporal_itself_ends_an_expired_round_whose_worker_is_gone(
    idle_service: Service, new_id: str
) -> None:
    service = idle_service
    service.target.answer(new_id, 503)
    async with service.worker():
        await service.send(
            new_id,
            timeout=0.1,
            expires_at=datetime.now(UTC) + timedelta(seconds=2),
            retry=FixedInterval(interval=1, maximum_attempts=9),
        )
        await service.until_attempts(new_id, 1)
    async with asyncio.timeout(30):
        while (await service.handle(new_id).describe()).raw_description.pending_activities:
            await asyncio.sleep(0.1)
    async with service.worker():
        state = await service.until(new_id, Status.AWAITING_INTERVENTION)
    assert (state.reason, len(state.attempts)) == (WaitReason.EXPIRED, 1)


async def test_nobody_intervening_abandons_it_in_the_end(service: Service, new_id: str) -> None:
    service.target.answer(new_id, 410)
    await service.send(new_id, intervention_timeout=timedelta(days=30))
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    await service.skip(new_id, timedelta(days=29))
    assert (await service.client.state(new_id)).status is Status.AWAITING_INTERVENTION
    await service.skip(new_id, timedelta(days=2))
    state = await service.client.outcome(new_id)
    assert state.status is Status.ABANDONED
    assert "nobody intervened within 30 days" in state.explanation
    assert (await _attributes(service, new_id))[0] == "abandoned"


async def test_a_cancelled_workflow_ends_abandoned_and_says_so(
    service: Service, new_id: str
) -> None:
    service.target.answer(new_id, 503)
    await service.send(new_id, retry=Intervals(intervals=[3600]))
    await service.until_attempts(new_id, 1)
    await service.handle(new_id).cancel()
    state = await service.client.outcome(new_id)
    assert state.status is Status.ABANDONED
    assert "cancelled in Temporal" in state.explanation
    assert len(state.attempts) == 1


async def test_one_cancelled_before_a_worker_has_seen_it_is_never_sent(
    idle_service: Service, new_id: str
) -> None:
    await idle_service.send(new_id)
    await idle_service.handle(new_id).cancel()
    async with idle_service.worker():
        state = await idle_service.client.outcome(new_id)
    assert (state.status, state.attempts) == (Status.ABANDONED, ())
    assert not idle_service.target.seen(new_id)


async def test_a_terminated_workflow_counts_as_abandoned(service: Service, new_id: str) -> None:
    service.target.answer(new_id, 404)
    await service.send(new_id)
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    await service.handle(new_id).terminate()
    state = await service.client.outcome(new_id)
    assert state.status is Status.ABANDONED
    assert "terminated in Temporal" in state.explanation
    assert len(state.attempts) == 1


async def test_without_a_worker_the_state_is_what_the_server_knows(
    idle_service: Service, new_id: str
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
    # The record tells when it was decided, the server when it wrote that down.
    assert state.next_attempt_at is not None
    assert whole.next_attempt_at is not None
    difference = state.next_attempt_at - whole.next_attempt_at
    assert abs(difference) < timedelta(seconds=5)


async def test_a_notification_is_accepted_while_no_worker_runs(
    idle_service: Service, new_id: str
) -> None:
    await idle_service.send(new_id)
    state = await idle_service.client.state(new_id)
    assert (state.status, state.complete) == (Status.DELIVERING, False)
    async with idle_service.worker():
        assert (await idle_service.client.outcome(new_id)).status is Status.DELIVERED


async def test_a_history_grows_by_no_event_for_a_retry(service: Service, new_id: str) -> None:
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


async def test_a_client_with_the_default_converter_sends_the_same_bytes(
    service: Service, new_id: str
) -> None:
    """Temporal's default converter sorts keys and escapes what is not ASCII."""
    address = service.environment.client.service_client.config.target_host
    client = NotificationClient(await Client.connect(address))
    await client.send(
        Notification(
            id=new_id, type="test.sent", target="http://target.test/", body={"z": "茶", "a": 2}
        )
    )
    assert (await client.outcome(new_id)).status is Status.DELIVERED
    assert service.target.seen(new_id)[0].content == '{"z":"茶","a":2}'.encode()


async def test_one_started_elsewhere_is_listed_before_a_worker_has_seen_it(
    idle_service: Service, new_id: str
) -> None:
    """It has no search attributes yet, and every accepted notification has a status."""
    document = {"id": new_id, "type": "from.elsewhere", "target": "http://target.test/"}
    await idle_service.environment.client.start_workflow(
        contract.WORKFLOW_TYPE,
        document,
        id=contract.workflow_id(new_id),
        task_queue=contract.TASK_QUEUE,
    )
    async with asyncio.timeout(10):
        while new_id not in {
            each.id async for each in idle_service.client.list(status=Status.DELIVERING)
        }:
            await asyncio.sleep(0.02)
    async with idle_service.worker():
        assert (await idle_service.client.outcome(new_id)).status is Status.DELIVERED


async def test_what_cannot_send_many_says_so_before_anything_is_sent(
    service: Service, new_id: str
) -> None:
    one = Notification(id=new_id, type="test.sent", target="http://target.test/")
    for concurrency in (0, -1):
        with pytest.raises(InvalidInputError, match="concurrency"):
            await service.client.send_many([one], concurrency=concurrency)

    def breaks() -> Iterator[Notification]:
        yield one
        raise OSError("the file is gone")

    with pytest.raises(OSError, match="the file is gone"):
        await service.client.send_many(breaks())
    with pytest.raises(NotificationNotFoundError):
        await service.client.state(new_id)


async def test_sending_many_gives_each_its_result(service: Service, new_id: str) -> None:
    good = Notification(id=f"{new_id}/1", type="test.sent", target="http://target.test/")
    bad = {"id": f"{new_id}/2", "type": "test.sent", "target": "ftp://target.test/"}
    again = {"id": f"{new_id}/3", "type": "test.sent", "target": "http://target.test/"}
    results = await service.client.send_many([good, bad, again, {"no": "id"}])
    assert [result.index for result in results] == [0, 1, 2, 3]
    assert [result.id for result in results] == [f"{new_id}/{n}" for n in (1, 2, 3)] + [None]
    assert [result.receipt is not None for result in results] == [True, False, True, False]
    assert "ftp" in str(results[1].error)
    for sent in (results[0], results[2]):
        assert (await service.client.outcome(sent.id or "")).status is Status.DELIVERED


async def test_a_list_finds_notifications_by_status_target_type_and_time(
    service: Service, new_id: str
) -> None:
    number = new_id.rpartition("-")[2]
    sent = {"plain": 200, "stuck": 404, "other-port": 200}
    before = datetime.now(UTC)
    for name, answer in sent.items():
        service.target.answer(f"{new_id}/{name}", answer)
        port = 8080 if name == "other-port" else 80
        target = f"http://list{number}.test:{port}/"
        await service.send(f"{new_id}/{name}", target=target, type=f"list{number}.{name}")
        ended = Status.DELIVERED if answer == 200 else Status.AWAITING_INTERVENTION
        await service.until(f"{new_id}/{name}", ended)

    async def finds(*names: str, **filters: Any) -> None:
        await service.until_listed({f"{new_id}/{name}" for name in names}, **filters)
        assert await service.client.count(**filters) == len(names)

    host = f"list{number}.test"
    await finds("plain", "stuck", "other-port", target=host)
    await finds("plain", "stuck", target=f"{host}:80")
    await finds("other-port", target=f"http://{host.upper()}:8080/path?query")
    await finds("stuck", target=host, status=Status.AWAITING_INTERVENTION)
    await finds("plain", type=f"list{number}.plain")
    await finds("plain", "stuck", "other-port", target=host, since=before)
    await finds(target=host, until=before)
    await service.handle(f"{new_id}/stuck").terminate()
    await finds("stuck", target=host, status=Status.ABANDONED)
    await finds(target=host, status=Status.AWAITING_INTERVENTION)
