"""The story of one notification: its present state, and everything that happened to it; pure.

The workflow calls a method for each thing that happens. The time is always an argument.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from tidings.continuation import Continuation, Wishes
from tidings.errors import InterventionRefusedError
from tidings.fields.retry import is_used_up
from tidings.intervention import Abandon, Action, Correct, Resend, action_name, changes, check
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
    def result(self) -> dict[str, Any]:
        """The result of the workflow: the state as JSON.

        A later run, which sends the notification again, needs it as corrected, so that is added
        if there were corrections.
        """
        document = self.state.to_json()
        if any(intervention.changes for intervention in self.state.interventions):
            document["notification"] = self.notification.to_json()
        return document

    @property
    def is_interrupted(self) -> bool:
        """True if somebody wants the running round to end."""
        return self._wishes.resend or self._wishes.abandonment is not None

    @property
    def is_corrected(self) -> bool:
        """True if the running round has to take up a correction."""
        return self._wishes.correction

    # Rounds and attempts.

    def become_due(self) -> None:
        """Ends the wait for ``not_before``, which has come."""
        self._change(status=Status.DELIVERING)

    def begin_round(self) -> Round:
        """Begins the next round, which is the one that somebody may have wished for."""
        attempts_before = self.state.attempt_count
        self._wish(resend=False, correction=False)
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
        """Resumes a round as corrected; the result is the rest of it, for another activity."""
        self._wish(correction=False)
        self._change(next_attempt_at=None)
        rest = {"attempts_made": self._made_in(round_), "notification": self.notification}
        return round_.model_copy(update=rest)

    def next_attempt_at(self, round_: Round) -> datetime | None:
        """The moment that the last attempt of ``round_`` set for the next; ``None`` if it did not.

        It set none if it was refused, or if there was no attempt.
        """
        attempts = self.state.attempts
        return attempts[-1].next_attempt_at if attempts and self._made_in(round_) else None

    @property
    def last_explanation(self) -> str:
        """The explanation if a correction leaves no further attempt."""
        last = (
            f"; the last one: {self.state.attempts[-1].explanation}" if self.state.attempts else ""
        )
        return f"all attempts of the corrected schedule are made{last}"

    def is_used_up(self, round_: Round) -> bool:
        """True if the schedule, as corrected, has no further attempt for ``round_``."""
        return is_used_up(self.notification.retry, self._made_in(round_))

    def _made_in(self, round_: Round) -> int:
        return self.state.attempt_count - round_.attempts_before

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

    def take_report(self, now: datetime) -> Notification | None:
        """Takes up the wish for a report; ``None`` if no report is due.

        A delivery is only reported if somebody had to intervene.
        """
        notification = self.notification
        if not self._wishes.report or notification.report_to is None:
            return None
        self._wish(report=False)
        if self.state.status is Status.DELIVERED and not self.state.interventions:
            return None
        return report(self.state, notification.report_to, notification.report_signing_key, now=now)

    def record_report(self, sent: Notification, problem: str | None, now: datetime) -> None:
        """Records that a report was sent, or the ``problem`` because of which it was not."""
        record = Report(id=sent.id, type=sent.type, at=now, problem=problem)
        self._set_state(self.state.with_report(record))

    def forget_earlier_run(self) -> None:
        """Records that the ended run is deleted, or must be left."""
        self.continuation = self.continuation.model_copy(update={"earlier_run": None})

    # Interventions.

    def check(self, action: Action, now: datetime) -> Notification:
        """The notification as ``action`` would leave it.

        Raises ``InterventionRefusedError`` if that makes no sense now.
        """
        if self._wishes.abandonment is not None:
            raise InterventionRefusedError(
                f"notification {self.state.id!r} is being abandoned already: "
                "it ends when the attempt in flight has ended"
            )
        return check(action, self.notification, self.state, now)

    def intervene(self, action: Action, now: datetime) -> None:
        """Records an intervention, and resends, corrects or abandons the notification.

        Raises ``InterventionRefusedError`` if that makes no sense now.
        """
        before, after = self.notification, self.check(action, now)
        self._replace(after)
        record = Intervention(
            action=action_name(action),
            at=now,
            operator=action.operator,
            reason=action.reason,
            changes=changes(before, after),
            batch=action.batch,
        )
        self._set_state(self.state.with_intervention(record))
        match action:
            case Abandon():
                self.give_up(action.summary, now)
            case Correct():
                self._take_correction(now)
            case Resend():
                self._take_resend()

    def _take_correction(self, now: datetime) -> None:
        match self.state.status:
            case Status.SCHEDULED:
                status = self.notification.first_status(now)
                due_at = self.notification.not_before if status is Status.SCHEDULED else None
                self._change(status=status, next_attempt_at=due_at)
            case Status.DELIVERING:
                self._wish(correction=True)
            case _:  # a stuck notification stays stuck
                pass

    def _take_resend(self) -> None:
        self._wish(resend=True, report=False)  # the status before it needs no report any more
        self._change(
            status=Status.DELIVERING,
            reason=None,
            explanation="",
            next_attempt_at=None,
            awaiting_since=None,
            intervention_deadline=None,
            closed_at=None,
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
