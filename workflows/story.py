"""The story of one notification: what it is now, and everything that has happened to it; pure.

The workflow tells it what happens, and when; the time is always an argument.
"""

from collections.abc import Callable, Iterable, Sequence
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
    """A notification, corrections included, with its state and what people want of it.

    Everything that it knows is in ``carried``, so the next run of the workflow loses nothing.
    """

    def __init__(self, carried: Continuation) -> None:
        self.carried = carried

    @classmethod
    def begun(cls, notification: Notification, *, accepted_at: datetime, now: datetime) -> "Story":
        """The story of a notification that was just accepted."""
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
        return self.carried.notification

    @property
    def state(self) -> NotificationState:
        """The state of the notification."""
        return self.carried.state

    @property
    def is_interrupted(self) -> bool:
        """Whether somebody wants the running round to end."""
        return self._wishes.resend or self._wishes.abandonment is not None

    # Rounds and attempts.

    def become_due(self) -> None:
        """Its ``not_before`` has come."""
        self._change(status=Status.DELIVERING)

    def take_resend(self) -> timedelta:
        """Takes up the wish for a round; that round begins at a random moment within the result."""
        spread = self._wishes.spread
        self._wish(resend=False, spread=timedelta(0))
        return spread

    def begin_round(self) -> Round:
        """The round that begins now."""
        attempts_before = self.state.attempt_count
        self._change(round=self.state.round + 1, next_attempt_at=None)
        return Round(
            notification=self.notification,
            number=self.state.round,
            attempts_before=attempts_before,
        )

    def wait_until(self, moment: datetime) -> None:
        """The next attempt of its round is due at ``moment``, and nothing runs until then."""
        self._change(next_attempt_at=moment)

    def resume_round(self, round_: Round) -> Round:
        """The rest of a round, for another activity to go on with."""
        self._change(next_attempt_at=None)
        made = self.state.attempt_count - round_.attempts_before
        return round_.model_copy(update={"attempts_made": made})

    def record(self, attempts: Iterable[Attempt]) -> None:
        """Attempts were made; those that are known already do not count twice."""
        self._keep(self.state.with_attempts(attempts))

    # Ends of rounds, and of the notification.

    def get_stuck(self, reason: WaitReason, explanation: str, now: datetime) -> None:
        """It cannot go on without a person."""
        self._change(
            status=Status.AWAITING_INTERVENTION,
            reason=reason,
            explanation=explanation,
            awaiting_since=now,
            intervention_deadline=now + self.notification.intervention_timeout,
        )
        self._wish(report=True)

    def deliver(self, round_: Round, log: Sequence[Attempt], now: datetime) -> None:
        """The target of ``round_`` has acknowledged it, whatever was corrected meanwhile."""
        self.record(log)
        self._become(round_.notification)
        self.end(Status.DELIVERED, log[-1].explanation, now)

    def give_up(self, explanation: str, now: datetime) -> None:
        """Somebody wants it to end; a running round is halted first."""
        if self.state.status is Status.DELIVERING:
            self._wish(abandonment=explanation)
            self._change(explanation=f"{explanation}; it ends once no attempt is in flight")
        elif not self.state.status.is_final:
            self.end(Status.ABANDONED, explanation, now)

    def end_if_given_up(self, now: datetime) -> None:
        """Ends it if somebody wants that; no round is running now."""
        if self._wishes.abandonment is not None and not self.state.status.is_final:
            self.end(Status.ABANDONED, self._wishes.abandonment, now)

    def end(self, status: Status, explanation: str, now: datetime) -> None:
        """It is delivered or abandoned."""
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

    def take_report(self, now: datetime, random: Callable[[], float]) -> Notification | None:
        """The report that is due, once; ``None`` if there is none.

        A delivery is only news if somebody had to intervene. A notification that was abandoned
        with many others is reported at a random moment, so that the reports come as a stream.
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
            not_before=now + spread * random() if spread else None,
        )

    def record_report(self, sent: Notification, problem: str | None, now: datetime) -> None:
        """A report was sent, or could not be."""
        self._keep(
            self.state.with_report(Report(id=sent.id, type=sent.type, at=now, problem=problem))
        )

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
        """A person resends or abandons it.

        Raises ``InterventionRefusedError`` if that makes no sense now.
        """
        before, after = self.notification, self.check(action, now)
        self._become(after)
        self._keep(
            self.state.with_intervention(
                Intervention(
                    action="abandon" if isinstance(action, Abandon) else "resend",
                    at=now,
                    operator=action.operator,
                    reason=action.reason,
                    changes=changes(before, after),
                )
            )
        )
        self._wish(spread=action.spread)
        if isinstance(action, Abandon):
            self.give_up(action.summary, now)
        else:
            self._wish(resend=True)
            self._change(
                status=Status.DELIVERING,
                reason=None,
                explanation="",
                next_attempt_at=None,
                awaiting_since=None,
                intervention_deadline=None,
            )

    def refuse(self, signal: str, problem: str, now: datetime) -> None:
        """A signal made no sense, and changes nothing."""
        refusal = RefusedIntervention(signal=signal[:100], at=now, problem=problem)
        self._keep(self.state.with_refusal(refusal))

    # The only places where what it knows changes.

    @property
    def _wishes(self) -> Wishes:
        return self.carried.wishes

    def _wish(self, **fields: object) -> None:
        wishes = self._wishes.model_copy(update=fields)
        self.carried = self.carried.model_copy(update={"wishes": wishes})

    def _change(self, **fields: object) -> None:
        self._keep(self.state.model_copy(update=fields))

    def _become(self, notification: Notification) -> None:
        """Takes a corrected notification; its state shows the same target and expiry."""
        self.carried = self.carried.model_copy(update={"notification": notification})
        self._change(target=notification.target, expires_at=notification.expires_at)

    def _keep(self, state: NotificationState) -> None:
        self.carried = self.carried.model_copy(update={"state": state})
