"""A batch keeps to its rate, however slow."""

from datetime import timedelta

from tests.support.batch_runs import LI, carried_out, counts, get_stuck, states
from tests.support.skipped_time import SkippedTime


async def test_a_rate_is_kept_evenly(service: SkippedTime, new_id: str) -> None:
    ids = await get_stuck(service, new_id, 8)
    batch = await carried_out(service, await service.client.resend_all(LI, type=new_id, rate=4))
    assert counts(batch) == (8, 0, 0, 0)
    found = await states(service, ids)
    times = sorted(each.interventions[0].at for each in found)
    # Each turn comes 0.25 s after the one before; an answer takes a moment more or less.
    assert times[-1] - times[0] > timedelta(seconds=7 * 0.25 - 0.5)
    assert times[3] - times[0] > timedelta(seconds=3 * 0.25 - 0.5)


async def test_a_slow_batch_stays_alive(service: SkippedTime, new_id: str) -> None:
    """Between two turns it is silent for longer than a worker that has died may be."""
    ids = await get_stuck(service, new_id, 2)
    batch = await carried_out(service, await service.client.resend_all(LI, type=new_id, rate=0.05))
    assert counts(batch) == (2, 0, 0, 0)
    handle = service.environment.client.get_workflow_handle(batch.id)
    started = [
        each.activity_task_started_event_attributes.attempt
        for each in (await handle.fetch_history()).events
        if each.HasField("activity_task_started_event_attributes")
    ]
    assert started == [1]
    times = sorted(each.interventions[0].at for each in await states(service, ids))
    assert times[1] - times[0] > timedelta(seconds=19)
