"""The story of one notification: its present state, and everything that happened to it; pure.

The workflow calls a method for each thing that happens. The time is always an argument.
"""

from collections.abc import Sequence
from datetime import datetime

from tidings.continuation import Continuation
from tidings.fields.retry import is_used_up
from tidings.notification import Notification
from tidings.report import report
from tidings.round import Round
from tidings.state import Attempt, NotificationState, Status, WaitReason, cause
from workflows.memory import Memory


class Story(Memory):
    """The steps of a notification, from its acceptance to its end."""

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

    # Rounds and attempts.

    def schedule(self, now: datetime) -> None:
        """Makes a scheduled notification wait for its corrected time, which may have come."""
        status = self.notification.first_status(now)
        due_at = self.notification.not_before if status is Status.SCHEDULED else None
        self._change(status=status, next_attempt_at=due_at)

    def become_due(self) -> None:
        """Ends the wait for ``not_before``, which has come."""
        self._change(status=Status.DELIVERING)

    def take_round(self, now: datetime) -> tuple[Round, datetime]:
        """The round to run, and the moment at which its next attempt is due.

        It is the round that an earlier run of the workflow has handed on, or a new one.
        """
        attempts_before = self.continuation.attempts_before
        if attempts_before is None or self._wishes.resend:
            return self.begin_round(), now
        self._continue(attempts_before=None)
        return self._round(attempts_before), self.state.next_attempt_at or now

    def begin_round(self) -> Round:
        """Begins the next round, which is the one that somebody may have wished for."""
        self._wish(resend=False, correction=False)
        self._continue(attempts_before=None)
        self._change(round=self.state.round + 1, next_attempt_at=None)
        return self._round(self.state.attempt_count)

    def resume_round(self, round_: Round) -> Round:
        """Resumes a round as corrected; the result is the rest of it, for another activity."""
        self._wish(correction=False)
        self._change(next_attempt_at=None)
        return self._round(round_.attempts_before)

    def hand_on(self, round_: Round, due_at: datetime) -> None:
        """Hands a round on to the next run of the workflow, in which no activity runs yet."""
        self._continue(attempts_before=round_.attempts_before)
        self.wait_until(due_at)

    def wait_until(self, due_at: datetime) -> None:
        """Records that no activity runs before ``due_at``, when the next attempt is due."""
        self._change(next_attempt_at=due_at)

    def next_attempt_at(self, round_: Round) -> datetime | None:
        """The moment that the last attempt of ``round_`` set for the next; ``None`` if it did not.

        It set none if it was refused, or if there was no attempt.
        """
        attempts = self.state.attempts
        return attempts[-1].next_attempt_at if attempts and self._made_in(round_) else None

    def is_used_up(self, round_: Round) -> bool:
        """True if the schedule, as corrected, has no further attempt for ``round_``."""
        return is_used_up(self.notification.retry, self._made_in(round_))

    @property
    def used_up_explanation(self) -> str:
        """The explanation if the schedule, as corrected, leaves no further attempt."""
        last = self.state.attempts[-1].explanation
        return f"all attempts of the schedule are made; the last one: {last}"

    def _round(self, attempts_before: int) -> Round:
        return Round(
            notification=self.notification,
            number=self.state.round,
            attempts_before=attempts_before,
            attempts_made=self.state.attempt_count - attempts_before,
        )

    def _made_in(self, round_: Round) -> int:
        return self.state.attempt_count - round_.attempts_before

    # Ends of rounds, and of the notification.

    def get_stuck(self, reason: WaitReason, explanation: str, now: datetime) -> None:
        """Makes the notification wait for a person, and requests a report on that."""
        self._change(
            status=Status.AWAITING_INTERVENTION,
            reason=reason,
            cause=self._cause(reason),
            explanation=explanation,
            awaiting_since=now,
            intervention_deadline=now + self.notification.intervention_timeout,
        )
        self._wish(report=True)

    def _cause(self, reason: WaitReason) -> str:
        """The code of what went wrong: that of the last attempt, unless time ran out."""
        if reason is WaitReason.EXPIRED:
            return cause.EXPIRED
        last = self.state.attempts[-1].cause if self.state.attempts else None
        return last or cause.INTERNAL  # without a record, the delivery itself failed

    def deliver(self, round_: Round, log: Sequence[Attempt], now: datetime) -> None:
        """Ends it as delivered: the target of ``round_`` has acknowledged it.

        A correction that came during the last attempt is dropped, because it was never sent. Only
        its address for reports counts.
        """
        self.record(log)
        reports = self.notification.model_dump(include={"report_to", "report_signing_key"})
        self.replace(round_.notification.model_copy(update=reports))
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
        explanation = self._wishes.abandonment
        if explanation is not None and not self.state.status.is_final:
            self.end(Status.ABANDONED, explanation, now)

    def end(self, status: Status, explanation: str, now: datetime) -> None:
        """Ends it as delivered or abandoned, and requests a report on that."""
        self._change(
            status=status,
            reason=None,
            cause=None,
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

    # Interventions, see ``intervening``.

    def correct_round(self) -> None:
        """Requests that the running round goes on as corrected."""
        self._wish(correction=True)

    def resend(self) -> None:
        """Requests a new round, whatever the status is."""
        self._wish(resend=True, report=False)  # the status before it needs no report any more
        self._change(
            status=Status.DELIVERING,
            reason=None,
            cause=None,
            explanation="",
            next_attempt_at=None,
            awaiting_since=None,
            intervention_deadline=None,
            closed_at=None,
            complete=True,  # an ended run that was killed had an incomplete one
        )
