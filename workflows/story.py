"""The story of one notification: what it is now, and all that has happened to it; pure.

The workflow tells it what happens, and when; time is always an argument.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from tidings.delivery import Round
from tidings.errors import InterventionRefusedError
from tidings.intervention import Abandon, Resend, changes, check
from tidings.notification import Notification
from tidings.report import report
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
    """A notification, corrections included, with its state; and what people want of it."""

    def __init__(
        self,
        notification: Notification,
        carried: NotificationState | None,
        *,
        accepted_at: datetime,
        now: datetime,
    ) -> None:
        """``carried`` is the state to go on from, where another run of the workflow began it."""
        not_before = notification.not_before
        scheduled = not_before is not None and not_before > now
        self.notification = notification
        self.state = carried or NotificationState(
            id=notification.id,
            type=notification.type,
            target=notification.target,
            status=Status.SCHEDULED if scheduled else Status.DELIVERING,
            next_attempt_at=not_before if scheduled else None,
            expires_at=notification.expires_at,
            accepted_at=accepted_at,
        )
        self._resend_requested = False
        self._abandonment: str | None = None
        self._is_untold = False
        self._spread = timedelta(0)

    @property
    def is_interrupted(self) -> bool:
        """Whether somebody wants the round that is running to end."""
        return self._resend_requested or self._abandonment is not None

    def report_due(self, now: datetime, random: Callable[[], float]) -> Notification | None:
        """What the business system has to be told, once; ``None`` where there is nothing.

        That it was delivered is news only where somebody had to intervene. What is abandoned
        with many is told at a random moment, so that many reports become a stream.
        """
        notification = self.notification
        if not self._is_untold or notification.report_to is None:
            return None
        self._is_untold = False
        if self.state.status is Status.DELIVERED and not self.state.interventions:
            return None
        told = report(self.state, notification.report_to, notification.report_signing_key, now)
        spread = self._take_spread() if self.state.status is Status.ABANDONED else timedelta(0)
        return told.model_copy(update={"not_before": now + spread * random()}) if spread else told

    def become_due(self) -> None:
        """Its ``not_before`` has come."""
        self._change(status=Status.DELIVERING)

    def take_resend(self) -> timedelta:
        """Within what time the round that was asked for has to begin, at random."""
        self._resend_requested = False
        return self._take_spread()

    def begin_round(self) -> Round:
        """What the round that begins now has to deliver."""
        attempts_before = self.state.attempt_count
        self._change(round=self.state.round + 1, next_attempt_at=None)
        return Round(
            notification=self.notification,
            number=self.state.round,
            attempts_before=attempts_before,
        )

    def wait_until(self, moment: datetime) -> None:
        """The next attempt of its round is due then, and nothing runs until that."""
        self._change(next_attempt_at=moment)

    def resume_round(self, round_: Round) -> Round:
        """What is left of a round, for another activity to go on with."""
        self._change(next_attempt_at=None)
        made = self.state.attempt_count - round_.attempts_before
        return round_.model_copy(update={"attempts_made": made})

    def record(self, attempts: Iterable[Attempt]) -> None:
        """Attempts have been made; those that are known already do not count twice."""
        self.state = self.state.with_attempts(attempts)

    def record_report(self, told: Notification, problem: str | None, now: datetime) -> None:
        """The business system was told something, or could not be."""
        self.state = self.state.with_report(
            Report(id=told.id, type=told.type, at=now, problem=problem)
        )

    def get_stuck(self, reason: WaitReason, explanation: str, now: datetime) -> None:
        """It cannot go on without a person."""
        self._change(
            status=Status.AWAITING_INTERVENTION,
            reason=reason,
            explanation=explanation,
            awaiting_since=now,
            intervention_deadline=now + self.notification.intervention_timeout,
        )
        self._is_untold = True

    def deliver(self, round_: Round, log: Sequence[Attempt], now: datetime) -> None:
        """The target of a round has acknowledged it, whatever was corrected meanwhile."""
        self.record(log)
        self.notification = round_.notification
        self._change(target=round_.notification.target, expires_at=round_.notification.expires_at)
        self.end(Status.DELIVERED, log[-1].explanation, now)

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
        self._is_untold = True

    def check(self, action: Resend | Abandon, now: datetime) -> Notification:
        """The notification as ``action`` would leave it.

        Raises ``InterventionRefusedError`` where that makes no sense now.
        """
        if self._abandonment is not None:
            raise InterventionRefusedError(
                f"notification {self.state.id!r} is being abandoned already: "
                "it ends when the attempt in flight has ended"
            )
        return check(action, self.notification, self.state, now)

    def intervene(self, action: Resend | Abandon, now: datetime) -> None:
        """A person resends or abandons it.

        Raises ``InterventionRefusedError`` where that makes no sense now.
        """
        before = self.notification
        self.notification = self.check(action, now)
        self.state = self.state.with_intervention(
            Intervention(
                action="abandon" if isinstance(action, Abandon) else "resend",
                at=now,
                operator=action.operator,
                reason=action.reason,
                changes=changes(before, self.notification),
            )
        )
        self._spread = action.spread
        if isinstance(action, Abandon):
            self.give_up(action.summary, now)
        else:
            self._resend_requested = True
            self._change(
                target=self.notification.target,
                expires_at=self.notification.expires_at,
                next_attempt_at=None,
                status=Status.DELIVERING,
                reason=None,
                explanation="",
                awaiting_since=None,
                intervention_deadline=None,
            )

    def refuse(self, signal: str, problem: str, now: datetime) -> None:
        """A signal made no sense, and changes nothing."""
        refusal = RefusedIntervention(signal=signal[:100], at=now, problem=problem)
        self.state = self.state.with_refusal(refusal)

    def give_up(self, explanation: str, now: datetime) -> None:
        """Somebody wants it to end; a round that is running is halted first."""
        if self.state.status is Status.DELIVERING:
            self._abandonment = explanation
            self._change(explanation=f"{explanation}; it ends once no attempt is in flight")
        elif not self.state.status.is_final:
            self.end(Status.ABANDONED, explanation, now)

    def end_if_given_up(self, now: datetime) -> None:
        """Ends it, now that no round is running, if somebody wants that."""
        if self._abandonment is not None and not self.state.status.is_final:
            self.end(Status.ABANDONED, self._abandonment, now)

    def _take_spread(self) -> timedelta:
        spread, self._spread = self._spread, timedelta(0)
        return spread

    def _change(self, **fields: object) -> None:
        self.state = self.state.model_copy(update=fields)
