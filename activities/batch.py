"""The activity that carries out a batch: one notification after another, at the batch's rate."""

import asyncio
import time
from typing import Any, Final

from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from tidings import contract
from tidings.errors import (
    InterventionRefusedError,
    InvalidInputError,
    NotificationNotFoundError,
    NotificationRejectedError,
    TidingsError,
)
from tidings.intervention import BatchOrder, BatchProgress
from tidings.results import NotificationSummary
from tidings.temporal import bulk, find

PAGE_SIZE: Final = 100
CONCURRENCY: Final = 10
"""The most notifications that are asked at once: an answer takes longer than a fast rate allows."""
_REFUSALS: Final = (
    InterventionRefusedError,
    InvalidInputError,
    NotificationNotFoundError,
    NotificationRejectedError,
)


@activity.defn(name=contract.ACTIVITY_BATCH)
async def run_batch(order: BatchOrder) -> dict[str, Any]:
    """Intervenes in every notification of the order's filter; its progress at the end.

    The progress goes from attempt to attempt in the heartbeat details. A notification that is
    asked twice, because its worker died in between, takes the intervention once: the id of the
    batch is the id of its update.
    """
    details = activity.info().heartbeat_details
    progress = BatchProgress.model_validate(details[0] if details else {})
    run = _Run(activity.client(), order, progress)
    try:
        await run.until_done()
    except asyncio.CancelledError:
        if not activity.is_cancelled():
            raise
        return run.progress.model_copy(update={"is_stopped": True}).to_json()
    return run.progress.to_json()


class _Run:
    """One attempt to carry the order out."""

    def __init__(self, client: Client, order: BatchOrder, progress: BatchProgress) -> None:
        self.progress = progress
        self._client = client
        self._order = order
        self._batch_id = activity.info().workflow_id or ""
        self._pace = Pace(order.rate)
        self._places = asyncio.Semaphore(CONCURRENCY)

    async def until_done(self) -> None:
        """Goes through the list, page by page."""
        while True:
            page = await find.page(
                self._client, self._order.filter, cursor=self.progress.cursor, size=PAGE_SIZE
            )
            await self._do(page.notifications)
            if page.cursor is None:
                return
            self._note(cursor=page.cursor, done=())

    async def _do(self, notifications: tuple[NotificationSummary, ...]) -> None:
        try:
            async with asyncio.TaskGroup() as tasks:
                for each in notifications:
                    if each.id in self.progress.done:
                        continue
                    await self._places.acquire()
                    try:
                        await self._pace.wait()
                        _check_shutdown()
                    except BaseException:
                        self._places.release()
                        raise
                    tasks.create_task(self._one(each.id))
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None

    async def _one(self, notification_id: str) -> None:
        try:
            await bulk.intervene_in_one(
                self._client, notification_id, self._order, batch_id=self._batch_id
            )
        except _REFUSALS as error:
            self._note(refused=self.progress.refused + 1, last_problem=str(error))
        except TidingsError as error:
            raise _again(str(error)) from error
        else:
            self._note(resolved=self.progress.resolved + 1)
        finally:
            self._places.release()
        self._note(done=(*self.progress.done, notification_id))

    def _note(self, **fields: object) -> None:
        self.progress = self.progress.model_copy(update=fields)
        activity.heartbeat(self.progress.to_json())


class Pace:
    """So many a second, evenly."""

    def __init__(self, rate: float) -> None:
        self._interval = 1 / rate
        self._next = time.monotonic()

    async def wait(self) -> None:
        """Waits for the next turn. A late caller does not catch up."""
        now = time.monotonic()
        turn = max(self._next, now)
        self._next = turn + self._interval
        await asyncio.sleep(turn - now)


def _check_shutdown() -> None:
    """Hands the batch over to another worker if this one is about to end."""
    if activity.is_worker_shutdown():
        raise _again("the worker is shutting down")


def _again(problem: str) -> ApplicationError:
    return ApplicationError(problem, category=ApplicationErrorCategory.BENIGN)
