"""``NotificationClient``: what business code and operators hold in their hands."""

from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime, timedelta
from typing import Self

from temporalio.client import Client

from tidings import bulk, connection, intervening, paging, reading, sending, visibility
from tidings.bulk import Batch
from tidings.intervention import Abandon, Resend
from tidings.notification import Notification
from tidings.paging import Page
from tidings.sending import Given, Receipt, SendResult
from tidings.state import NotificationState, Status
from tidings.visibility import NotificationSummary


class NotificationClient:
    """Sends notifications, tells where they stand, and resolves those that got stuck.

    Every method raises ``TemporalUnavailableError`` within 10 s where Temporal does not
    answer, and ``NotificationNotFoundError`` for an id that nobody has sent.
    """

    def __init__(self, temporal: Client) -> None:
        """Uses a Temporal client that you have, with whatever converter and codec it has."""
        self._temporal = temporal

    @classmethod
    async def connect(cls, address: str | None = None) -> Self:
        """Connects as the ``TEMPORAL_*`` environment says, or to ``address`` (host:port).

        Raises ``InvalidInputError`` for settings that cannot be meant, and
        ``TemporalRequestError`` where the server refuses this client.
        """
        return cls(await connection.connect(address))

    async def send(self, notification: Notification) -> Receipt:
        """Hands a notification over; returns once Temporal has recorded it.

        The target is never waited for. Sending the same notification again changes nothing;
        after an error it is therefore safe to send it again. Raises
        ``NotificationConflictError`` where the id belongs to other content.
        """
        checked = Notification.model_validate(notification)
        return await sending.send(self._temporal, checked)

    async def send_many(
        self,
        notifications: Iterable[Given],
        *,
        concurrency: int = 20,
        progress: Callable[[SendResult], None] | None = None,
    ) -> list[SendResult]:
        """Sends many, at most ``concurrency`` at once; the results are in the order given.

        A notification may also be the JSON object of one, or the error of reading it, which then
        is its result. One that is refused stops no other. Once Temporal is unreachable, the rest
        are not tried: each gets that error at once. ``progress`` is called with each result as
        it comes.
        """
        return await sending.send_many(
            self._temporal, notifications, concurrency=concurrency, progress=progress
        )

    async def state(self, notification_id: str) -> NotificationState:
        """Where a notification stands, with every attempt so far, ended or not.

        Without a running worker it is what the Temporal server knows, with ``complete`` false.
        Raises ``NotificationRejectedError`` where the id was started with malformed input.
        """
        return await reading.state(self._temporal, notification_id)

    async def outcome(self, notification_id: str) -> NotificationState:
        """Waits until a notification has ended, however long that takes; its final state.

        Raises as ``state`` does.
        """
        return await reading.outcome(self._temporal, notification_id)

    async def resend(self, notification_id: str, resend: Resend | None = None) -> NotificationState:
        """Begins a new round, with the corrections of ``resend``; now, if one is running.

        The state in the answer has the intervention recorded; an attempt in flight is still
        waited for. Raises ``InterventionRefusedError`` where it makes no sense, and
        ``WorkerUnavailableError`` where no worker answered: it may then still take effect.
        """
        checked = Resend.model_validate(resend or Resend())
        return await intervening.intervene(self._temporal, notification_id, checked)

    async def abandon(
        self, notification_id: str, abandon: Abandon | None = None
    ) -> NotificationState:
        """Gives a notification up, before, between or after its attempts.

        Raises as ``resend`` does.
        """
        checked = Abandon.model_validate(abandon or Abandon())
        return await intervening.intervene(self._temporal, notification_id, checked)

    async def resend_all(
        self,
        resend: Resend | None = None,
        *,
        where: str | None = None,
        target: str | None = None,
        type: str | None = None,  # noqa: A002 -- the contract's name
        since: datetime | None = None,
        until: datetime | None = None,
        everything: bool = False,
        rate: float = bulk.DEFAULT_RATE,
    ) -> Batch | None:
        """Resends every notification that is stuck and passes the filter (see ``list``).

        Temporal does it, and goes on without this process: ``batch`` tells how far it is. Without
        a filter, ``everything`` has to be True. ``rate`` is how many rounds begin in a second, on
        average: each notification waits for a random moment of the time that all may take.
        ``None`` where nothing is found, and nothing started. Each
        notification validates its own correction, and records a refusal. Raises
        ``InvalidInputError`` for a wrong filter, ``TemporalRequestError`` for a ``where`` that
        Temporal refuses, and ``BatchLimitError`` where another batch is running.
        """
        query = bulk.query(
            everything=everything, where=where, target=target, type=type, since=since, until=until
        )
        checked = Resend.model_validate(resend or Resend())
        return await bulk.start(self._temporal, checked, query, rate)

    async def abandon_all(
        self,
        abandon: Abandon | None = None,
        *,
        where: str | None = None,
        target: str | None = None,
        type: str | None = None,  # noqa: A002 -- the contract's name
        since: datetime | None = None,
        until: datetime | None = None,
        everything: bool = False,
        rate: float = bulk.DEFAULT_RATE,
    ) -> Batch | None:
        """Abandons every notification that is stuck and passes the filter.

        Works and raises as ``resend_all`` does.
        """
        query = bulk.query(
            everything=everything, where=where, target=target, type=type, since=since, until=until
        )
        checked = Abandon.model_validate(abandon or Abandon())
        return await bulk.start(self._temporal, checked, query, rate)

    async def batch(self, batch_id: str) -> Batch:
        """How far a ``resend_all`` or ``abandon_all`` has come.

        Raises ``BatchNotFoundError`` for an id that is not known (any more).
        """
        return await bulk.describe(self._temporal, batch_id)

    def batches(self) -> AsyncIterator[Batch]:
        """Every batch that Temporal still keeps, the newest first."""
        return bulk.listed(self._temporal)

    async def stop_batch(self, batch_id: str) -> Batch:
        """Stops a batch; what it has told before stays told. One that has ended stays as it is.

        Raises as ``batch`` does.
        """
        return await bulk.stop(self._temporal, batch_id)

    async def list(
        self,
        *,
        status: Status | None = None,
        target: str | None = None,
        type: str | None = None,  # noqa: A002 -- the contract's name
        since: datetime | None = None,
        until: datetime | None = None,
        where: str | None = None,
    ) -> AsyncIterator[NotificationSummary]:
        """The notifications of a filter, as far as Temporal still keeps them.

        ``target`` is a host (any port), ``host:port`` or a URL; ``since`` (included) and
        ``until`` (excluded) bound the time at which a notification was accepted; ``where``
        is any condition of a visibility query, which narrows the rest. Each comes once, as it
        was when it was read, in the order of ``page``.
        """
        query = visibility.query(
            status=status, target=target, type=type, since=since, until=until, where=where
        )
        executions = self._temporal.list_workflows(query)
        open_ids = set[str]()  # one that ends meanwhile would come again among the ended
        while True:
            async with connection.request(self._temporal, f"list {query}"):
                execution = await anext(executions, None)
            if execution is None:
                return
            if execution.id not in open_ids:
                yield await visibility.summary(execution)
            if execution.close_time is None:
                open_ids.add(execution.id)

    async def page(
        self,
        *,
        cursor: str | None = None,
        size: int = 100,
        status: Status | None = None,
        target: str | None = None,
        type: str | None = None,  # noqa: A002 -- the contract's name
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Page:
        """One page of what ``list`` gives, and the cursor that the next is asked for with.

        Those that have not ended come first, the newest at the top; then the ended, the last to
        end at the top. ``size`` is 1 to 1,000. One that ends between two pages may come again
        among the ended; what is accepted meanwhile may or may not come. What ended longer ago
        than ``retention`` does not come at all. Raises ``InvalidInputError`` where the cursor is
        not one of this filter.
        """
        query = visibility.query(status=status, target=target, type=type, since=since, until=until)
        return await paging.page(self._temporal, query, cursor=cursor, size=size)

    async def retention(self) -> timedelta:
        """How long Temporal keeps a notification after its end (its namespace's retention).

        After that it can be neither listed nor read, and its id is free again.
        """
        return await paging.retention(self._temporal)

    async def count(
        self,
        *,
        status: Status | None = None,
        target: str | None = None,
        type: str | None = None,  # noqa: A002 -- the contract's name
        since: datetime | None = None,
        until: datetime | None = None,
        where: str | None = None,
    ) -> int:
        """How many notifications ``list`` would give."""
        query = visibility.query(
            status=status, target=target, type=type, since=since, until=until, where=where
        )
        async with connection.request(self._temporal, f"count {query}"):
            return (await self._temporal.count_workflows(query)).count
