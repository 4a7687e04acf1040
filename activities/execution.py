"""The stages of one attempt, from its beginning to its record.

One value goes through the steps in ``attempt``. Each stage is a type of its own: it has the
fields of the stage before and the findings of one step. So no step can be left out, and none can
run too early.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from activities.http.exchange import Answer
from activities.request import Request
from activities.verdict.judgement import Judgement
from tidings.fields.decision import Decision
from tidings.notification import Notification
from tidings.round import Round
from tidings.state import Attempt, FailureKind


@dataclass(frozen=True, kw_only=True)
class NoAnswer:
    """The reason why an attempt has no answer, with one sentence on it."""

    kind: FailureKind
    detail: str
    cause: str | None = None
    """A code that says more than the kind, see ``tidings.state.cause``."""


@dataclass(frozen=True, kw_only=True)
class Execution:
    """An attempt that begins: the first stage."""

    round: Round
    log: tuple[Attempt, ...]
    """The attempts that this activity has made before."""
    started_at: datetime

    @property
    def notification(self) -> Notification:
        """The notification that is attempted."""
        return self.round.notification

    @property
    def number(self) -> int:
        """The number of this attempt over all rounds, from 1."""
        return self.round.outline.first_number + len(self.log)

    @property
    def number_in_round(self) -> int:
        """The number of this attempt in its round, from 1."""
        return self.round.attempts_made + len(self.log) + 1


@dataclass(frozen=True, kw_only=True)
class Prepared(Execution):
    """An attempt with its request, or with the reason why nothing can be sent."""

    request: Request | NoAnswer


@dataclass(frozen=True, kw_only=True)
class Exchanged(Prepared):
    """An attempt with the result of its exchange."""

    result: Answer | NoAnswer
    duration: timedelta

    @property
    def ended_at(self) -> datetime:
        """The end of the exchange."""
        return self.started_at + self.duration


@dataclass(frozen=True, kw_only=True)
class Judged(Exchanged):
    """An attempt with the meaning of its result."""

    judgement: Judgement


@dataclass(frozen=True, kw_only=True)
class Decided(Judged):
    """An attempt with what follows from it."""

    decision: Decision


@dataclass(frozen=True, kw_only=True)
class Recorded(Decided):
    """An attempt with its record: the last stage."""

    record: Attempt

    @property
    def full_log(self) -> tuple[Attempt, ...]:
        """All attempts of this activity, this one included."""
        return (*self.log, self.record)
