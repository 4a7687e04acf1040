"""A story with many rounds or many signals continues in a new run, and loses nothing."""

from datetime import UTC, datetime, timedelta

from tests.support.continued import continued_after_a_report, continued_with_a_resend
from tests.support.skipped_time import SUGGEST_CONTINUE_AS_NEW, SkippedTime, replay
from tidings import Resend, Status, contract


async def test_many_rounds_outgrow_no_history(service: SkippedTime, new_id: str) -> None:
    """The story continues in a new run of the workflow once its history is long."""
    rounds = 12
    service.target.answer(new_id, *[404] * (rounds - 1), 200)
    notification = await service.send(new_id)
    for round_ in range(1, rounds):
        await service.until_attempts(new_id, round_)
        await service.until(new_id, Status.AWAITING_INTERVENTION)
        await service.client.resend(new_id, Resend(reason=f"round {round_}"))
    state = await service.client.outcome(new_id)

    assert [each.number for each in state.attempts] == list(range(1, rounds + 1))
    assert [each.round for each in state.attempts] == list(range(1, rounds + 1))
    assert len(state.interventions) == rounds - 1
    description = await service.handle(new_id).describe()
    info = description.raw_description.workflow_execution_info
    assert info.first_run_id != description.run_id
    assert info.history_length <= SUGGEST_CONTINUE_AS_NEW
    assert not (await service.client.send(notification)).created


async def test_a_new_run_is_known_without_a_worker(idle_service: SkippedTime, new_id: str) -> None:
    service, rounds = idle_service, 12
    service.target.answer(new_id, 404)
    async with service.worker():
        await service.send(new_id)
        for attempts in range(1, rounds):
            await service.until_attempts(new_id, attempts)
            await service.until(new_id, Status.AWAITING_INTERVENTION)
            await service.client.resend(new_id)
        await service.until_attempts(new_id, rounds)
        whole = await service.until(new_id, Status.AWAITING_INTERVENTION)
    state = await service.client.state(new_id)
    assert not state.complete
    assert (state.accepted_at, state.round) == (whole.accepted_at, rounds)
    assert state.attempts == whole.attempts


async def continued(service: SkippedTime, notification_id: str) -> bool:
    """True if the workflow has had more than one run, each of which replays."""
    histories = await service.histories(notification_id)
    for history in histories:
        await replay(history)
    return len(histories) > 1


async def test_a_new_run_begins_a_wished_round(idle_service: SkippedTime, new_id: str) -> None:
    state = await continued_with_a_resend(idle_service, new_id)
    assert await continued(idle_service, new_id)
    assert [each.operator for each in state.interventions] == ["li"]
    assert (state.status, [each.round for each in state.attempts]) == (Status.DELIVERED, [1, 2])


async def test_a_new_run_repeats_no_report(idle_service: SkippedTime, new_id: str) -> None:
    state = await continued_after_a_report(idle_service, new_id)
    assert await continued(idle_service, new_id)
    assert [each.type for each in state.reports] == [
        "notification.awaiting_intervention",
        "notification.abandoned",
    ]


async def test_signals_to_a_scheduled_one_outgrow_no_history(
    service: SkippedTime, new_id: str
) -> None:
    due = datetime.now(UTC) + timedelta(hours=6)
    await service.send(new_id, not_before=due)
    await service.flood(new_id)
    state = await service.client.state(new_id)
    assert (state.status, state.next_attempt_at) == (Status.SCHEDULED, due)
    assert await continued(service, new_id)
    await service.skip(new_id, timedelta(hours=7))
    state = await service.client.outcome(new_id)
    assert abs(state.attempts[0].started_at - due) < timedelta(seconds=5)


async def test_signals_to_a_stuck_one_outgrow_no_history(service: SkippedTime, new_id: str) -> None:
    service.target.answer(new_id, 404, 200)
    await service.send(new_id)
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    await service.flood(new_id)
    state = await service.client.state(new_id)
    assert state.status is Status.AWAITING_INTERVENTION
    assert f"nonsense {SUGGEST_CONTINUE_AS_NEW - 1}" in state.refused_interventions[-1].problem
    assert await continued(service, new_id)
    await service.client.resend(new_id)
    assert (await service.client.outcome(new_id)).status is Status.DELIVERED


async def test_a_correction_among_many_signals_is_not_lost(
    idle_service: SkippedTime, new_id: str
) -> None:
    """A single task receives all of them, and continues as new with the correction."""
    service = idle_service
    service.target.answer(new_id, 404, 200)
    async with service.worker():
        await service.send(new_id, type=new_id)
        await service.until(new_id, Status.AWAITING_INTERVENTION)
    await service.flood(new_id)
    await service.handle(new_id).signal(contract.SIGNAL_CORRECT, {"target": "http://right.test/"})
    async with service.worker():
        await service.until_continued(new_id)
        state = await service.client.state(new_id)
        assert (state.status, state.target) == (
            Status.AWAITING_INTERVENTION,
            "http://right.test/",
        )
        await service.until_listed({new_id}, type=new_id, target="right.test")
        await service.client.resend(new_id)
        await service.client.outcome(new_id)
    assert str(service.target.seen(new_id)[1].url) == "http://right.test/"
    assert await continued(service, new_id)
