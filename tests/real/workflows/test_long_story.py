"""Many rounds and many signals, which no history outgrows."""

from datetime import timedelta

from tests.support.skipped_time import SUGGEST_CONTINUE_AS_NEW, Service
from tidings import (
    Resend,
    Status,
)


async def test_many_rounds_outgrow_no_history_and_lose_no_attempt(
    service: Service, new_id: str
) -> None:
    """The story goes on in a new run of the workflow once its history has become long."""
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


async def test_a_story_that_goes_on_in_a_new_run_is_known_without_a_worker(
    idle_service: Service, new_id: str
) -> None:
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


async def test_a_resend_that_is_spread_waits_and_is_still_withdrawn(
    service: Service, new_id: str
) -> None:
    service.target.answer(new_id, 404)
    await service.send(new_id)
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    await service.client.resend(new_id, Resend(spread=timedelta(days=7)))
    state = await service.client.state(new_id)
    assert (state.status, state.round) == (Status.DELIVERING, 1)
    assert state.next_attempt_at is not None
    assert len(service.target.seen(new_id)) == 1
    await service.client.abandon(new_id)
    state = await service.client.outcome(new_id)
    assert (state.status, len(state.attempts)) == (Status.ABANDONED, 1)


async def test_a_flood_of_signals_outgrows_no_history(service: Service, new_id: str) -> None:
    service.target.answer(new_id, 404, 200)
    await service.send(new_id)
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    for number in range(SUGGEST_CONTINUE_AS_NEW):
        await service.handle(new_id).signal("resend", f"nonsense {number}")
    state = await service.client.state(new_id)
    assert state.status is Status.AWAITING_INTERVENTION
    assert f"nonsense {SUGGEST_CONTINUE_AS_NEW - 1}" in state.refused_interventions[-1].problem
    await service.client.resend(new_id)
    assert (await service.client.outcome(new_id)).status is Status.DELIVERED
