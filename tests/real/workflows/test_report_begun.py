"""Interventions while a report is being started, for which Temporal needs a moment."""

from datetime import timedelta

from activities.halting import halt
from tests.support.skipped_time import SkippedTime
from tests.support.slow_reports import SlowReports
from tidings import FixedInterval, Status, contract

HOUR = timedelta(hours=1)


async def until_stuck(service: SkippedTime, notification_id: str) -> None:
    service.target.answer(notification_id, 404, 503, 200)
    daily = FixedInterval(interval=24 * HOUR, maximum_attempts=3)
    await service.send(
        notification_id, type=notification_id, retry=daily, report_to="http://business.test/"
    )
    await service.until(notification_id, Status.AWAITING_INTERVENTION)


async def test_an_abandon_is_reported_and_listed_all_the_same(
    idle_service: SkippedTime, new_id: str
) -> None:
    service, signal = idle_service, contract.SIGNAL_ABANDON
    deliver = service.activities().deliver
    async with service.worker_of(deliver, halt, interceptors=[SlowReports()]):
        await until_stuck(service, new_id)
        await service.handle(new_id).signal(signal)
        await service.skip(new_id, 3 * HOUR)
        state = await service.client.outcome(new_id)
        assert state.status is Status.ABANDONED
        assert [each.type for each in state.reports] == [
            "notification.awaiting_intervention",
            "notification.abandoned",
        ]
        await service.until_listed({new_id}, status=Status.ABANDONED, type=new_id)


async def test_a_resend_is_listed_while_its_round_runs(
    idle_service: SkippedTime, new_id: str
) -> None:
    service = idle_service
    deliver = service.activities().deliver
    async with service.worker_of(deliver, halt, interceptors=[SlowReports()]):
        await until_stuck(service, new_id)
        await service.handle(new_id).signal(contract.SIGNAL_RESEND)
        await service.skip(new_id, 2 * HOUR)
        await service.until_attempts(new_id, 2)
        await service.until_listed({new_id}, status=Status.DELIVERING, type=new_id)
        await service.skip(new_id, 48 * HOUR)
        assert (await service.client.outcome(new_id)).status is Status.DELIVERED
