"""Every path that a notification can take; each is driven once to record its history."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from tests.support import scenarios_batch, scenarios_corrected, scenarios_fast, scenarios_slow
from tests.support.continued import (
    continued_after_a_report,
    continued_with_a_correction,
    continued_with_a_resend,
)
from tests.support.dying import abandoned_while_its_worker_died, handed_out_too_early
from tests.support.skipped_time import SkippedTime
from tidings import Abandon, FixedInterval, Resend, Status, contract

Scenario = Callable[[SkippedTime, str], Awaitable[object]]
BatchScenario = Callable[[SkippedTime, str], Awaitable[str]]
"""The result is the id of the batch."""

HOURLY: Final = FixedInterval(interval=3600, maximum_attempts=3)
DAY: Final = timedelta(days=1)


async def _delivered(service: SkippedTime, name: str) -> None:
    await service.send(name)
    await service.client.outcome(name)


async def _delivered_after_retries(service: SkippedTime, name: str) -> None:
    service.target.answer(name, 503, 503, 200)
    await service.send(name, retry=HOURLY)
    await service.skip(name, DAY)
    await service.client.outcome(name)


async def _exhausted_then_resent_corrected(service: SkippedTime, name: str) -> None:
    service.target.answer(name, 503, 503, 503, 200)
    await service.send(name, retry=HOURLY)
    await service.skip(name, DAY)
    await service.until(name, Status.AWAITING_INTERVENTION)
    await service.client.resend(name, Resend(operator="li", target="http://corrected.test/"))
    await service.client.outcome(name)


async def _refused_then_abandoned(service: SkippedTime, name: str) -> None:
    service.target.answer(name, 410)
    await service.send(name)
    await service.until(name, Status.AWAITING_INTERVENTION)
    await service.client.abandon(name, Abandon(operator="li", reason="gone"))
    await service.client.outcome(name)


async def _expired_then_resent(service: SkippedTime, name: str) -> None:
    await service.send(name, expires_at=datetime(2020, 1, 1, tzinfo=UTC))
    await service.until(name, Status.AWAITING_INTERVENTION)
    await service.client.resend(name, Resend(even_if_expired=True))
    await service.client.outcome(name)


async def _scheduled_then_delivered(service: SkippedTime, name: str) -> None:
    await service.send(name, not_before=datetime.now(UTC) + DAY)
    await service.skip(name, 2 * DAY)
    await service.client.outcome(name)


async def _scheduled_then_withdrawn(service: SkippedTime, name: str) -> None:
    await service.send(name, not_before=datetime.now(UTC) + DAY)
    await service.client.abandon(name)
    await service.client.outcome(name)


async def _nobody_intervened(service: SkippedTime, name: str) -> None:
    service.target.answer(name, 404)
    await service.send(name)
    await service.until(name, Status.AWAITING_INTERVENTION)
    await service.skip(name, 31 * DAY)
    await service.client.outcome(name)


async def _resent_between_attempts(service: SkippedTime, name: str) -> None:
    service.target.answer(name, 503, 200)
    await service.send(name, retry=HOURLY)
    await service.until_attempts(name, 1)
    await service.client.resend(name)
    await service.client.outcome(name)


async def _abandoned_in_an_attempt(service: SkippedTime, name: str) -> None:
    service.target.answer(name, 503)
    release = service.target.hold(name)
    await service.send(name, retry=HOURLY)
    await service.target.wait_for(name, 1)
    await service.client.abandon(name)
    release.set()
    await service.client.outcome(name)


async def _cancelled_in_temporal(service: SkippedTime, name: str) -> None:
    service.target.answer(name, 404)
    await service.send(name)
    await service.until(name, Status.AWAITING_INTERVENTION)
    await service.handle(name).cancel()
    await service.client.outcome(name)


async def _signalled(service: SkippedTime, name: str) -> None:
    service.target.answer(name, 404, 200)
    await service.send(name)
    await service.until(name, Status.AWAITING_INTERVENTION)
    await service.handle(name).signal("shout", "anything")
    await service.handle(name).signal(contract.SIGNAL_ABANDON, args=[1, 2, 3])
    await service.handle(name).signal(contract.SIGNAL_RESEND)
    await service.client.outcome(name)


async def _malformed_start(service: SkippedTime, name: str) -> None:
    handle = await service.environment.client.start_workflow(
        contract.WORKFLOW_TYPE,
        {"id": name},
        id=contract.workflow_id(name),
        task_queue=contract.TASK_QUEUE,
    )
    await handle.describe()


async def _continued_as_new(service: SkippedTime, name: str) -> None:
    service.target.answer(name, *[404] * 11, 200)
    await service.send(name)
    for attempts in range(1, 12):
        await service.until_attempts(name, attempts)
        await service.until(name, Status.AWAITING_INTERVENTION)
        await service.client.resend(name)
    await service.client.outcome(name)


async def _reported_to_the_business_system(service: SkippedTime, name: str) -> None:
    service.target.answer(name, 404, 200)
    await service.send(name, report_to="http://business.test/")
    await service.until_reported(name, 1)
    await service.client.resend(name)
    await service.client.outcome(name)


SCENARIOS: Final[Mapping[str, Scenario]] = {
    "delivered": _delivered,
    "delivered-after-retries": _delivered_after_retries,
    "exhausted-then-resent-corrected": _exhausted_then_resent_corrected,
    "refused-then-abandoned": _refused_then_abandoned,
    "expired-then-resent": _expired_then_resent,
    "scheduled-then-delivered": _scheduled_then_delivered,
    "scheduled-then-withdrawn": _scheduled_then_withdrawn,
    "nobody-intervened": _nobody_intervened,
    "resent-between-attempts": _resent_between_attempts,
    "abandoned-in-an-attempt": _abandoned_in_an_attempt,
    "cancelled-in-temporal": _cancelled_in_temporal,
    "signalled": _signalled,
    "malformed-start": _malformed_start,
    "continued-as-new": _continued_as_new,
    "reported-to-the-business-system": _reported_to_the_business_system,
    "corrected-while-scheduled": scenarios_corrected.corrected_while_scheduled,
    "corrected-between-attempts": scenarios_corrected.corrected_between_attempts,
    "corrected-in-an-attempt": scenarios_corrected.corrected_in_an_attempt,
    "corrected-to-fewer-attempts": scenarios_corrected.corrected_to_fewer_attempts,
    "corrected-while-stuck": scenarios_corrected.corrected_while_stuck,
    "sent-again": scenarios_corrected.sent_again,
    "sent-again-without-intent": scenarios_corrected.sent_again_without_intent,
}
SCENARIOS_WITH_A_WORKER: Final[Mapping[str, Scenario]] = {
    "handed-out-too-early": handed_out_too_early,
    "abandoned-while-its-worker-died": abandoned_while_its_worker_died,
    "continued-with-a-resend": continued_with_a_resend,
    "continued-after-a-report": continued_after_a_report,
    "continued-with-a-correction": continued_with_a_correction,
    "fast-delivered": scenarios_fast.delivered,
    "fast-then-retried": scenarios_fast.retried,
    "fast-then-stuck": scenarios_fast.stuck,
    "fast-then-exhausted": scenarios_fast.exhausted,
    "fast-sent-again": scenarios_fast.sent_again,
    "fast-task-lost": scenarios_fast.task_lost,
    "fast-task-lost-with-a-signal": scenarios_fast.task_lost_with_a_signal,
    "fast-signalled-in-the-attempt": scenarios_fast.signalled_in_the_attempt,
    "fast-last-attempt-lost": scenarios_fast.last_attempt_lost,
    "ordinary-task-lost": scenarios_fast.ordinary_task_lost,
    "slow-then-retried": scenarios_slow.retried,
    "slow-after-an-attempt": scenarios_slow.moved,
    "slow-then-corrected": scenarios_slow.corrected,
}
"""The scenarios that run a worker of their own."""
BATCH_SCENARIOS: Final[Mapping[str, BatchScenario]] = {
    "batch": scenarios_batch.batch,
    "batch-stopped": scenarios_batch.batch_stopped,
    "batch-malformed": scenarios_batch.batch_malformed,
}
"""The scenarios whose batch is recorded."""
