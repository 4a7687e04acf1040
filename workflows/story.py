"""The story of one notification: its present state, and everything that happened to it; pure.

The workflow calls a method for each thing that happens. The time is always an argument.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from tidings.continuation import Continuation, Wishes
from tidings.errors import InterventionRefusedError
from tidings.intervention import Abandon, Resend, changes, check
from tidings.notification import Notification
from tidings.report import report
from tidings.round import Round
from tidings.state import (
    Attempt,
    Intervention,
    NotificationState,
    RefusedIntervention,
    Report,
    Status,
    WaitReason,
)


class Story:
    """A notification, corrections included, with its state and the wishes of people.

    Everything that it knows is in ``continuation``, so continue-as-new loses nothing.
    """

    def __init__(self, continuation: Continuation) -> None:
        self.continuation = continuation

    @classmethod
    def begun(cls, notification: Notification, *, accepted_at: datetime, now: datetime) -> "Story":
        """The story of a notification at the first task of its workflow."""
        status = notification.first_status(now)
        state = NotificationState(
            id=notification.id,
            type=notification.type,
            target=notification.target,
            status=status,
            next_attempt_at=notification.not_before if status is Status.SCHEDULED else None,
            expires_at=notification.expires_at,
            accepted_at=accepted_at,
        )
        return cls(Continuation(notification=notification, state=state))

    @property
    def notification(self) -> Notification:
        """The notification, corrections included."""
        return self.continuation.notification

    @property
    def state(self) -> NotificationState:
        """The state of the notification."""
        return self.continuation.state

    @property
    def is_interrupted(self) -> bool:
        """True if somebody wants the running round to end."""
        return self._wishes.resend or self._wishes.abandonment is not None

    # Rounds and attempts.

    def become_due(self) -> None:
        """Ends the wait for ``not_before``, which has come."""
        self._change(status=Status.DELIVERING)

    def take_resend(self) -> timedelta:
        """Takes up the wish for a new round, if there is one.

        The round has to begin at a random moment within the result, counted from now.
        """
        spread = self._wishes.spread
        self._wish(resend=False, spread=timedelta(0))
        return spread

    def begin_round(self) -> Round:
        """Begins the next round."""
        attempts_before = self.state.attempt_count
        self._change(round=self.state.round + 1, next_attempt_at=None)
        return Round(
            notification=self.notification,
            number=self.state.round,
            attempts_before=attempts_before,
        )

    def wait_until(self, moment: datetime) -> None:
        """Records that no activity runs before ``moment``, when the next attempt is due."""
        self._change(next_attempt_at=moment)

    def resume_round(self, round_: Round) -> Round:
        """Resumes a round; the result is the rest of it, for another activity."""
        self._change(next_attempt_at=None)
        made = self.state.attempt_count - round_.attempts_before
        return round_.model_copy(update={"attempts_made": made})

    def record(self, attempts: Iterable[Attempt]) -> None:
        """Records attempts; one that is recorded already does not count twice."""
        self._set_state(self.state.with_attempts(attempts))

    # Ends of rounds, and of the notification.

    def get_stuck(self, reason: WaitReason, explanation: str, now: datetime) -> None:
        """Makes the notification wait for a person, and requests a report on that."""
        self._change(
            status=Status.AWAITING_INTERVENTION,
            reason=reason,
            explanation=explanation,
            awaiting_since=now,
            intervention_deadline=now + self.notification.intervention_timeout,
        )
        self._wish(report=True)

    def deliver(self, round_: Round, log: Sequence[Attempt], now: datetime) -> None:
        """Ends it as delivered: the target of ``round_`` has acknowledged it.

        A correction that came during the round is dropped, because it was never sent.
        """
        self.record(log)
        self._replace(round_.notification)
        self.end(Status.DELIVERED, log[-1].explanation, now)

    def give_up(self, explanation: str, now: datetime) -> None:
        """Ends it as abandoned; a round that may be running is halted first."""
        if self.state.status is Status.DELIVERING:
            self._wish(abandonment=explanation)
            self._change(explanation=f"{explanation}; it ends once no attempt is in flight")
        elif not self.state.status.is_final:
            self.end(Status.ABANDONED, explanation, now)

    def end_if_given_up(self, now: datetime) -> None:
        """Ends it as abandoned if somebody wants that; no round may be running."""
        if self._wishes.abandonment is not None and not self.state.status.is_final:
            self.end(Status.ABANDONED, self._wishes.abandonment, now)

    def end(self, status: Status, explanation: str, now: datetime) -> None:
        """Ends it as delivered or abandoned, and requests a report on that."""
        self._change(
            status=status,
            reason=None,
            explanation=explanation,
            next_attempt_at=None,
            awaiting_since=None,
            intervention_deadline=None,
            closed_at=now,
        )
        self._wish(report=True)

    # Reports to the business system.

    def take_report(self, now: datetime, random: float) -> Notification | None:
        """Takes up the wish for a report; ``None`` if no report is due.

        ``random`` is in [0, 1). A delivery is only reported if somebody had to intervene. If many
        notifications are abandoned at once, each report waits a random time within their spread.
        """
        notification = self.notification
        if not self._wishes.report or notification.report_to is None:
            return None
        self._wish(report=False)
        if self.state.status is Status.DELIVERED and not self.state.interventions:
            return None
        spread = timedelta(0)
        if self.state.status is Status.ABANDONED:
            spread = self._wishes.spread
            self._wish(spread=timedelta(0))
        return report(
            self.state,
            notification.report_to,
            notification.report_signing_key,
            now=now,
            not_before=now + spread * random if spread else None,
        )

    def record_report(self, sent: Notification, problem: str | None, now: datetime) -> None:
        """Records that a report was sent, or the ``problem`` because of which it was not."""
        record = Report(id=sent.id, type=sent.type, at=now, problem=problem)
        self._set_state(self.state.with_report(record))

    # Interventions.

    def check(self, action: Resend | Abandon, now: datetime) -> Notification:
        """The notification as ``action`` would leave it.

        Raises ``InterventionRefusedError`` if that makes no sense now.
        """
        if self._wishes.abandonment is not None:
            raise InterventionRefusedError(
                f"notification {self.state.id!r} is being abandoned already: "
                "it ends when the attempt in flight has ended"
            )
        return check(action, self.notification, self.state, now)

    def intervene(self, action: Resend | Abandon, now: datetime) -> None:
        """Records an intervention, and resends or abandons the notification.

        Raises ``InterventionRefusedError`` if that makes no sense now.
        """
        before, after = self.notification, self.check(action, now)
        self._replace(after)
        record = Intervention(
            action="abandon" if isinstance(action, Abandon) else "resend",
            at=now,
            operator=action.operator,
            reason=action.reason,
            changes=changes(before, after),
        )
        self._set_state(self.state.with_intervention(record))
        self._wish(spread=action.spread)
        if isinstance(action, Abandon):
            self.give_up(action.summary, now)
        else:
            self._wish(resend=True, report=False)  # the status before it needs no report any more
            self._change(
                status=Status.DELIVERING,
                reason=None,
                explanation="",
                next_attempt_at=None,
                awaiting_since=None,
                intervention_deadline=None,
            )

    def refuse(self, signal: str, problem: str, now: datetime) -> None:
        """Records a signal that made no sense, and changes nothing else."""
        refusal = RefusedIntervention(signal=signal[:100], at=now, problem=problem)
        self._set_state(self.state.with_refusal(refusal))

    # Only these methods change the continuation.

    @property
    def _wishes(self) -> Wishes:
        return self.continuation.wishes

    def _wish(self, **fields: object) -> None:
        wishes = self._wishes.model_copy(update=fields)
        self.continuation = self.continuation.model_copy(update={"wishes": wishes})

    def _change(self, **fields: object) -> None:
        self._set_state(self.state.model_copy(update=fields))

    def _replace(self, notification: Notification) -> None:
        """Replaces the notification; its state shows the same target and expiry."""
        self.continuation = self.continuation.model_copy(update={"notification": notification})
        self._change(target=notification.target, expires_at=notification.expires_at)

    def _set_state(self, state: NotificationState) -> None:
        self.continuation = self.continuation.model_copy(update={"state": state})
