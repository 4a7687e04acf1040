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
    TemporalUnavailableError,
    TidingsError,
    WorkerUnavailableError,
)
from tidings.intervention import BatchOrder, BatchProgress
from tidings.results import Page
from tidings.temporal import bulk, find

PAGE_SIZE: Final = 100
CONCURRENCY: Final = 10
"""The most notifications that are asked at once: an answer takes longer than a fast rate allows."""
HEARTBEAT_SECONDS: Final = 2.0
"""Each heartbeat shows that the batch is alive, and brings the news if somebody stops it."""
_TRIES: Final = 2
"""The times that one notification is asked if no worker answers for it."""
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
    asked twice, because its worker died in between, takes the intervention once: it knows the
    batches that it took part in.
    """
    details = activity.info().heartbeat_details
    progress = BatchProgress.model_validate(details[0] if details else {})
    run = _Run(activity.client(), order, progress)
    heart = asyncio.create_task(run.beat())
    try:
        await run.until_done()
    except asyncio.CancelledError:
        if not _is_stopped():
            raise
        return run.progress.model_copy(update={"is_stopped": True}).to_json()
    finally:
        heart.cancel()
    return run.progress.to_json()


class _Run:
    """One attempt to carry the order out."""

    def __init__(self, client: Client, order: BatchOrder, progress: BatchProgress) -> None:
        self.progress = progress
        self._client = client
        self._order = order
        self._batch_id = activity.info().workflow_id or ""
        self._next_turn = time.monotonic()
        self._places = asyncio.Semaphore(CONCURRENCY)
        self._is_resumed_page = bool(progress.page)
        self._unavailable: TidingsError | None = None

    async def beat(self) -> None:
        """Heartbeats until it is cancelled. At a slow rate nothing else does for a long time."""
        while True:
            activity.heartbeat(self.progress.to_json())
            await asyncio.sleep(HEARTBEAT_SECONDS)

    async def until_done(self) -> None:
        """Goes through the list, page by page."""
        while self.progress.page or not self.progress.is_last_page:
            if not self.progress.page:
                page = await self._next_page()
                # Noted before they are asked: those that take it leave the filter, and no later
                # list would have them if this worker died.
                ids = tuple(each.id for each in page.notifications)
                self._note(page=ids, cursor=page.cursor, is_last_page=page.cursor is None)
            await self._ask_all(self.progress.page)
            self._is_resumed_page = False
        self._count_missing()

    def _count_missing(self) -> None:
        """Counts those that left the filter between the count of the order and their listing."""
        if missing := max(self._order.total - self.progress.count, 0):
            problem = f"no longer of the filter when the list was read: {missing:,}"
            self._note(refused=self.progress.refused + missing, last_problem=problem)

    async def _next_page(self) -> Page:
        cursor = self.progress.cursor
        try:
            return await find.page(self._client, self._order.filter, cursor=cursor, size=PAGE_SIZE)
        except TemporalUnavailableError as error:
            raise _again(str(error)) from error
        except TidingsError as error:  # it would be refused each time
            raise ApplicationError(
                str(error), self.progress.to_json(), non_retryable=True
            ) from error

    async def _ask_all(self, ids: tuple[str, ...]) -> None:
        """Asks each of these.

        Whatever ends it, it waits for the answers of those that were asked, so that they count.
        """
        asked = list[asyncio.Task[None]]()
        try:
            for each in ids:
                await self._places.acquire()
                await self._turn()
                asked.append(asyncio.create_task(self._ask(each)))
        finally:
            await asyncio.gather(*asked)
        self._check_available()

    async def _turn(self) -> None:
        """Waits for the next turn of the batch's rate. A late one does not catch up.

        Raises if another worker has to take the batch over.
        """
        now = time.monotonic()
        turn = max(self._next_turn, now)
        self._next_turn = turn + 1 / self._order.rate
        try:
            async with asyncio.timeout(turn - now):
                await activity.wait_for_worker_shutdown()
        except TimeoutError:
            self._check_available()
        else:
            raise _again("the worker is shutting down")

    async def _ask(self, notification_id: str) -> None:
        try:
            is_new = await self._intervene(notification_id)
        except TemporalUnavailableError as error:
            self._unavailable = error
            return
        except WorkerUnavailableError as error:
            if activity.is_worker_shutdown():  # it may have been the only one
                self._unavailable = error
                return
            self._note(failed=self.progress.failed + 1, last_problem=str(error))
        except _REFUSALS as error:
            self._note(refused=self.progress.refused + 1, last_problem=str(error))
        except TidingsError as error:
            self._note(failed=self.progress.failed + 1, last_problem=str(error))
        else:
            # On a page that was begun before, nobody has noted those that took it just before the
            # worker died. On any other page it has been counted: it has ended, and is listed again.
            count = 1 if is_new or self._is_resumed_page else 0
            self._note(resolved=self.progress.resolved + count)
        finally:
            self._places.release()
        left = tuple(each for each in self.progress.page if each != notification_id)
        self._note(page=left)

    async def _intervene(self, notification_id: str) -> bool:
        """True if the notification takes the intervention, False if it took it before."""
        tries = 1
        while True:
            try:
                return await bulk.intervene_in_one(
                    self._client, notification_id, self._order, batch_id=self._batch_id
                )
            except WorkerUnavailableError:
                if tries == _TRIES or activity.is_worker_shutdown():
                    raise
                tries += 1

    def _check_available(self) -> None:
        if self._unavailable is not None:
            raise _again(str(self._unavailable)) from self._unavailable

    def _note(self, **fields: object) -> None:
        self.progress = self.progress.model_copy(update=fields)
        activity.heartbeat(self.progress.to_json())


def _is_stopped() -> bool:
    """True if somebody stopped the batch; an activity is also cancelled if it is paused."""
    details = activity.cancellation_details()
    return details is not None and details.cancel_requested


def _again(problem: str) -> ApplicationError:
    """The failure after which Temporal hands the batch to a worker again."""
    return ApplicationError(problem, category=ApplicationErrorCategory.BENIGN)
