"""The delivery activity alone, run as Temporal runs it, but without a server."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.delivery import DeliveryActivities
from activities.lanes.lanes import Lanes
from activities.lanes.targets import Targets
from activities.secrets.keyring import Keyring
from tests.support.paces import Clock
from tests.support.target import Target
from tidings import (
    Attempt,
    FixedInterval,
    Notification,
    contract,
)
from tidings.round import Round

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def round_of(**fields: Any) -> Round:
    usual = {"id": "n-1", "type": "a.b", "target": "http://target.test/", "retry": HOURLY}
    notification = Notification(**{**usual, **fields})
    return Round(notification=notification, number=2, attempts_before=10)


HOURLY = FixedInterval(interval=3600, maximum_attempts=3)


class Harness:
    """Runs attempts as Temporal does: each gets the last heartbeat of the one before."""

    def __init__(self, target: Target, keyring: Path | None = None) -> None:
        self.clock = Clock()
        self.lanes = Lanes(200, has_fast_lane=False, targets=Targets(self.clock))
        self.activities = DeliveryActivities(
            target.client(),
            Keyring(keyring),
            self.lanes,
            random=lambda: 0.5,
            is_being_halted=self.is_being_halted,
        )
        self.task_queue = contract.TASK_QUEUE
        self.halted = False
        self.heartbeats: list[Any] = []

    async def is_being_halted(self) -> bool:
        return self.halted

    async def attempt(
        self,
        round_: Round,
        number: int = 1,
        *,
        at: datetime = NOW,
        queued_for: timedelta = timedelta(0),
    ) -> list[Attempt] | ApplicationError:
        environment = ActivityEnvironment()
        environment.info = replace(
            environment.info,
            task_queue=self.task_queue,
            attempt=number,
            started_time=at,
            current_attempt_scheduled_time=at - queued_for,
            scheduled_time=NOW,
            heartbeat_details=self.heartbeats[-1:],
        )
        environment.on_heartbeat = lambda *details: self.heartbeats.append(details[0])
        try:
            return cast("list[Attempt]", await environment.run(self.activities.deliver, round_))
        except ApplicationError as error:
            return error


def failed(result: list[Attempt] | ApplicationError) -> ApplicationError:
    assert isinstance(result, ApplicationError)
    return result
