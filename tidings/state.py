"""The state of a notification: its status, its attempts and its interventions; pure."""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final, Literal, Self

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from tidings.base import Record
from tidings.errors import InvalidInputError

# Without these limits a state could outgrow the 2 MiB that Temporal accepts for it and its
# notification together.
MAX_ATTEMPTS_KEPT: Final = 500
"""The newest attempts, which a state keeps. Older ones are only counted."""
MAX_EXCERPTS_KEPT: Final = 50
"""The newest attempts, which keep the excerpt of their answer."""
MAX_INTERVENTIONS_KEPT: Final = 30
"""The newest interventions, which a state keeps; also the limit of refused ones and reports."""


class Status(StrEnum):
    """The status of a notification. At every moment it has exactly one."""

    SCHEDULED = "scheduled"
    """Accepted; the first attempt waits for ``not_before``. A resend means "now"."""
    DELIVERING = "delivering"
    """A round is running: an attempt is in flight, or the next one waits for its time."""
    DELIVERED = "delivered"
    """Acknowledged by the target. It has ended, and is sent again only if somebody means that."""
    AWAITING_INTERVENTION = "awaiting_intervention"
    """Stuck: a person has to resend or abandon it."""
    ABANDONED = "abandoned"
    """Given up by a person, or because nobody intervened in time. It has ended, likewise."""

    @property
    def is_final(self) -> bool:
        """True if the notification has ended."""
        return self in (Status.DELIVERED, Status.ABANDONED)


class WaitReason(StrEnum):
    """The reason why a notification awaits intervention."""

    EXHAUSTED = "exhausted"
    """Every attempt of the schedule failed."""
    REFUSED = "refused"
    """The target's answer, or its address, makes another attempt pointless."""
    EXPIRED = "expired"
    """``expires_at`` came before an acknowledgement did."""


class FailureKind(StrEnum):
    """The reason why an attempt has no answer."""

    TIMEOUT = "timeout"
    """No complete answer within the attempt's timeout."""
    CONNECTION = "connection"
    """The target could not be reached: name, address, refused connection or TLS."""
    PROTOCOL = "protocol"
    """The connection broke, or the answer was not HTTP."""
    PROXY = "proxy"
    """The worker's proxy failed or refused. The target was not reached."""
    BAD_TARGET = "bad_target"
    """The URL of the target cannot be requested."""
    EGRESS_REFUSED = "egress_refused"
    """The worker must not connect to the address of the target."""
    UNSIGNED = "unsigned"
    """The worker does not have the key that ``signing_key`` names. Nothing was sent."""
    INTERNAL = "internal"
    """The worker's own HTTP client failed; its log has the details."""
    INTERRUPTED = "interrupted"
    """The worker died during the attempt. The target may or may not have received it."""


class Attempt(Record):
    """One HTTP request and its result."""

    number: int
    """The number of the attempt, from 1 over all rounds."""
    round: int
    """The number of its round, from 1. Each resend begins another round."""
    started_at: AwareDatetime
    """The moment at which it began."""
    duration: timedelta = timedelta(0)
    """The time until the answer was read or the attempt failed."""
    status_code: int | None = None
    """The HTTP status of the answer; ``None`` without an answer."""
    failure: FailureKind | None = None
    """The reason why there was no answer; ``None`` with an answer."""
    explanation: str
    """One sentence on the meaning of the answer, or on the failure."""
    excerpt: str | None = None
    """The beginning of the answer's body, at most 1 KiB. Only the newest 50 attempts keep it."""
    next_attempt_at: AwareDatetime | None = None
    """The moment at which the next attempt of the round was due; ``None`` after the last one."""


class Change(Record):
    """One field that a resend corrected."""

    field: str
    """The name of the field."""
    before: str
    """The old value, shortened, with the values of headers masked."""
    after: str
    """The new value, shortened, with the values of headers masked."""


class Intervention(Record):
    """An act of a person on a notification."""

    action: Literal["resend", "correct", "abandon"]
    """The kind of act."""
    at: AwareDatetime
    """The moment at which it took effect."""
    operator: str | None = None
    """The person who intervened; ``None`` if nobody was named."""
    reason: str | None = None
    """The reason that this person gave."""
    changes: tuple[Change, ...] = ()
    """The fields that were corrected."""
    batch: str | None = None
    """The batch that it belonged to; ``None`` for one alone."""


class RefusedIntervention(Record):
    """A signal that changed nothing."""

    signal: str
    """The name of the signal."""
    at: AwareDatetime
    """The moment at which it came."""
    problem: str
    """The reason for the refusal."""


class Report(Record):
    """A report to the business system, which is a notification of its own."""

    id: str
    """The id of that notification: ``<id>:report:<n>``."""
    type: str
    """The type of that notification, as ``notification.delivered``."""
    at: AwareDatetime
    """The moment at which it was handed over for delivery, or could not be."""
    problem: str | None = None
    """The reason why it could not be handed over; ``None`` if it was."""


class NotificationState(Record):
    """Everything that is known of one notification."""

    id: str
    """The id of the notification."""
    type: str
    """The type of the notification."""
    target: str
    """The URL that it is sent to now, corrections included."""
    status: Status
    """The status that it has now."""
    reason: WaitReason | None = None
    """The reason why it awaits intervention; ``None`` in every other status."""
    explanation: str = ""
    """One sentence on how it came to its status; empty if there is nothing to explain."""
    round: int = 0
    """The number of rounds that have begun."""
    attempts: tuple[Attempt, ...] = ()
    """The newest 500 attempts, the oldest of them first."""
    attempts_omitted: int = 0
    """The number of older attempts, which are only counted."""
    next_attempt_at: AwareDatetime | None = None
    """The moment at which the next attempt is due; ``None`` if none is planned."""
    expires_at: AwareDatetime | None = None
    """The moment from which no attempt begins any more, corrections included; ``None`` is never."""
    awaiting_since: AwareDatetime | None = None
    """The moment since which it awaits intervention; ``None`` in every other status."""
    intervention_deadline: AwareDatetime | None = None
    """The moment at which it ends abandoned unless somebody intervenes, while it awaits that."""
    interventions: tuple[Intervention, ...] = ()
    """The newest 30 acts of people, the oldest of them first."""
    refused_interventions: tuple[RefusedIntervention, ...] = ()
    """The newest 30 signals that changed nothing, the oldest of them first."""
    reports: tuple[Report, ...] = ()
    """The newest 30 reports to the business system, the oldest of them first."""
    report_count: int = 0
    """The number of all reports so far."""
    accepted_at: AwareDatetime
    """The moment at which Temporal recorded it."""
    closed_at: AwareDatetime | None = None
    """The moment at which it ended; ``None`` while it is open."""
    complete: bool = True
    """False if no worker answered. The state then has only what the Temporal server knows."""

    @property
    def attempt_count(self) -> int:
        """The number of all attempts so far, omitted ones included."""
        return self.attempts_omitted + len(self.attempts)

    def with_attempts(self, log: Iterable[Attempt]) -> Self:
        """This state with the attempts of ``log``, cut to what a state keeps."""
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
    """The log as plain JSON values: the form in which attempts and workflow exchange it."""
    return _LOG.dump_python(log, mode="json")


def merged(*logs: Iterable[Attempt]) -> tuple[Attempt, ...]:
    """Several logs as one, each attempt once, in order. The record of a later log wins."""
    by_number = {attempt.number: attempt for log in logs for attempt in log}
    return tuple(by_number[number] for number in sorted(by_number))
