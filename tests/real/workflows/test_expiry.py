"""A notification is not sent before ``not_before``, nor after ``expires_at``."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.skipped_time import SkippedTime, search_attributes
from tidings import (
    FixedInterval,
    InterventionRefusedError,
    Resend,
    Status,
    WaitReason,
)


async def test_it_is_not_sent_before_not_before(service: SkippedTime, new_id: str) -> None:
    due = datetime.now(UTC) + timedelta(hours=6)
    await service.send(new_id, not_before=due)
    state = await service.client.state(new_id)
    assert (state.status, state.next_attempt_at) == (Status.SCHEDULED, due)
    assert (await search_attributes(service, new_id))[0] == "scheduled"
    await service.skip(new_id, timedelta(hours=5))
    assert not service.target.seen(new_id)
    await service.skip(new_id, timedelta(hours=2))
    state = await service.client.outcome(new_id)
    assert abs(state.attempts[0].started_at - due) < timedelta(seconds=1)


async def test_a_not_before_in_the_past_is_no_reason_to_wait(
    service: SkippedTime, new_id: str
) -> None:
    await service.send(new_id, not_before=datetime(2020, 1, 1, tzinfo=UTC))
    assert (await service.client.outcome(new_id)).status is Status.DELIVERED


async def test_no_attempt_is_made_once_it_has_expired(service: SkippedTime, new_id: str) -> None:
    """The attempt at 60 s is made, the one due at 180 s would come after 100 s."""
    service.target.answer(new_id, 503)
    expires_at = datetime.now(UTC) + timedelta(seconds=100)
    await service.send(new_id, expires_at=expires_at, retry="unionpay")
    await service.skip(new_id, timedelta(hours=1))
    state = await service.until(new_id, Status.AWAITING_INTERVENTION)
    assert state.reason is WaitReason.EXPIRED
    assert len(state.attempts) == len(service.target.seen(new_id)) == 2


async def test_one_sent_after_its_expiry_is_never_attempted(
    service: SkippedTime, new_id: str
) -> None:
    await service.send(new_id, expires_at=datetime(2020, 1, 1, tzinfo=UTC))
    state = await service.until(new_id, Status.AWAITING_INTERVENTION)
    assert (state.reason, state.attempts) == (WaitReason.EXPIRED, ())
    assert not service.target.seen(new_id)


async def test_one_that_expires_without_a_worker_is_not_attempted(
    idle_service: SkippedTime, new_id: str
) -> None:
    service = idle_service
    await service.send(new_id, expires_at=datetime.now(UTC) + timedelta(milliseconds=300))
    await asyncio.sleep(0.3)  # time has to pass without a worker
    async with service.worker():
        state = await service.until(new_id, Status.AWAITING_INTERVENTION)
    assert (state.reason, state.attempts) == (WaitReason.EXPIRED, ())
    assert not service.target.seen(new_id)


async def test_one_that_expired_while_stuck_is_resent_on_purpose(
    service: SkippedTime, new_id: str
) -> None:
    service.target.answer(new_id, 404, 200)
    await service.send(new_id, expires_at=datetime.now(UTC) + timedelta(hours=1))
    state = await service.until(new_id, Status.AWAITING_INTERVENTION)
    assert state.reason is WaitReason.REFUSED
    await service.skip(new_id, timedelta(hours=2))
    with pytest.raises(InterventionRefusedError, match="has expired"):
        await service.client.resend(new_id)
    with pytest.raises(InterventionRefusedError, match="has expired"):
        await service.client.resend(new_id, Resend(expires_at=datetime.now(UTC)))
    assert (await service.client.state(new_id)).interventions == ()
    await service.client.resend(new_id, Resend(even_if_expired=True))
    state = await service.client.outcome(new_id)
    assert (state.status, state.expires_at) == (Status.DELIVERED, None)


async def test_it_was_accepted_when_temporal_recorded_it(
    idle_service: SkippedTime, new_id: str
) -> None:
    """The time of its first task does not matter; a list and a state show the same."""
    service = idle_service
    await service.send(new_id)
    recorded = (await service.handle(new_id).describe()).start_time
    await asyncio.sleep(0.5)  # time has to pass without a worker
    async with service.worker():
        state = await service.client.outcome(new_id)
    assert state.accepted_at == recorded
    assert state.attempts[0].started_at - recorded > timedelta(seconds=0.5)


async def test_temporal_ends_an_expired_round_without_a_worker(
    idle_service: SkippedTime, new_id: str
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
