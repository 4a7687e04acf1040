"""A repeated sending beside something else: a second one, a dead worker, a slow deletion."""

import asyncio

import pytest

from tests.support.reopened import (
    AGAIN,
    ForbiddenForgetting,
    HeldForgetting,
    LateClient,
    delivered,
    runs,
    until_single,
)
from tests.support.skipped_time import SkippedTime, replay
from tidings import (
    InterventionRefusedError,
    NotificationState,
    Status,
    contract,
)


async def test_one_of_two_at_the_same_time_is_refused(service: SkippedTime, new_id: str) -> None:
    await delivered(service, new_id)
    results = await asyncio.gather(
        *(service.client.resend(new_id, AGAIN) for _ in range(5)), return_exceptions=True
    )
    states = [each for each in results if isinstance(each, NotificationState)]
    refused = [each for each in results if isinstance(each, InterventionRefusedError)]
    # A client that looks when the first has been delivered again means another round.
    assert len(states) + len(refused) == len(results)
    assert states
    final = await service.client.outcome(new_id)
    assert len(final.interventions) == len(states)
    assert len(service.target.seen(new_id)) == 1 + len(states)
    await until_single(service, new_id)


async def test_one_that_looked_before_the_other_began_is_refused(
    service: SkippedTime, new_id: str
) -> None:
    """The other one has even been delivered meanwhile."""
    await delivered(service, new_id)
    late = LateClient(service, new_id)
    await late.look()
    await service.client.resend(new_id, AGAIN)
    await service.client.outcome(new_id)
    await until_single(service, new_id)
    with pytest.raises(InterventionRefusedError, match="being sent again already"):
        await late.reopen(AGAIN)
    state = await service.client.outcome(new_id)
    assert len(service.target.seen(new_id)) == len(state.attempts) == 2
    assert await runs(service, new_id) == 1


async def test_a_worker_that_dies_in_between_forgets_later(
    idle_service: SkippedTime, new_id: str
) -> None:
    service = idle_service
    async with service.worker():
        await delivered(service, new_id)
    answer = await service.client.resend(new_id, AGAIN)
    assert (answer.status, answer.complete) == (Status.DELIVERING, False)
    assert await runs(service, new_id) == 2
    async with service.worker():
        state = await service.client.outcome(new_id)
        assert [each.round for each in state.attempts] == [1, 2]
        await until_single(service, new_id)
    await replay(await service.handle(new_id).fetch_history())


async def test_a_resend_during_the_deletion_is_not_lost(
    idle_service: SkippedTime, new_id: str
) -> None:
    """The notification is delivered, but its workflow still waits for the deletion."""
    service = idle_service
    held = HeldForgetting()
    async with service.worker_of(service.activities().deliver, held.forget):
        await delivered(service, new_id)
        await service.client.resend(new_id, AGAIN)
        await held.asked.wait()
        await service.until(new_id, Status.DELIVERED)
        await service.client.resend(new_id, AGAIN)
        state = await service.until(new_id, Status.DELIVERED)
        held.release.set()
        assert await service.client.outcome(new_id) == state
    assert [each.round for each in state.attempts] == [1, 2, 3]
    assert state.status is Status.DELIVERED


async def test_without_the_permission_to_delete_it_goes_on(
    idle_service: SkippedTime, new_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    service = idle_service
    forbidden = ForbiddenForgetting()
    async with service.worker_of(service.activities().deliver, forbidden.forget):
        await delivered(service, new_id)
        await service.client.resend(new_id, AGAIN)
        state = await service.client.outcome(new_id)
    assert [each.round for each in state.attempts] == [1, 2]
    assert len(forbidden.asked) == 1
    (record,) = [each for each in caplog.records if "earlier_run_kept" in each.getMessage()]
    assert vars(record)["id"] == contract.workflow_id(new_id)
    assert "not allowed" in vars(record)["problem"]
