"""The state of a notification: its status, its attempts, and what people did to it."""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final, Literal, Self

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from tidings.base import Record
from tidings.errors import InvalidInputError

# A state has to fit into Temporal's 2 MiB beside its notification, whatever is done to it.
MAX_ATTEMPTS_KEPT: Final = 500
"""The attempts that a state holds, from the newest back; older ones are only counted."""
MAX_EXCERPTS_KEPT: Final = 50
"""The attempts, from the newest back, that keep the excerpt of their answer."""
MAX_INTERVENTIONS_KEPT: Final = 30
"""The interventions that a state holds, from the newest back; likewise those refused."""


class Status(StrEnum):
    """The status of a notification; at every moment it has exactly one."""

    SCHEDULED = "scheduled"
    """Accepted; its first attempt waits for ``not_before``."""
    DELIVERING = "delivering"
    """A round is running: an attempt is in flight, or the next one waits its delay."""
    DELIVERED = "delivered"
    """The target has acknowledged it."""
    AWAITING_INTERVENTION = "awaiting_intervention"
    """It is stuck, and a person has to resend or abandon it."""
    ABANDONED = "abandoned"
    """It was given up, by a person or because nobody intervened in time."""

    @property
    def is_final(self) -> bool:
        """Whether nothing can change it any more."""
        return self in (Status.DELIVERED, Status.ABANDONED)


class WaitReason(StrEnum):
    """The reason why a notification awaits intervention."""

    EXHAUSTED = "exhausted"
    """Every attempt of the schedule failed."""
    REFUSED = "refused"
    """The target's answer, or its address, makes another attempt pointless."""
    EXPIRED = "expired"
    """``expires_at`` came before an acknowledgement."""


class FailureKind(StrEnum):
    """The reason why an attempt has no answer."""

    TIMEOUT = "timeout"
    """No complete answer within the attempt's timeout."""
    CONNECTION = "connection"
    """The target could not be reached: name, address, refused connection or TLS."""
    PROTOCOL = "protocol"
    """The connection broke, or what came back was not HTTP."""
    PROXY = "proxy"
    """The worker's proxy failed or refused; the target has not been reached."""
    BAD_TARGET = "bad_target"
    """The target's address cannot be requested at all."""
    EGRESS_REFUSED = "egress_refused"
    """The target's address is one that this worker must not connect to."""
    UNSIGNED = "unsigned"
    """The worker has no key of the name in ``signing_key``; nothing was sent."""
    INTERNAL = "internal"
    """Our own HTTP client failed; the worker's log has the details."""
    INTERRUPTED = "interrupted"
    """Our side died during the attempt; the target may or may not have seen it."""


class Attempt(Record):
    """One HTTP request and its result."""

    number: int
    """Counted from 1 over all rounds."""
    round: int
    """Counted from 1; each resend begins another round."""
    started_at: AwareDatetime
    duration: timedelta = timedelta(0)
    status_code: int | None = None
    """The status of the answer; ``None`` without an answer."""
    failure: FailureKind | None = None
    """The reason why there was no answer; ``None`` with an answer."""
    explanation: str
    """One sentence: what the answer meant, or what went wrong."""
    excerpt: str | None = None
    """The beginning of the answer's body, at most 1 KiB."""
    next_attempt_at: AwareDatetime | None = None
    """When the next attempt of this round was due; ``None`` after the last."""


class Change(Record):
    """One field that a resend corrected, each side cut to what a person needs to see."""

    field: str
    before: str
    after: str


class Intervention(Record):
    """An act of a person: what, when, and why."""

    action: Literal["resend", "abandon"]
    at: AwareDatetime
    operator: str | None = None
    reason: str | None = None
    changes: tuple[Change, ...] = ()


class RefusedIntervention(Record):
    """A signal that changed nothing, and why."""

    signal: str
    at: AwareDatetime
    problem: str


class Report(Record):
    """A report to the business system, which is a notification of its own."""

    id: str
    """The id of that notification: ``<id>:report:<n>``."""
    type: str
    at: AwareDatetime
    problem: str | None = None
    """Why it could not be sent; ``None`` if it was handed over for delivery."""


class NotificationState(Record):
    """Everything that is known of one notification."""

    id: str
    type: str
    target: str
    """The URL it is sent to now, corrections included."""
    status: Status
    reason: WaitReason | None = None
    """Why it awaits intervention; ``None`` unless it does."""
    explanation: str = ""
    """One sentence on how it came to its status; empty if there is no more to say."""
    round: int = 0
    """The rounds begun so far."""
    attempts: tuple[Attempt, ...] = ()
    """The attempts so far, oldest first; at most the newest ``MAX_ATTEMPTS_KEPT``."""
    attempts_omitted: int = 0
    """Older attempts that are only counted."""
    next_attempt_at: AwareDatetime | None = None
    expires_at: AwareDatetime | None = None
    """No attempt begins at or after this, corrections included."""
    awaiting_since: AwareDatetime | None = None
    """Since when it awaits intervention; ``None`` unless it does."""
    intervention_deadline: AwareDatetime | None = None
    """When it ends abandoned unless somebody intervenes; ``None`` unless it waits for that."""
    interventions: tuple[Intervention, ...] = ()
    """The acts of people, oldest first; at most the newest ``MAX_INTERVENTIONS_KEPT``."""
    refused_interventions: tuple[RefusedIntervention, ...] = ()
    """Signals that changed nothing, likewise."""
    reports: tuple[Report, ...] = ()
    """The reports to the business system, likewise."""
    report_count: int = 0
    accepted_at: AwareDatetime
    closed_at: AwareDatetime | None = None
    complete: bool = True
    """False if no worker answered and this is only what the Temporal server knows."""

    @property
    def attempt_count(self) -> int:
        """All attempts so far, those omitted included."""
        return self.attempts_omitted + len(self.attempts)

    def with_attempts(self, log: Iterable[Attempt]) -> Self:
        """This state with the attempts of ``log`` in it, cut to what a state may hold."""
        attempts = merged(self.attempts, log)
        kept = attempts[-MAX_ATTEMPTS_KEPT:]
        bare, full = kept[:-MAX_EXCERPTS_KEPT], kept[-MAX_EXCERPTS_KEPT:]
        return self.model_copy(
            update={
                "attempts": (*(each.model_copy(update={"excerpt": None}) for each in bare), *full),
                "attempts_omitted": self.attempts_omitted + len(attempts) - len(kept),
            }
        )

    def with_intervention(self, intervention: Intervention) -> Self:
        """This state with one more act of a person."""
        kept = (*self.interventions, intervention)[-MAX_INTERVENTIONS_KEPT:]
        return self.model_copy(update={"interventions": kept})

    def with_report(self, report: Report) -> Self:
        """This state with one more report to the business system."""
        kept = (*self.reports, report)[-MAX_INTERVENTIONS_KEPT:]
        return self.model_copy(update={"reports": kept, "report_count": self.report_count + 1})

    def with_refusal(self, refusal: RefusedIntervention) -> Self:
        """This state with one more refused signal."""
        kept = (*self.refused_interventions, refusal)[-MAX_INTERVENTIONS_KEPT:]
        return self.model_copy(update={"refused_interventions": kept})


_LOG: Final = TypeAdapter(tuple[Attempt, ...])


def read_log(document: object) -> tuple[Attempt, ...]:
    """The attempts in the JSON of a log; raises ``InvalidInputError`` if it is not one."""
    try:
        return _LOG.validate_python(document)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]["msg"]
        raise InvalidInputError(f"this is not a log of attempts: {problem}") from None


def log_json(log: tuple[Attempt, ...]) -> Any:
    """The log as plain JSON values: so it goes from attempt to attempt, and to the workflow."""
    return _LOG.dump_python(log, mode="json")


def merged(*logs: Iterable[Attempt]) -> tuple[Attempt, ...]:
    """Several logs as one, each attempt once, in order; a later log's record wins."""
    by_number = {attempt.number: attempt for log in logs for attempt in log}
    return tuple(by_number[number] for number in sorted(by_number))
