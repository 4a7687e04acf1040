"""``NotificationClient``: the one object that business code and operators need."""

from collections.abc import AsyncIterator, Callable, Iterable
from datetime import timedelta
from typing import Self, Unpack

from tidings.batch import Batch
from tidings.filter import Filter, FilterFields
from tidings.intervention import Abandon, Resend
from tidings.notification import Notification
from tidings.receipt import Receipt, SendResult
from tidings.state import NotificationState
from tidings.summary import NotificationSummary, Page
from tidings.temporal import bulk, connect, find, intervene, read, send
from tidings.temporal.bulk import DEFAULT_RATE
from tidings.temporal.connect import Client
from tidings.temporal.send import Sendable


class NotificationClient:
    """Sends notifications, shows where they stand, and resolves those that got stuck.

    Every method raises ``TemporalUnavailableError`` within 10 s if Temporal does not answer, and
    ``NotificationNotFoundError`` for an id that nobody has sent.
    """

    def __init__(self, temporal: Client) -> None:
        """Uses a ``temporalio`` client that you have, with its own converter and codec."""
        self._temporal = temporal

    @classmethod
    async def connect(cls, address: str | None = None) -> Self:
        """Connects as the ``TEMPORAL_*`` environment says, or to ``address`` (host:port).

        Raises ``InvalidInputError`` for settings that cannot be meant, and
        ``TemporalRequestError`` if the server refuses this client.
        """
        return cls(await connect.connect(address))

    async def send(self, notification: Notification) -> Receipt:
        """Hands a notification over; returns once Temporal has recorded it.

        It never waits for the target. Sending the same notification again changes nothing, so
        after an error it is safe to send again. Raises ``NotificationConflictError`` if the id
        belongs to other content, and ``InvalidInputError`` for what must not be sent, for example
        a header that looks like a credential.
        """
        return await send.send(self._temporal, Notification.model_validate(notification))

    async def send_many(
        self,
        notifications: Iterable[Sendable],
        *,
        concurrency: int = 20,
        progress: Callable[[SendResult], None] | None = None,
    ) -> list[SendResult]:
        """Sends many, at most ``concurrency`` at once; the results are in the order of the input.

        An item may also be the JSON object of a notification, or the error of reading one, which
        then is its result. A refused item stops no other. Once Temporal is unreachable, the rest
        is not tried: each item gets that error at once. ``progress`` is called with each result as
        it comes.
        """
        return await send.send_many(
            self._temporal, notifications, concurrency=concurrency, progress=progress
        )

    async def state(self, notification_id: str) -> NotificationState:
        """The state of a notification, with every attempt so far, ended or not.

        Without a running worker it is what the Temporal server knows, with ``complete`` false.
        Raises ``NotificationRejectedError`` if the id was started with malformed input.
        """
        return await read.state(self._temporal, notification_id)

    async def outcome(self, notification_id: str) -> NotificationState:
        """Waits until a notification has ended, however long that takes; its final state.

        Raises as ``state`` does.
        """
        return await read.outcome(self._temporal, notification_id)

    async def resend(self, notification_id: str, resend: Resend | None = None) -> NotificationState:
        """Begins a new round, with the corrections of ``resend``; now, if one is running.

        The state in the answer has the intervention recorded; an attempt in flight is still
        waited for. Raises ``InterventionRefusedError`` if it makes no sense, and
        ``WorkerUnavailableError`` if no worker answers: it may then still take effect.
        """
        checked = Resend.model_validate(resend or Resend())
        return await intervene.intervene(self._temporal, notification_id, checked)

    async def abandon(
        self, notification_id: str, abandon: Abandon | None = None
    ) -> NotificationState:
        """Gives a notification up, before, between or after its attempts.

        Raises as ``resend`` does.
        """
        checked = Abandon.model_validate(abandon or Abandon())
        return await intervene.intervene(self._temporal, notification_id, checked)

    async def resend_all(
        self,
        resend: Resend | None = None,
        filter: Filter | None = None,  # noqa: A002 -- the word of the field
        *,
        everything: bool = False,
        rate: float = DEFAULT_RATE,
        **fields: Unpack[FilterFields],
    ) -> Batch | None:
        """Resends every stuck notification that passes the filter (see ``list``).

        Temporal does it, and goes on without this process: ``batch`` shows how far it is. Without
        a filter, ``everything`` has to be True. ``rate`` is the number of rounds that begin in a
        second, on average: each notification waits for a random moment of the time that all may
        take. Returns ``None``, and starts nothing, if nothing is found. Each notification
        validates its own correction, and records a refusal. Raises ``InvalidInputError`` for a
        wrong filter, ``TemporalRequestError`` for a ``where`` that Temporal refuses, and
        ``BatchLimitError`` if another batch is running.
        """
        return await bulk.start(
            self._temporal,
            Resend.model_validate(resend or Resend()),
            Filter.of(filter, fields),
            everything=everything,
            rate=rate,
        )

    async def abandon_all(
        self,
        abandon: Abandon | None = None,
        filter: Filter | None = None,  # noqa: A002 -- the word of the field
        *,
        everything: bool = False,
        rate: float = DEFAULT_RATE,
        **fields: Unpack[FilterFields],
    ) -> Batch | None:
        """Abandons every stuck notification that passes the filter.

        Works and raises as ``resend_all`` does.
        """
        return await bulk.start(
            self._temporal,
            Abandon.model_validate(abandon or Abandon()),
            Filter.of(filter, fields),
            everything=everything,
            rate=rate,
        )

    async def batch(self, batch_id: str) -> Batch:
        """The progress of a ``resend_all`` or ``abandon_all``.

        Raises ``BatchNotFoundError`` for an id that is not known (any more).
        """
        return await bulk.describe(self._temporal, batch_id)

    def batches(self) -> AsyncIterator[Batch]:
        """Every batch that Temporal still keeps, the newest first."""
        return bulk.listed(self._temporal)

    async def stop_batch(self, batch_id: str) -> Batch:
        """Stops a batch; a signal that was sent before stays sent. An ended one stays as it is.

        Raises as ``batch`` does.
        """
        return await bulk.stop(self._temporal, batch_id)

    def list(
        self,
        filter: Filter | None = None,  # noqa: A002 -- the word of the field
        **fields: Unpack[FilterFields],
    ) -> AsyncIterator[NotificationSummary]:
        """The notifications of a filter, as far as Temporal still keeps them.

        The filter is a ``Filter``, or its fields as keyword arguments. Each notification comes
        once, as it was when it was read, in the order of ``page``. Raises ``InvalidInputError``
        for a wrong filter.
        """
        return find.listed(self._temporal, Filter.of(filter, fields))

    async def page(
        self,
        filter: Filter | None = None,  # noqa: A002 -- the word of the field
        *,
        cursor: str | None = None,
        size: int = 100,
        **fields: Unpack[FilterFields],
    ) -> Page:
        """One page of what ``list`` gives, and the cursor of the next one.

        Open notifications come first, the newest at the top; then the ended ones, the last to end
        at the top. ``size`` is 1 to 1,000. A notification that ends between two pages may come
        again among the ended; one that is accepted meanwhile may or may not come. One that ended
        longer ago than ``retention`` does not come at all. Raises ``InvalidInputError`` if the
        cursor does not belong to this filter.
        """
        return await find.page(self._temporal, Filter.of(filter, fields), cursor=cursor, size=size)

    async def count(
        self,
        filter: Filter | None = None,  # noqa: A002 -- the word of the field
        **fields: Unpack[FilterFields],
    ) -> int:
        """The number of notifications that ``list`` would give."""
        return await find.count(self._temporal, Filter.of(filter, fields))

    async def retention(self) -> timedelta:
        """How long Temporal keeps a notification after its end (its namespace's retention).

        After that it can be neither listed nor read, and its id is free again.
        """
        return await find.retention(self._temporal)
