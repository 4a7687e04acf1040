"""The log of a round: what is kept of each attempt, and what the worker's log says of it."""

import codecs
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import TypeAdapter
from temporalio import activity

from activities.http import Answer
from activities.judgement import Judgement
from tidings.delivery import Round
from tidings.notification import Notification
from tidings.state import Attempt, FailureKind, WaitReason

MAX_EXCERPT: Final = 1024
"""The most that is kept of an answer's body, in bytes of UTF-8."""

_LOG: Final = TypeAdapter(tuple[Attempt, ...])

_OF_OPERATORS: Final = frozenset(
    {
        FailureKind.UNSIGNED,
        FailureKind.PROXY,
        FailureKind.EGRESS_REFUSED,
        FailureKind.INTERNAL,
    }
)
"""The failures that the worker's operators have to look at, and the target cannot mend."""

logger = logging.getLogger("tidings.delivery")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one exchange came to."""

    judgement: Judgement
    duration: timedelta
    answer: Answer | None = None
    failure: FailureKind | None = None


def log_so_far(round_: Round, info: activity.Info) -> tuple[Attempt, ...]:
    """The attempts that this activity has made, those that left no record included.

    Somebody who resets the activity in Temporal sets ``info.attempt`` back to 1; what was made
    before still counts.
    """
    details = info.heartbeat_details
    recorded = _LOG.validate_python(details[0] if details else ())
    made = max(info.attempt - 1, len(recorded))
    return round_.without_gaps(recorded, count=made, began_at=info.scheduled_time)


def as_json(log: tuple[Attempt, ...]) -> Any:
    """The log in the form in which it goes from attempt to attempt, and to the workflow."""
    return _LOG.dump_python(log, mode="json")


def record(
    number: int,
    round_: Round,
    started_at: datetime,
    outcome: Outcome,
    following: timedelta | WaitReason | None,
) -> Attempt:
    """What is kept of an attempt, with what follows from it."""
    answer = outcome.answer
    ended_at = started_at + outcome.duration
    return Attempt(
        number=number,
        round=round_.number,
        started_at=started_at,
        duration=outcome.duration,
        status_code=answer.status_code if answer is not None else None,
        failure=outcome.failure,
        explanation=outcome.judgement.explanation,
        excerpt=excerpt(answer.body) if answer is not None and answer.body else None,
        next_attempt_at=ended_at + following if isinstance(following, timedelta) else None,
    )


def log_line(notification: Notification, attempt: Attempt, judgement: Judgement) -> None:
    """One line an attempt; never a body, a header or a whole URL, which may hold secrets."""
    is_of_operators = attempt.failure in _OF_OPERATORS
    logger.log(
        logging.WARNING if is_of_operators else logging.INFO,
        "delivery.attempted",
        extra={
            "id": notification.id,
            "type": notification.type,
            "target": notification.authority,
            "round": attempt.round,
            "attempt": attempt.number,
            "verdict": judgement.verdict.value,
            "unmet": judgement.failed,
            "status_code": attempt.status_code,
            "failure": attempt.failure.value if attempt.failure is not None else None,
            "problem": attempt.explanation if is_of_operators else None,
            "duration_ms": round(attempt.duration.total_seconds() * 1000),
            "next_attempt_at": (
                attempt.next_attempt_at.isoformat() if attempt.next_attempt_at else None
            ),
        },
    )


def excerpt(body: bytes) -> str:
    """The beginning of an answer's body as text that is safe to store and to show."""
    # A character that the cut divides was never sent so, and is left out.
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    text = decoder.decode(body[:MAX_EXCERPT], final=len(body) <= MAX_EXCERPT)
    printable = "".join(char if char.isprintable() or char in "\n\t" else "·" for char in text)
    return printable.encode()[:MAX_EXCERPT].decode("utf-8", errors="ignore")
