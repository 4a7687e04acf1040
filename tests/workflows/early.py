"""A round whose activity the server handed out before its time, as one that restarts may do.

No server can be made to do that at will, so an activity stands here that says so.
"""

from datetime import timedelta
from typing import Final

from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker

from activities.halting import halt
from tests.workflows.service import Service
from tidings import Attempt, FixedInterval, contract
from tidings.delivery import Round
from workflows.notification import NotificationWorkflow

HOURLY: Final = FixedInterval(interval=3600, maximum_attempts=3)


class EarlyDelivery:
    """Fails its first attempt, is then handed out too early, and is acknowledged after that."""

    def __init__(self) -> None:
        self.rounds: list[Round] = []

    @activity.defn(name=contract.ACTIVITY_DELIVER)
    async def deliver(self, round_: Round) -> list[Attempt]:
        """Like ``DeliveryActivities.deliver``."""
        self.rounds.append(round_)
        now = activity.info().started_time
        attempt = Attempt(
            number=round_.first_number, round=round_.number, started_at=now, explanation="told"
        )
        if len(self.rounds) > 1:
            return [attempt.model_copy(update={"status_code": 200})]
        due_at = now + timedelta(hours=1)
        failed = attempt.model_copy(update={"status_code": 503, "next_attempt_at": due_at})
        raise ApplicationError(
            "due later",
            [failed.model_dump(mode="json")],
            type=contract.FAILURE_TOO_EARLY,
            non_retryable=True,
        )


def worker(service: Service, delivery: EarlyDelivery) -> Worker:
    """A worker with that activity."""
    return Worker(
        service.environment.client,
        task_queue=contract.TASK_QUEUE,
        workflows=[NotificationWorkflow],
        activities=[delivery.deliver, halt],
    )


async def handed_out_too_early(service: Service, name: str) -> None:
    """The scenario whose history is recorded; it needs the worker above."""
    await service.send(name, retry=HOURLY)
    await service.until_attempts(name, 1)
    await service.skip(name, timedelta(hours=2))
    await service.client.outcome(name)
