"""A correction of what is scheduled or stuck sends nothing by itself."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.corrected import HOUR, RIGHT, TO_RIGHT, WRONG
from tests.support.skipped_time import SkippedTime
from tests.support.target import sent_at
from tidings import (
    InterventionRefusedError,
    InvalidInputError,
    NotificationState,
    Resend,
    Status,
    WaitReason,
    contract,
)
from tidings.intervention import Correct


async def delivered(
    service: SkippedTime, notification_id: str
) -> tuple[NotificationState, datetime]:
    """The final state of one that was sent once, and the moment of that."""
    await service.skip(notification_id, 12 * HOUR)
    state = await service.client.outcome(notification_id)
    (request,) = service.target.seen(notification_id)
    assert state.status is Status.DELIVERED
    assert str(request.url) == RIGHT
    return state, sent_at(request)


# A scheduled one.


async def test_case_6_a_scheduled_one_keeps_its_time(service: SkippedTime, new_id: str) -> None:
    due_at = datetime.now(UTC) + 6 * HOUR
    await service.send(new_id, type=new_id, target=WRONG, not_before=due_at)
    answer = await service.client.correct(new_id, TO_RIGHT)
    assert (answer.status, answer.next_attempt_at) == (Status.SCHEDULED, due_at)
    assert answer.target == RIGHT
    assert not service.target.seen(new_id)
    await service.until_listed({new_id}, status=Status.SCHEDULED, target=RIGHT, type=new_id)

    state, at = await delivered(service, new_id)
    assert abs(at - due_at) < timedelta(seconds=5)
    (record,) = state.interventions
    assert (record.action, record.operator, record.reason) == ("correct", "li", "wrong host")
    assert [(each.field, each.before, each.after) for each in record.changes] == [
        ("target", WRONG, RIGHT)
    ]


@pytest.mark.parametrize(
    "hours", [pytest.param(9, id="later"), pytest.param(2, id="earlier"), pytest.param(0, id="now")]
)
async def test_case_6_a_scheduled_one_takes_another_time(
    service: SkippedTime, new_id: str, hours: int
) -> None:
    now = datetime.now(UTC)
    await service.send(new_id, target=RIGHT, not_before=now + 6 * HOUR)
    not_before = now + hours * HOUR if hours else None
    answer = await service.client.correct(new_id, Correct(not_before=not_before))
    assert answer.next_attempt_at == not_before
    assert answer.status is (Status.SCHEDULED if hours else Status.DELIVERING)
    if hours:
        _, at = await delivered(service, new_id)
        assert abs(at - now - hours * HOUR) < timedelta(seconds=5)
    else:
        state = await service.client.outcome(new_id)
        assert abs(state.attempts[0].started_at - now) < timedelta(seconds=20)


async def test_a_scheduled_one_is_corrected_twice_and_by_signal(
    service: SkippedTime, new_id: str
) -> None:
    due_at = datetime.now(UTC) + 3 * HOUR
    await service.send(new_id, target=WRONG, not_before=datetime.now(UTC) + HOUR)
    await service.client.correct(new_id, TO_RIGHT)
    later = {"operator": "wu", "not_before": due_at.isoformat(), "body": {"n": 2}}
    await service.handle(new_id).signal(contract.SIGNAL_CORRECT, later)
    state, at = await delivered(service, new_id)
    assert abs(at - due_at) < timedelta(seconds=5)
    assert [each.operator for each in state.interventions] == ["li", "wu"]
    assert service.target.seen(new_id)[0].content == b'{"n":2}'


# A stuck one.


async def test_case_7_a_stuck_one_stays_stuck(service: SkippedTime, new_id: str) -> None:
    service.target.answer(new_id, 404, 200)
    await service.send(new_id, type=new_id, target=WRONG)
    stuck = await service.until(new_id, Status.AWAITING_INTERVENTION)
    answer = await service.client.correct(new_id, TO_RIGHT)
    assert answer.interventions
    assert answer == stuck.model_copy(
        update={"target": RIGHT, "interventions": answer.interventions}
    )
    assert len(service.target.seen(new_id)) == 1
    await service.until_listed({new_id}, type=new_id, target=RIGHT)

    await service.client.resend(new_id)
    assert (await service.client.outcome(new_id)).status is Status.DELIVERED
    assert [str(each.url) for each in service.target.seen(new_id)] == [WRONG, RIGHT]


async def test_the_deadline_of_a_corrected_one_stays(service: SkippedTime, new_id: str) -> None:
    service.target.answer(new_id, 404)
    await service.send(new_id, intervention_timeout=timedelta(days=30))
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    await service.skip(new_id, timedelta(days=20))
    await service.client.correct(new_id, TO_RIGHT)
    await service.skip(new_id, timedelta(days=11))
    state = await service.client.outcome(new_id)
    assert (state.status, len(state.attempts)) == (Status.ABANDONED, 1)
    assert "nobody intervened within 30 days" in state.explanation


async def test_one_stuck_as_expired_takes_another_expiry(service: SkippedTime, new_id: str) -> None:
    await service.send(new_id, expires_at=datetime.now(UTC) - HOUR)
    stuck = await service.until(new_id, Status.AWAITING_INTERVENTION)
    assert stuck.reason is WaitReason.EXPIRED
    later = datetime.now(UTC) + HOUR
    answer = await service.client.correct(new_id, Correct(expires_at=later))
    assert (answer.reason, answer.expires_at) == (WaitReason.EXPIRED, later)
    await service.client.resend(new_id)
    state = await service.client.outcome(new_id)
    assert (state.status, state.expires_at) == (Status.DELIVERED, later)


async def test_a_corrected_one_that_is_abandoned_is_as_corrected(
    service: SkippedTime, new_id: str
) -> None:
    service.target.answer(new_id, 404, 200)
    await service.send(new_id, target=WRONG)
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    await service.client.correct(new_id, TO_RIGHT)
    await service.client.abandon(new_id)
    await service.client.outcome(new_id)
    await service.client.resend(new_id, Resend(even_if_abandoned=True))
    await service.client.outcome(new_id)
    assert str(service.target.seen(new_id)[1].url) == RIGHT


# Refusals.


@pytest.mark.parametrize(
    ("correct", "problem"),
    [
        pytest.param(Correct(not_before=None), "not_before has no effect", id="not scheduled"),
        pytest.param(
            Correct(expires_at=datetime(2020, 1, 1, tzinfo=UTC)), "would expire at once", id="past"
        ),
        pytest.param(Correct(content_type="text/plain"), "body must be text", id="breaks a rule"),
        pytest.param(
            Correct.model_validate({"target": RIGHT, "only_if": {"status": "delivered"}}),
            "it is awaiting_intervention, and not delivered",
            id="condition",
        ),
    ],
)
async def test_a_correction_that_makes_no_sense_changes_nothing(
    service: SkippedTime, new_id: str, correct: Correct, problem: str
) -> None:
    service.target.answer(new_id, 404)
    await service.send(new_id)
    before = await service.until(new_id, Status.AWAITING_INTERVENTION)
    with pytest.raises(InterventionRefusedError, match=problem):
        await service.client.correct(new_id, correct)
    assert await service.client.state(new_id) == before
    await service.handle(new_id).signal(contract.SIGNAL_CORRECT, correct.to_json())
    state = await service.client.state(new_id)
    (refusal,) = state.refused_interventions
    assert problem in refusal.problem
    assert state == before.model_copy(update={"refused_interventions": (refusal,)})


async def test_a_correction_of_nothing_is_refused(service: SkippedTime, new_id: str) -> None:
    await service.send(new_id, not_before=datetime.now(UTC) + HOUR)
    fields: dict[str, Any] = {"operator": "li"}
    with pytest.raises(InvalidInputError, match="it corrects nothing"):
        await service.client.correct(new_id, Correct.model_validate(fields))
    await service.handle(new_id).signal(contract.SIGNAL_CORRECT, fields)
    await service.handle(new_id).signal(contract.SIGNAL_CORRECT)
    state = await service.client.state(new_id)
    assert ["corrects nothing" in each.problem for each in state.refused_interventions] == [
        True
    ] * 2


async def test_one_that_has_ended_takes_no_correction(service: SkippedTime, new_id: str) -> None:
    await service.send(new_id)
    await service.client.outcome(new_id)
    with pytest.raises(InterventionRefusedError, match="only be resent, with even_if_delivered"):
        await service.client.correct(new_id, TO_RIGHT)
