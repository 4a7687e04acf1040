"""The attempt of the fast lane."""

from dataclasses import replace
from datetime import timedelta

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.delivery import DeliveryActivities
from activities.lanes.lanes import Lanes
from activities.outcome import Outcome, TaskStart
from activities.secrets.keyring import Keyring
from tests.support.delivering import NOW, round_of
from tests.support.target import Target
from tidings import FixedInterval

AUTHORITY = "target.test:80"


def open_lane() -> Lanes:
    """Lanes of a worker that knows the target as quick."""
    lanes = Lanes(200)
    with lanes.targets.attempt(AUTHORITY) as attempt:
        attempt.acknowledged = True
    return lanes


class Worker:
    """A worker whose clock is ahead of the server's, and which is busy for a while."""

    def __init__(
        self, *, ahead: float = 0, busy_for: float = 0, lanes: Lanes | None = None
    ) -> None:
        self.target = Target()
        self._environment = ActivityEnvironment()
        scheduled_at = NOW + timedelta(seconds=ahead)
        self._environment.info = replace(
            self._environment.info,
            scheduled_time=scheduled_at,
            started_time=scheduled_at + timedelta(seconds=busy_for),
        )
        self._activities = DeliveryActivities(
            self.target.client(), Keyring(None), lanes or open_lane()
        )

    async def attempt(self, *, is_repeated: bool = False, **fields: object) -> Outcome:
        task = TaskStart(started_at=NOW, is_repeated=is_repeated)
        round_ = round_of(**fields)
        return await self._environment.run(self._activities.deliver_at_once, round_, task)


async def test_an_acknowledged_attempt() -> None:
    worker = Worker()
    outcome = await worker.attempt()
    assert outcome.acknowledged
    assert outcome.attempt is not None
    assert (outcome.attempt.number, outcome.attempt.round) == (11, 2)


@pytest.mark.parametrize(
    ("status", "attempts", "reason"), [(503, 3, None), (503, 1, "exhausted"), (410, 3, "refused")]
)
async def test_what_follows_a_failure(status: int, attempts: int, reason: str | None) -> None:
    worker = Worker()
    worker.target.answer("n-1", status)
    retry = FixedInterval(interval=60, maximum_attempts=attempts)
    outcome = await worker.attempt(retry=retry)
    assert outcome.attempt is not None
    assert (outcome.acknowledged, outcome.reason) == (False, reason)
    due_at = outcome.attempt.next_attempt_at
    assert (due_at is None) == (reason is not None)
    assert due_at is None or due_at - NOW >= timedelta(seconds=60)


async def test_what_would_expire_is_stuck_at_once() -> None:
    worker = Worker()
    worker.target.answer("n-1", 503)
    outcome = await worker.attempt(expires_at=NOW + timedelta(minutes=1))
    assert outcome.reason == "expired"
    assert outcome.explanation.startswith("the next attempt would come after it expires; ")


async def test_a_failure_closes_the_lane_for_its_target() -> None:
    worker = Worker()
    worker.target.answer("n-1", 503, 200)
    assert (await worker.attempt()).attempt is not None
    assert await worker.attempt() == Outcome()
    assert len(worker.target.requests) == 1


@pytest.mark.parametrize("ahead", [0, 5, 3600, -3600])
async def test_an_attempt_has_the_time_of_the_server(ahead: float) -> None:
    outcome = await Worker(ahead=ahead, busy_for=0.5).attempt()
    assert outcome.attempt is not None
    assert outcome.attempt.started_at == NOW + timedelta(seconds=0.5)


@pytest.mark.parametrize("lanes", [open_lane(), Lanes(200)], ids=["known", "unknown"])
async def test_a_repeated_task_makes_no_attempt(lanes: Lanes) -> None:
    """A worker that does not know the target must not take it for one that was not admitted."""
    worker = Worker(lanes=lanes)
    with pytest.raises(ApplicationError) as raised:
        await worker.attempt(is_repeated=True)
    assert raised.value.type == "Repeated"
    assert not worker.target.requests


async def test_a_closed_lane_knows_that_no_attempt_was_made() -> None:
    worker = Worker(lanes=Lanes(200, has_fast_lane=False))
    assert await worker.attempt(is_repeated=True) == Outcome()
    assert await worker.attempt() == Outcome()
    assert not worker.target.requests
