"""Activities that behave as if their server or worker had died at a chosen moment."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from temporalio import activity
from temporalio.api.enums.v1 import EventType
from temporalio.exceptions import ApplicationError

from activities.halting import halt
from tests.support.skipped_time import SkippedTime
from tidings import Attempt, FixedInterval, contract
from tidings.round import Outline, Round


class EarlyDelivery:
    """Fails its first attempt, is handed out too early, and is acknowledged after that.

    A server that restarts may hand out an activity before its time.
    """

    def __init__(self) -> None:
        self.rounds: list[Round] = []

    @activity.defn(name=contract.ACTIVITY_DELIVER)
    async def deliver(self, round_: Round) -> list[Attempt]:
        """Like ``DeliveryActivities.deliver``."""
        self.rounds.append(round_)
        now = activity.info().started_time
        attempt = Attempt(
            number=round_.outline.first_number,
            round=round_.number,
            started_at=now,
            explanation="sent",
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

    @asynccontextmanager
    async def worker(self, service: SkippedTime) -> AsyncIterator[None]:
        """Runs a worker with this activity."""
        async with service.worker_of(self.deliver, halt):
            yield


class LateHalt:
    """Halts a round only once the test allows it, as if its worker had died before that."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.allowed = asyncio.Event()

    @activity.defn(name=contract.ACTIVITY_HALT)
    async def halt(self, round_: Outline) -> list[Attempt]:
        """Like ``halting.halt``."""
        self.begun.set()
        await self.allowed.wait()
        return await halt(round_)

    @asynccontextmanager
    async def worker(self, service: SkippedTime) -> AsyncIterator[None]:
        """Runs a worker with this activity."""
        async with service.worker_of(service.activities().deliver, self.halt):
            yield


async def handed_out_too_early(service: SkippedTime, name: str) -> None:
    """The path of a round whose activity came before its time."""
    async with EarlyDelivery().worker(service):
        await service.send(name, retry=FixedInterval(interval=3600, maximum_attempts=3))
        await service.until_attempts(name, 1)
        await service.skip(name, timedelta(hours=2))
        await service.client.outcome(name)


async def abandoned_while_its_worker_died(service: SkippedTime, name: str) -> None:
    """The path of a round whose next attempt is due before it is halted."""
    late = LateHalt()
    async with late.worker(service):
        service.target.answer(name, 503)
        release = service.target.hold(name)
        await service.send(name, retry=FixedInterval(interval=0.05, maximum_attempts=5))
        await service.target.wait_for(name, 1)
        await service.client.abandon(name)
        await late.begun.wait()
        release.set()
        await service.until_event(name, EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED)
        late.allowed.set()
        await service.client.outcome(name)
