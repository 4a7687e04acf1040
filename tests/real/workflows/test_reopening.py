"""The repeated sending of what has ended: by intent only, under its id, in the same story."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.reopened import (
    AGAIN,
    delivered,
    until_single,
)
from tests.support.skipped_time import SUGGEST_CONTINUE_AS_NEW, SkippedTime
from tidings import (
    Abandon,
    InterventionRefusedError,
    NotificationConflictError,
    Receipt,
    Resend,
    Status,
)

WITHDRAWN = Resend(operator="wu", even_if_abandoned=True)


async def test_case_8_a_delivered_one_is_sent_again_by_intent(
    service: SkippedTime, new_id: str
) -> None:
    sent, before = await delivered(service, new_id)
    for plain in (Resend(), Resend(even_if_abandoned=True), Resend(even_if_expired=True)):
        with pytest.raises(InterventionRefusedError, match="set even_if_delivered"):
            await service.client.resend(new_id, plain)
    answer = await service.client.resend(new_id, AGAIN)
    assert answer.interventions[0].operator == "li"
    state = await service.client.outcome(new_id)

    assert [(each.number, each.round) for each in state.attempts] == [(1, 1), (2, 2)]
    assert state.attempts[:1] == before.attempts
    assert state.accepted_at == before.accepted_at
    assert (state.status, state.complete) == (Status.DELIVERED, True)
    first, second = service.target.seen(new_id)
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == new_id
    assert first.content == second.content == sent.body_bytes


async def test_case_8_an_abandoned_one_is_sent_again_by_intent(
    service: SkippedTime, new_id: str
) -> None:
    due_at = datetime.now(UTC) + timedelta(days=1)
    await service.send(new_id, not_before=due_at)
    await service.client.abandon(new_id, Abandon(operator="li", reason="cancelled"))
    await service.client.outcome(new_id)
    with pytest.raises(InterventionRefusedError, match="set even_if_abandoned"):
        await service.client.resend(new_id)
    await service.client.resend(new_id, WITHDRAWN)
    state = await service.client.outcome(new_id)
    assert [(each.action, each.operator) for each in state.interventions] == [
        ("abandon", "li"),
        ("resend", "wu"),
    ]
    assert (state.status, len(state.attempts)) == (Status.DELIVERED, 1)


async def test_a_killed_one_is_sent_again(service: SkippedTime, new_id: str) -> None:
    service.target.answer(new_id, 404, 200)
    await service.send(new_id)
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    await service.handle(new_id).terminate()
    assert not (await service.client.outcome(new_id)).complete
    await service.client.resend(new_id, WITHDRAWN)
    state = await service.client.outcome(new_id)
    assert (state.status, state.complete) == (Status.DELIVERED, True)
    assert [(each.number, each.round) for each in state.attempts] == [(1, 1), (2, 2)]


async def test_case_8_it_is_listed_counted_and_paged_once(
    service: SkippedTime, new_id: str
) -> None:
    _, before = await delivered(service, new_id, type=new_id)
    await service.until_listed({new_id}, type=new_id)
    await service.client.resend(new_id, AGAIN)
    await service.client.outcome(new_id)
    await service.until_listed({new_id}, type=new_id, status=Status.DELIVERED)
    client, since = service.client, before.accepted_at
    for filters in ({}, {"status": Status.DELIVERED}, {"since": since}, {"target": "target.test"}):
        (summary,) = [each async for each in client.list(type=new_id, **filters)]
        assert (summary.id, summary.accepted_at) == (new_id, since)
        assert await client.count(type=new_id, **filters) == 1
        page = await client.page(type=new_id, **filters)
        assert [each.id for each in page.notifications] == [new_id]
    # Counts know the moment of a later run in milliseconds.
    millisecond = since.replace(microsecond=since.microsecond // 1000 * 1000)
    assert await client.count(type=new_id, until=millisecond) == 0
    assert await client.count(type=new_id, since=since + timedelta(milliseconds=5)) == 0


async def test_the_original_is_known_after_it_was_sent_again(
    service: SkippedTime, new_id: str
) -> None:
    original, _ = await delivered(service, new_id)
    await service.client.resend(new_id, AGAIN.model_copy(update={"batch": "batch:1"}))
    await service.client.outcome(new_id)
    corrected = Resend.model_validate({**AGAIN.to_json(), "body": {"n": 2}})
    await service.client.resend(new_id, corrected)
    state = await service.client.outcome(new_id)
    assert [each.content for each in service.target.seen(new_id)] == [
        b'{"n":1}',
        b'{"n":1}',
        b'{"n":2}',
    ]
    assert [each.batch for each in state.interventions] == ["batch:1", None]
    assert await service.client.send(original) == Receipt(id=new_id, created=False)
    with pytest.raises(NotificationConflictError, match="another body"):
        await service.send(new_id, body={"n": 2})
    await service.client.resend(new_id, AGAIN)
    await service.client.outcome(new_id)
    assert service.target.seen(new_id)[3].content == b'{"n":2}', "it is as it was corrected last"


async def test_reports_go_on_with_the_next_number(service: SkippedTime, new_id: str) -> None:
    service.target.answer(new_id, 404, 200)
    await service.send(new_id, report_to="http://business.test/")
    await service.until_reported(new_id, 1)
    await service.client.resend(new_id)
    await service.client.outcome(new_id)
    await service.client.resend(new_id, AGAIN)
    state = await service.client.outcome(new_id)
    assert [(each.id, each.type.partition(".")[2], each.problem) for each in state.reports] == [
        (f"{new_id}:report:1", "awaiting_intervention", None),
        (f"{new_id}:report:2", "delivered", None),
        (f"{new_id}:report:3", "delivered", None),
    ]
    for report in state.reports:
        assert (await service.client.outcome(report.id)).status is Status.DELIVERED


async def test_it_can_get_stuck_again_and_is_then_open(service: SkippedTime, new_id: str) -> None:
    service.target.answer(new_id, 200, 404, 404, 200)
    await delivered(service, new_id)
    await service.client.resend(new_id, AGAIN)
    stuck = await service.until(new_id, Status.AWAITING_INTERVENTION)
    assert (stuck.closed_at, stuck.attempt_count) == (None, 2)
    with pytest.raises(InterventionRefusedError, match="breaks a rule"):
        await service.client.resend(new_id, Resend(content_type="text/plain"))
    await service.client.resend(new_id)
    await service.until_attempts(new_id, 3)
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    await service.client.abandon(new_id)
    await service.client.outcome(new_id)
    await service.client.resend(new_id, WITHDRAWN)
    state = await service.client.outcome(new_id)
    assert [each.round for each in state.attempts] == [1, 2, 3, 4]


async def test_it_outgrows_no_history_either(service: SkippedTime, new_id: str) -> None:
    """Its runs continue as new, and the run before the first of them is deleted once."""
    service.target.answer(new_id, 200, 404, 200)
    original, _ = await delivered(service, new_id)
    await service.client.resend(new_id, AGAIN)
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    await service.flood(new_id)
    await service.until_continued(new_id)
    await service.client.resend(new_id)
    state = await service.client.outcome(new_id)
    assert await service.client.count(id_prefix=new_id) == 1
    assert [each.round for each in state.attempts] == [1, 2, 3]
    assert f"{SUGGEST_CONTINUE_AS_NEW - 1}" in state.refused_interventions[-1].problem
    assert not (await service.client.send(original)).created
    await until_single(service, new_id)
