"""What a notification says now, and what it said when it was sent, on every path to it."""

import pytest

from tests.support.corrected import HOUR, RIGHT, TO_RIGHT, WRONG, waits
from tests.support.reopened import delivered, until_single
from tests.support.skipped_time import SkippedTime
from tidings import (
    Correct,
    NotificationNotFoundError,
    NotificationRejectedError,
    Resend,
    Status,
    contract,
)


async def test_what_nobody_has_corrected_is_the_same(service: SkippedTime, new_id: str) -> None:
    sent, _ = await delivered(service, new_id)
    content = await service.client.sent(new_id)
    assert content.now == content.sent == sent
    assert (content.id, content.changed, content.complete) == (new_id, (), True)


async def test_headers_are_masked_and_compared_before_that(
    service: SkippedTime, new_id: str
) -> None:
    service.target.answer(new_id, 404)
    await service.send(new_id, headers={"X-Shop": "7", "X-Till": "2"})
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    await service.client.correct(new_id, Correct(headers={"X-Shop": "8", "X-Till": "2"}))
    content = await service.client.sent(new_id)
    assert content.sent is not None
    assert content.now.headers == content.sent.headers == {"X-Shop": "***", "X-Till": "***"}
    assert content.changed == ("headers",)


async def test_a_correction_is_known_at_once_and_after_the_end(
    service: SkippedTime, new_id: str
) -> None:
    await waits(service, new_id)
    await service.client.correct(new_id, TO_RIGHT)
    running = await service.client.sent(new_id)
    await service.skip(new_id, 2 * HOUR)
    await service.client.outcome(new_id)
    for content in (running, await service.client.sent(new_id)):
        assert content.sent is not None
        assert (content.sent.target, content.now.target) == (WRONG, RIGHT)
        assert (content.changed, content.complete) == (("target",), True)


async def test_what_was_sent_survives_a_new_run_of_a_long_story(
    service: SkippedTime, new_id: str
) -> None:
    await waits(service, new_id)
    await service.flood(new_id)
    await service.client.correct(new_id, TO_RIGHT)
    await service.skip(new_id, 2 * HOUR)
    await service.client.outcome(new_id)
    content = await service.client.sent(new_id)
    assert content.sent is not None
    assert (content.sent.target, content.now.target) == (WRONG, RIGHT)


async def test_what_was_sent_survives_that_it_is_sent_again(
    service: SkippedTime, new_id: str
) -> None:
    await delivered(service, new_id)
    for number in (2, 3):
        await service.client.resend(new_id, Resend(body={"n": number}, even_if_delivered=True))
        await service.client.outcome(new_id)
        await until_single(service, new_id)  # the run that began with what was sent is deleted
    content = await service.client.sent(new_id)
    assert content.sent is not None
    assert (content.sent.body, content.now.body) == ({"n": 1}, {"n": 3})
    assert content.changed == ("body",)


async def test_a_long_one_that_was_sent_again_corrected_is_not_kept(
    service: SkippedTime, new_id: str
) -> None:
    """The second start would have to hold both, and might be too long for Temporal."""
    await delivered(service, new_id, body="x" * 100_000)
    for body in ("short", "shorter"):
        await service.client.resend(new_id, Resend(body=body, even_if_delivered=True))
        await service.client.outcome(new_id)
        await until_single(service, new_id)
    content = await service.client.sent(new_id)
    assert (content.now.body, content.sent, content.changed) == ("shorter", None, ())


async def test_without_a_worker_it_says_that_a_correction_may_be_missing(
    idle_service: SkippedTime, new_id: str
) -> None:
    idle_service.target.answer(new_id, 404)
    async with idle_service.worker():
        await idle_service.send(new_id)
        await idle_service.until(new_id, Status.AWAITING_INTERVENTION)
        await idle_service.client.correct(new_id, TO_RIGHT)
    content = await idle_service.client.sent(new_id)
    assert content.sent is not None
    assert content.now == content.sent
    assert not content.complete


async def test_a_malformed_start_is_told_with_its_reason(service: SkippedTime, new_id: str) -> None:
    await service.environment.client.start_workflow(
        contract.WORKFLOW_TYPE,
        {"id": new_id},
        id=contract.workflow_id(new_id),
        task_queue=contract.TASK_QUEUE,
    )
    with pytest.raises(NotificationRejectedError, match="type is missing"):
        await service.client.sent(new_id)


@pytest.mark.parametrize("method", ["sent", "state", "resend"])
async def test_a_start_under_a_foreign_id_is_told_with_its_reason(
    service: SkippedTime, new_id: str, method: str
) -> None:
    """``list`` shows it under that id, as ``rejected``; the workflow may have failed or not yet."""
    handle = await service.environment.client.start_workflow(
        contract.WORKFLOW_TYPE,
        {"id": new_id, "type": "a.b", "target": "http://target.test/"},
        id=new_id,
        task_queue=contract.TASK_QUEUE,
    )
    with pytest.raises(NotificationRejectedError, match="workflow id"):
        await getattr(service.client, method)(handle.id)


@pytest.mark.parametrize("id_", ["unknown", "batch:unknown", "half \ud800"])
async def test_an_unknown_id_is_not_found(service: SkippedTime, id_: str) -> None:
    with pytest.raises(NotificationNotFoundError, match="there is no notification"):
        await service.client.sent(id_)
