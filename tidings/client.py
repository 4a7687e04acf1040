"""``NotificationClient``: the object that business code and operators work with."""

from collections.abc import AsyncIterator, Callable, Iterable
from datetime import timedelta
from typing import Self, Unpack

from tidings.filter import Filter, FilterFields
from tidings.intervention import Abandon, Action, Correct, Resend, SentNotification
from tidings.notification import Notification
from tidings.results import Batch, NotificationSummary, Page, Receipt, SendResult
from tidings.state import NotificationState
from tidings.temporal import bulk, connect, find, intervene, read, send, sent
from tidings.temporal.bulk import DEFAULT_RATE
from tidings.temporal.connect import Client
from tidings.temporal.send import Sendable


class NotificationClient:
    """Sends notifications, reads their state, and resolves those that got stuck.

    Every method raises ``TemporalUnavailableError`` within 10 s if Temporal does not answer, and
    ``TemporalRequestError`` if Temporal refuses the request or its answer cannot be read. A method
    that takes an id raises ``NotificationNotFoundError`` if nobody has sent it. The id may have
    ``notification:`` in front, as in the Web UI.
    """

    def __init__(self, temporal: Client) -> None:
        """Uses an existing ``temporalio`` client, with its own converter and codec."""
        self._temporal = temporal

    @classmethod
    async def connect(cls, address: str | None = None) -> Self:
        """Connects with the ``TEMPORAL_*`` settings of the environment.

        ``address`` (host:port) replaces that of the settings. Raises ``InvalidInputError`` for
        unusable settings, and ``TemporalRequestError`` if the server refuses this client.
        """
        return cls(await connect.connect(address))

    async def send(self, notification: Notification) -> Receipt:
        """Hands a notification over, and returns when Temporal has recorded it.

        It never waits for the target. Sending the same notification again changes nothing, so it
        is safe to repeat it after an error. Raises ``NotificationConflictError`` if the id belongs
        to other content, and ``InvalidInputError`` if the notification must not be sent, for
        example because a header looks like a credential.
        """
        return await send.send(self._temporal, Notification.model_validate(notification))

    async def send_many(
        self,
        notifications: Iterable[Sendable],
        *,
        concurrency: int = 20,
        progress: Callable[[SendResult], None] | None = None,
    ) -> list[SendResult]:
        """Sends many, at most ``concurrency`` at once. The results have the order of the input.

        An item may also be the JSON object of a notification, or the error of reading one, which
        is then its result. A refused item does not stop the others. If Temporal is unreachable,
        each remaining item gets that error at once. ``progress`` is called with each result when
        it is there.
        """
        return await send.send_many(
            self._temporal, notifications, concurrency=concurrency, progress=progress
        )

    async def state(self, notification_id: str) -> NotificationState:
        """The state of a notification, with its attempts so far.

        If no worker answers, it is what the Temporal server knows, with ``complete`` false.
        Raises ``NotificationRejectedError`` if the id was started with malformed input.
        """
        return await read.state(self._temporal, notification_id)

    async def sent(self, notification_id: str) -> SentNotification:
        """What a notification says now and what it said when it was sent, with headers masked.

        Raises the errors of ``state``.
        """
        return await sent.sent(self._temporal, notification_id)

    async def outcome(self, notification_id: str) -> NotificationState:
        """The final state of a notification. Waits for its end, however long that takes.

        Raises the errors of ``state``.
        """
        return await read.outcome(self._temporal, notification_id)

    async def resend(self, notification_id: str, resend: Resend | None = None) -> NotificationState:
        """Begins a new round with the corrections of ``resend``, at once even if one is running.

        The answer is the state with the intervention recorded. An attempt in flight ends first.
        With ``even_if_delivered`` or ``even_if_abandoned`` it also sends again what has ended,
        under the same id, as long as Temporal keeps it. Raises ``InterventionRefusedError`` if the
        resend does not make sense now, ``InvalidInputError`` if it must not be sent, and
        ``WorkerUnavailableError`` if no worker answers. In the last case it may still take effect
        later.
        """
        action = Resend.model_validate(resend or Resend())
        return await intervene.intervene(self._temporal, notification_id, action)

    async def correct(self, notification_id: str, correct: Correct) -> NotificationState:
        """Corrects an open notification, and sends nothing by that.

        A scheduled one keeps its time, a running one makes its next attempt as corrected, and a
        stuck one stays stuck. Raises the errors of ``resend``.
        """
        action = Correct.model_validate(correct)
        return await intervene.intervene(self._temporal, notification_id, action)

    async def abandon(
        self, notification_id: str, abandon: Abandon | None = None
    ) -> NotificationState:
        """Gives a notification up, before, between or after its attempts.

        Raises the errors of ``resend``.
        """
        action = Abandon.model_validate(abandon or Abandon())
        return await intervene.intervene(self._temporal, notification_id, action)

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

        A status in the filter means other open ones. With ``even_if_delivered`` or
        ``even_if_abandoned`` those that have ended so are resent. The service does it, at ``rate``
        notifications a second, and goes on without this process: ``batch`` shows how far it is.
        Without a filter, ``everything`` has to be True. Returns ``None``, and starts
        nothing, if nothing is found. A notification that no longer passes the filter when its turn
        comes stays as it is, and counts as refused. Raises ``InvalidInputError`` for a wrong
        filter, and ``TemporalRequestError`` for a ``where`` that Temporal refuses.
        """
        action, filter_ = Resend.model_validate(resend or Resend()), Filter.of(filter, fields)
        return await self.act_on_all(action, filter_, everything=everything, rate=rate)

    async def correct_all(
        self,
        correct: Correct,
        filter: Filter | None = None,  # noqa: A002 -- the word of the field
        *,
        everything: bool = False,
        rate: float = DEFAULT_RATE,
        **fields: Unpack[FilterFields],
    ) -> Batch | None:
        """Corrects every open notification that passes the filter, and sends nothing by that.

        Works as ``resend_all`` does, and raises its errors.
        """
        action, filter_ = Correct.model_validate(correct), Filter.of(filter, fields)
        return await self.act_on_all(action, filter_, everything=everything, rate=rate)

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

        A filter with a status abandons open notifications of that status. Works as ``resend_all``
        does, and raises its errors.
        """
        action, filter_ = Abandon.model_validate(abandon or Abandon()), Filter.of(filter, fields)
        return await self.act_on_all(action, filter_, everything=everything, rate=rate)

    async def act_on_all(
        self, action: Action, filter_: Filter, *, everything: bool, rate: float
    ) -> Batch | None:
        """Does ``action`` to every notification that passes the filter.

        Works as ``resend_all`` does, and raises its errors.
        """
        return await bulk.start(self._temporal, action, filter_, everything=everything, rate=rate)

    async def batch(self, batch_id: str) -> Batch:
        """The progress of a batch. Raises ``BatchNotFoundError`` if Temporal does not have it."""
        return await bulk.describe(self._temporal, batch_id)

    def batches(self) -> AsyncIterator[Batch]:
        """Each batch that Temporal still keeps, the newest first."""
        return bulk.listed(self._temporal)

    async def stop_batch(self, batch_id: str) -> Batch:
        """Stops a batch between two notifications. What it has done before stays.

        Waits up to 7 s for that; the answer may show a batch that is still running. Raises the
        errors of ``batch``.
        """
        return await bulk.stop(self._temporal, batch_id)

    def list(
        self,
        filter: Filter | None = None,  # noqa: A002 -- the word of the field
        **fields: Unpack[FilterFields],
    ) -> AsyncIterator[NotificationSummary]:
        """The notifications of a filter that Temporal still keeps.

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
        """One page of a list, and the cursor of the next page.

        Open notifications come first, the newest at the top. The ended ones follow, the last to
        end at the top. ``size`` is 1 to 1,000. Temporal's lists know neither the path of a target
        nor a reason. With such a filter a page may hold fewer than ``size``, even none, and still
        have a cursor. A notification that ends between two pages may come again among the ended.
        One that is accepted meanwhile may or may not come. One that ended longer ago than
        ``retention`` does not come. Raises ``InvalidInputError`` if the cursor does not belong to
        this filter.
        """
        return await find.page(self._temporal, Filter.of(filter, fields), cursor=cursor, size=size)

    async def count(
        self,
        filter: Filter | None = None,  # noqa: A002 -- the word of the field
        **fields: Unpack[FilterFields],
    ) -> int:
        """The number of notifications of a filter. With a path or a reason it reads the list."""
        return await find.count(self._temporal, Filter.of(filter, fields))

    async def retention(self) -> timedelta:
        """The time that Temporal keeps a notification after its end: the namespace's retention.

        After that it can be neither listed nor read, and its id is free again.
        """
        return await find.retention(self._temporal)
