"""All that a workflow knows of its notification, and hands on to its next run; pure."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tidings.continuation import Continuation, Wishes
from tidings.notification import Notification
from tidings.state import (
    Attempt,
    Intervention,
    NotificationState,
    RefusedIntervention,
    Report,
)


class Memory:
    """A notification, corrections included, with its state and the wishes of people.

    Everything is in ``continuation``, so continue-as-new loses nothing.
    """

    def __init__(self, continuation: Continuation) -> None:
        self.continuation = continuation

    @property
    def notification(self) -> Notification:
        """The notification, corrections included."""
        return self.continuation.notification

    @property
    def state(self) -> NotificationState:
        """The state of the notification."""
        return self.continuation.state

    @property
    def result(self) -> dict[str, Any]:
        """The result of the workflow: the state as JSON.

        A later run, which sends the notification again, needs it as corrected. So it is added if
        there may have been corrections.
        """
        document = self.state.to_json()
        if self.state.interventions:
            document["notification"] = self.notification.to_json()
        return document

    @property
    def is_interrupted(self) -> bool:
        """True if somebody wants the running round to end."""
        return self._wishes.resend or self.is_given_up

    @property
    def is_given_up(self) -> bool:
        """True if somebody wants it to end as soon as no attempt is in flight."""
        return self._wishes.abandonment is not None

    @property
    def is_corrected(self) -> bool:
        """True if the running round has to take up a correction."""
        return self._wishes.correction

    # Records.

    def record(self, attempts: Iterable[Attempt]) -> None:
        """Records attempts; one that is recorded already does not count twice."""
        self._set_state(self.state.with_attempts(attempts))

    def record_intervention(self, intervention: Intervention) -> None:
        """Records an act of a person."""
        self._set_state(self.state.with_intervention(intervention))

    def replace(self, notification: Notification) -> None:
        """Replaces the notification; its state shows the same target and expiry."""
        self._continue(notification=notification)
        self._change(target=notification.target, expires_at=notification.expires_at)

    def refuse(self, signal: str, problem: str, now: datetime) -> None:
        """Records a signal that made no sense, and changes nothing else."""
        refusal = RefusedIntervention(signal=signal[:100], at=now, problem=problem)
        self._set_state(self.state.with_refusal(refusal))

    def record_report(self, sent: Notification, problem: str | None, now: datetime) -> None:
        """Records that a report was sent, or the ``problem`` because of which it was not."""
        record = Report(id=sent.id, type=sent.type, at=now, problem=problem)
        self._set_state(self.state.with_report(record))

    def forget_earlier_run(self) -> None:
        """Records that the ended run is deleted, or must be left."""
        self._continue(earlier_run=None)

    # Only these methods change the continuation.

    @property
    def _wishes(self) -> Wishes:
        return self.continuation.wishes

    def _wish(self, **fields: object) -> None:
        self._continue(wishes=self._wishes.model_copy(update=fields))

    def _change(self, **fields: object) -> None:
        self._set_state(self.state.model_copy(update=fields))

    def _set_state(self, state: NotificationState) -> None:
        self._continue(state=state)

    def _continue(self, **fields: object) -> None:
        self.continuation = self.continuation.model_copy(update=fields)
