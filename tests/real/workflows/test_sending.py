"""A client sends, one or many at once, and finds again."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from temporalio.client import Client

from tests.support.skipped_time import SkippedTime
from tidings import (
    Abandon,
    InvalidInputError,
    Notification,
    NotificationClient,
    NotificationConflictError,
    NotificationNotFoundError,
    Receipt,
    Resend,
    Status,
    contract,
)


async def test_the_same_notification_again_changes_nothing(
    service: SkippedTime, new_id: str
) -> None:
    notification = await service.send(new_id)
    assert await service.client.send(notification) == Receipt(id=new_id, created=False)
    await service.client.outcome(new_id)
    assert await service.client.send(notification) == Receipt(id=new_id, created=False)
    assert len(service.target.seen(new_id)) == 1


async def test_a_worker_of_the_same_process_gets_the_first_task_with_the_answer(
    without_worker: SkippedTime, new_id: str
) -> None:
    """Only then: a client alone sends as usual."""
    alone = f"{new_id}/alone"
    await without_worker.send(alone)
    async with without_worker.worker():
        await without_worker.send(new_id)
        for each in (new_id, alone):
            await without_worker.client.outcome(each)
    is_eager = []
    for each in (new_id, alone):
        start = (await without_worker.handle(each).fetch_history()).events[0]
        attributes = start.workflow_execution_started_event_attributes
        is_eager.append(attributes.eager_execution_accepted)
    assert is_eager == [True, False]


async def test_the_same_id_with_other_content_is_a_conflict(
    service: SkippedTime, new_id: str
) -> None:
    await service.send(new_id, body={"n": 1})
    with pytest.raises(NotificationConflictError, match="another body"):
        await service.send(new_id, body={"n": 2})


async def test_the_original_is_no_conflict_after_a_correction(
    service: SkippedTime, new_id: str
) -> None:
    service.target.answer(new_id, 404, 200)
    notification = await service.send(new_id)
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    await service.client.resend(new_id, Resend(body={"n": 2}))
    await service.client.outcome(new_id)
    assert not (await service.client.send(notification)).created
    with pytest.raises(NotificationConflictError):
        await service.send(new_id, body={"n": 2})


async def test_an_unknown_id_is_not_found(service: SkippedTime) -> None:
    for ask in (service.client.state, service.client.outcome, service.client.resend):
        with pytest.raises(NotificationNotFoundError, match="'nobody-sent-this'"):
            await ask("nobody-sent-this")


async def test_a_notification_is_accepted_while_no_worker_runs(
    idle_service: SkippedTime, new_id: str
) -> None:
    await idle_service.send(new_id)
    state = await idle_service.client.state(new_id)
    assert (state.status, state.complete) == (Status.DELIVERING, False)
    async with idle_service.worker():
        assert (await idle_service.client.outcome(new_id)).status is Status.DELIVERED


async def test_the_default_converter_sends_the_same_bytes(
    service: SkippedTime, new_id: str
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


async def test_one_started_elsewhere_is_listed_before_its_first_task(
    idle_service: SkippedTime, new_id: str
) -> None:
    """It has no search attributes yet, but every accepted notification has a status."""
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


async def test_many_are_checked_before_anything_is_sent(service: SkippedTime, new_id: str) -> None:
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


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        pytest.param(None, "Notification is None", id="nothing"),
        pytest.param(
            {"id": "q"},
            "Notification.type is missing; Notification.target is missing",
            id="incomplete",
        ),
        pytest.param(Resend(), "Notification is Resend", id="something else"),
    ],
)
async def test_anything_but_a_notification_is_refused(
    service: SkippedTime, value: Any, problem: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        await service.client.send(value)
    assert str(refused.value).startswith(problem)


async def test_anything_but_an_intervention_is_refused(service: SkippedTime, new_id: str) -> None:
    await service.send(new_id, not_before=datetime(2099, 1, 1, tzinfo=UTC))
    wrong: Any
    for wrong in (Abandon(), "now", {"target": "ftp://target.test/"}):
        with pytest.raises(InvalidInputError, match=r"^Resend"):
            await service.client.resend(new_id, wrong)
        with pytest.raises(InvalidInputError, match=r"^Resend"):
            await service.client.resend_all(wrong, type="test.sent")
    for wrong in (Resend(), "now", {"target": "http://target.test/"}):
        with pytest.raises(InvalidInputError, match=r"^Abandon"):
            await service.client.abandon(new_id, wrong)
        with pytest.raises(InvalidInputError, match=r"^Abandon"):
            await service.client.abandon_all(wrong, type="test.sent")
    assert (await service.client.state(new_id)).status is Status.SCHEDULED
    await service.client.abandon(new_id)


async def test_sending_many_gives_each_its_result(service: SkippedTime, new_id: str) -> None:
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


async def test_a_list_finds_by_status_target_type_and_time(
    service: SkippedTime, new_id: str
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
    await finds("other-port", target=f"http://{host.upper()}:8080")
    await finds("stuck", target=host, status=Status.AWAITING_INTERVENTION)
    await finds("plain", type=f"list{number}.plain")
    await finds("plain", "stuck", "other-port", target=host, since=before)
    await finds(target=host, until=before)
    await service.handle(f"{new_id}/stuck").terminate()
    await finds("stuck", target=host, status=Status.ABANDONED)
    await finds(target=host, status=Status.AWAITING_INTERVENTION)
