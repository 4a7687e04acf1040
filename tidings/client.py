"""``NotificationClient``: what business code and operators hold in their hands."""

from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime
from typing import Self

from temporalio.client import Client

from tidings import connection, intervening, reading, sending, visibility
from tidings.intervention import Abandon, Resend
from tidings.notification import Notification
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
        """Connects as the ``TEMPORAL_*`` environment says, or to ``address`` (host:port)."""
        return cls(await connection.connect(address))

    async def send(self, notification: Notification) -> Receipt:
        """Hands a notification over; returns once Temporal has recorded it.

        The target is never waited for. Sending the same notification again changes nothing;
        after an error it is therefore safe to send it again. Raises
        ``NotificationConflictError`` where the id belongs to other content.
        """
        return await sending.send(self._temporal, notification)

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
        return await intervening.intervene(self._temporal, notification_id, resend or Resend())

    async def abandon(
        self, notification_id: str, abandon: Abandon | None = None
    ) -> NotificationState:
        """Gives a notification up, before, between or after its attempts.

        Raises as ``resend`` does.
        """
        return await intervening.intervene(self._temporal, notification_id, abandon or Abandon())

    async def list(
        self,
        *,
        status: Status | None = None,
        target: str | None = None,
        type: str | None = None,  # noqa: A002 -- the contract's name
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> AsyncIterator[NotificationSummary]:
        """The notifications of a filter, as far as Temporal still keeps them.

        ``target`` is a host (any port), ``host:port`` or a URL; ``since`` (included) and
        ``until`` (excluded) bound the time at which a notification was accepted.
        """
        query = visibility.query(status=status, target=target, type=type, since=since, until=until)
        executions = self._temporal.list_workflows(query)
        while True:
            async with connection.request(self._temporal, f"list {query}"):
                execution = await anext(executions, None)
            if execution is None:
                return
            yield await visibility.summary(execution)

    async def count(
        self,
        *,
        status: Status | None = None,
        target: str | None = None,
        type: str | None = None,  # noqa: A002 -- the contract's name
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> int:
        """How many notifications ``list`` would give."""
        query = visibility.query(status=status, target=target, type=type, since=since, until=until)
        async with connection.request(self._temporal, f"count {query}"):
            return (await self._temporal.count_workflows(query)).count
