"""A correction while an attempt is in flight: the attempt ends first, and may be the last."""

import pytest

from tests.support.corrected import HOUR, RIGHT, TO_RIGHT, WRONG, urls
from tests.support.skipped_time import HOURLY, SkippedTime
from tidings import FixedInterval, InterventionRefusedError, Status
from tidings.intervention import Correct


async def test_an_acknowledgement_in_flight_counts(service: SkippedTime, new_id: str) -> None:
    """The state has the address that took it, and the record of the correction."""
    release = service.target.hold(new_id)
    await service.send(new_id, target=WRONG, report_to="http://old.test/")
    await service.target.wait_for(new_id, 1)
    answer = await service.client.correct(
        new_id, Correct(target=RIGHT, report_to="http://business.test/")
    )
    assert answer.target == RIGHT
    release.set()
    state = await service.client.outcome(new_id)
    assert (state.status, state.target) == (Status.DELIVERED, WRONG)
    assert urls(service, new_id) == [WRONG]
    assert [each.action for each in state.interventions] == ["correct"]
    report = await service.client.outcome(await service.until_reported(new_id, 1))
    assert report.target == "http://business.test/"


@pytest.mark.parametrize(
    "status",
    [pytest.param(410, id="refused"), pytest.param(503, id="exhausted")],
)
async def test_what_the_old_address_says_is_not_the_end(
    service: SkippedTime, new_id: str, status: int
) -> None:
    """It goes on at once as corrected, in the same round."""
    service.target.answer(new_id, status, 200)
    release = service.target.hold(new_id)
    schedule = FixedInterval(interval=3600, maximum_attempts=1 if status == 503 else 3)
    await service.send(new_id, target=WRONG, retry=schedule)
    await service.target.wait_for(new_id, 1)
    await service.client.correct(new_id, Correct(target=RIGHT, retry=HOURLY))
    release.set()
    state = await service.client.outcome(new_id)
    assert urls(service, new_id) == [WRONG, RIGHT]
    assert [(each.number, each.round) for each in state.attempts] == [(1, 1), (2, 1)]
    assert service.target.most_in_flight[new_id] == 1


async def test_an_attempt_in_flight_that_fails_sets_the_time(
    service: SkippedTime, new_id: str
) -> None:
    service.target.answer(new_id, 503, 200)
    release = service.target.hold(new_id)
    await service.send(new_id, target=WRONG, retry=HOURLY)
    await service.target.wait_for(new_id, 1)
    await service.client.correct(new_id, TO_RIGHT)
    release.set()
    waiting = await service.until_paused(new_id)
    assert waiting.next_attempt_at == waiting.attempts[0].next_attempt_at
    await service.skip(new_id, 2 * HOUR)
    state = await service.client.outcome(new_id)
    assert [(each.number, each.round) for each in state.attempts] == [(1, 1), (2, 1)]
    assert urls(service, new_id) == [WRONG, RIGHT]


async def test_one_that_is_being_abandoned_takes_no_correction(
    service: SkippedTime, new_id: str
) -> None:
    service.target.answer(new_id, 503)
    release = service.target.hold(new_id)
    await service.send(new_id, retry=HOURLY)
    await service.target.wait_for(new_id, 1)
    await service.client.abandon(new_id)
    with pytest.raises(InterventionRefusedError, match="being abandoned already"):
        await service.client.correct(new_id, TO_RIGHT)
    release.set()
    assert (await service.client.outcome(new_id)).status is Status.ABANDONED
