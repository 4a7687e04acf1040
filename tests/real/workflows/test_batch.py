"""A batch acts on each notification of its filter, counts exactly, and keeps to its rate."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.batch_runs import LI, carried_out, counts, get_stuck, states, until_begun
from tests.support.corrected import HOUR, RIGHT, TO_RIGHT, WRONG
from tests.support.skipped_time import HOURLY, SkippedTime
from tests.support.target import sent_at
from tidings import (
    Abandon,
    BatchState,
    Resend,
    Status,
    contract,
)


async def test_case_7_one_batch_corrects_all_that_are_open(
    service: SkippedTime, new_id: str
) -> None:
    """Running, scheduled and stuck ones go to a wrong host. Only what is due is sent."""
    stuck = await get_stuck(service, new_id, 3, target=WRONG)
    due_at = datetime.now(UTC) + 3 * HOUR
    scheduled, running = ([f"{new_id}-{kind}-{n}" for n in range(3)] for kind in ("later", "now"))
    for each in scheduled:
        await service.send(each, type=new_id, target=WRONG, not_before=due_at)
    for each in running:
        service.target.answer(each, 503, 200)
        await service.send(each, type=new_id, target=WRONG, retry=HOURLY)
        await service.until_attempts(each, 1)
    everything = [*stuck, *scheduled, *running]
    await service.until_listed({*everything}, type=new_id, target="wrong.test")

    batch = await carried_out(
        service, await service.client.correct_all(TO_RIGHT, type=new_id, target="wrong.test")
    )
    assert (batch.state, batch.action, batch.total) == (BatchState.COMPLETED, "correct", 9)
    assert counts(batch) == (9, 0, 0, 0)
    await service.until_listed({*everything}, type=new_id, target="right.test")
    found = await states(service, everything)
    assert [each.status for each in found] == [
        *[Status.AWAITING_INTERVENTION] * 3,
        *[Status.SCHEDULED] * 3,
        *[Status.DELIVERING] * 3,
    ]
    assert [len(service.target.seen(each)) for each in everything] == [1, 1, 1, 0, 0, 0, 1, 1, 1]
    assert {each.interventions[0].batch for each in found} == {batch.id}

    for each in scheduled:
        await service.skip(each, 4 * HOUR)
        await service.client.outcome(each)
        (request,) = service.target.seen(each)
        assert abs(sent_at(request) - due_at) < timedelta(seconds=5)
    for each in running:
        await service.skip(each, 2 * HOUR)
        await service.client.outcome(each)
    for each in stuck:
        await service.client.resend(each)
        await service.client.outcome(each)
    assert {str(service.target.seen(each)[-1].url) for each in everything} == {RIGHT}


@pytest.mark.parametrize(
    "action", [pytest.param(LI, id="resend"), pytest.param(Abandon(operator="li"), id="abandon")]
)
async def test_case_14b_what_a_person_resends_meanwhile_is_left_alone(
    service: SkippedTime, new_id: str, action: Resend | Abandon
) -> None:
    """The newest comes first, so the person has two seconds for the other one."""
    other, first = await get_stuck(service, new_id, 2, retry=HOURLY)
    service.target.answer(other, 503, 200)
    if isinstance(action, Resend):
        batch = await service.client.resend_all(action, type=new_id, rate=0.5)
    else:
        batch = await service.client.abandon_all(action, type=new_id, rate=0.5)
    await until_begun(service, batch)
    await service.client.resend(other, Resend(operator="wu"))
    done = await carried_out(service, batch)
    assert counts(done) == (1, 1, 0, 0)
    assert f"{other!r} stays as it is: it is delivering" in (done.last_problem or "")
    state = await service.client.state(other)
    assert (state.status, state.round) == (Status.DELIVERING, 2)
    assert [each.operator for each in state.interventions] == ["wu"]
    assert (await service.client.outcome(first)).interventions[0].operator == "li"


async def test_case_8_a_period_of_a_target_is_sent_again(service: SkippedTime, new_id: str) -> None:
    ids = [f"{new_id}-{number}" for number in range(4)]
    for each in ids:
        await service.send(each, type=new_id, target=RIGHT)
        await service.client.outcome(each)
    await service.until_listed({*ids}, type=new_id, status=Status.DELIVERED)
    accepted = [(await service.client.state(each)).accepted_at for each in ids]
    again = Resend(operator="li", even_if_delivered=True)
    since, until = accepted[1], accepted[3]
    batch = await carried_out(
        service,
        await service.client.resend_all(again, target=RIGHT, type=new_id, since=since, until=until),
    )
    assert (batch.total, *counts(batch)) == (2, 2, 0, 0, 0)
    for each in ids:
        await service.client.outcome(each)
    assert [len(service.target.seen(each)) for each in ids] == [1, 2, 2, 1]
    assert [(await service.client.state(each)).accepted_at for each in ids] == accepted
    await service.until_listed({*ids}, type=new_id, status=Status.DELIVERED)


async def test_a_refused_correction_is_counted_and_explained(
    service: SkippedTime, new_id: str
) -> None:
    (text,) = await get_stuck(service, f"{new_id}.x", 1, body="x", content_type="text/plain")
    (taking,) = await get_stuck(service, f"{new_id}.y", 1)
    types = f"NotificationType IN ('{new_id}.x', '{new_id}.y')"
    batch = await carried_out(
        service, await service.client.resend_all(Resend(body={"b": 1}), where=types)
    )
    assert (batch.total, *counts(batch)) == (2, 1, 1, 0, 0)
    assert "the correction breaks a rule" in (batch.last_problem or "")
    assert (await service.client.outcome(taking)).status is Status.DELIVERED
    state = await service.client.state(text)
    assert (state.status, state.interventions) == (Status.AWAITING_INTERVENTION, ())


async def test_a_stop_leaves_alone_what_has_not_begun(service: SkippedTime, new_id: str) -> None:
    ids = await get_stuck(service, new_id, 5)
    batch = await service.client.abandon_all(Abandon(operator="li"), type=new_id, rate=1)
    assert batch is not None
    await until_begun(service, batch)
    await service.client.stop_batch(batch.id)
    stopped = await carried_out(service, batch)
    assert (stopped.state, stopped.total) == (BatchState.STOPPED, 5)
    found = await states(service, ids)
    abandoned = [each for each in found if each.status is Status.ABANDONED]
    untouched = [each for each in found if not each.interventions]
    assert counts(stopped) == (len(abandoned), 0, 0, len(untouched))
    assert len(abandoned) + len(untouched) == 5
    assert 1 <= len(abandoned) < 5
    assert (await service.client.stop_batch(batch.id)).state is BatchState.STOPPED


async def test_a_worker_that_shuts_down_hands_over(idle_service: SkippedTime, new_id: str) -> None:
    service = idle_service
    async with service.worker():
        ids = await get_stuck(service, new_id, 6)
        batch = await service.client.resend_all(LI, type=new_id, rate=2)
        assert batch is not None
        await until_begun(service, batch)
    between = await service.client.batch(batch.id)
    assert between.state is BatchState.RUNNING
    assert 0 < between.resolved < 6
    async with service.worker():
        assert counts(await carried_out(service, batch)) == (6, 0, 0, 0)
        for each in ids:
            state = await service.client.outcome(each)
            assert (state.round, len(state.interventions)) == (2, 1)


async def test_what_left_the_filter_before_it_was_listed_counts(
    idle_service: SkippedTime, new_id: str
) -> None:
    """A person resends one while no worker carries the batch out."""
    service = idle_service
    async with service.worker():
        other, _ = await get_stuck(service, new_id, 2)
    batch = await service.client.abandon_all(Abandon(operator="li"), type=new_id)
    await service.handle(other).signal(contract.SIGNAL_RESEND)
    async with service.worker_of(service.activities().deliver):
        await service.client.outcome(other)
        await service.until_listed({other}, type=new_id, status=Status.DELIVERED)
    async with service.worker():
        done = await carried_out(service, batch)
    assert counts(done) == (1, 1, 0, 0)
    assert "no longer of the filter" in (done.last_problem or "")


async def test_nothing_is_started_if_nothing_is_found(service: SkippedTime, new_id: str) -> None:
    for started in (
        await service.client.resend_all(LI, type=new_id),
        await service.client.correct_all(TO_RIGHT, type=new_id),
        await service.client.abandon_all(type=new_id),
    ):
        assert started is None


async def test_one_that_cannot_be_asked_does_not_stop_the_others(
    service: SkippedTime, new_id: str
) -> None:
    """No worker listens to the queue of the first one."""
    (good,) = await get_stuck(service, new_id, 1)
    lost = f"{new_id}-lost"
    handle = await service.environment.client.start_workflow(
        contract.WORKFLOW_TYPE,
        {"id": lost, "type": new_id, "target": RIGHT},
        id=contract.workflow_id(lost),
        task_queue="nobody",
        search_attributes=(await service.handle(good).describe()).typed_search_attributes,
    )
    await service.until_listed({good, lost}, type=new_id, status=Status.AWAITING_INTERVENTION)
    batch = await carried_out(service, await service.client.resend_all(LI, type=new_id))
    await handle.terminate()
    assert (batch.state, *counts(batch)) == (BatchState.COMPLETED, 1, 0, 1, 0)
    assert "no worker answered" in (batch.last_problem or "")
    assert (await service.client.outcome(good)).status is Status.DELIVERED
