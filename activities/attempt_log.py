"""The log of a round's attempts, and the worker's log line for each of them."""

import logging
from typing import Final

from temporalio import activity

from activities.attempt import Execution
from tidings.round import Round
from tidings.state import Attempt, FailureKind, read_log

_FOR_OPERATORS: Final = frozenset(
    {
        FailureKind.UNSIGNED,
        FailureKind.PROXY,
        FailureKind.EGRESS_REFUSED,
        FailureKind.INTERNAL,
    }
)
"""The failures that the worker's operators have to look at, because the target cannot mend them."""

logger = logging.getLogger("tidings.delivery")


def log_so_far(round_: Round, info: activity.Info) -> tuple[Attempt, ...]:
    """The attempts that this activity has made, those without a record included.

    The log goes from attempt to attempt in the activity's heartbeat details. A person who resets
    the activity in Temporal sets ``info.attempt`` back to 1; the attempts before that still count.
    """
    details = info.heartbeat_details
    recorded = read_log(details[0] if details else ())
    made = max(info.attempt - 1, len(recorded))
    return round_.without_gaps(recorded, count=made, began_at=info.scheduled_time)


def write_line(execution: Execution) -> None:
    """Writes one line for an attempt.

    It never has a body, a header or a whole URL, because these may hold secrets.
    """
    notification, attempt, judgement = (
        execution.notification,
        execution.attempt,
        execution.judgement,
    )
    assert attempt is not None
    assert judgement is not None
    is_for_operators = attempt.failure in _FOR_OPERATORS
    next_attempt_at = attempt.next_attempt_at
    logger.log(
        logging.WARNING if is_for_operators else logging.INFO,
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
            "problem": attempt.explanation if is_for_operators else None,
            "duration_ms": round(attempt.duration.total_seconds() * 1000),
            "next_attempt_at": next_attempt_at.isoformat() if next_attempt_at is not None else None,
        },
    )
