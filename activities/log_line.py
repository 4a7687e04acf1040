"""The line that the worker's log gets for each attempt."""

import logging
from typing import Final

from activities.execution import Recorded
from tidings.state import FailureKind

_FOR_OPERATORS: Final = frozenset(
    {
        FailureKind.UNSIGNED,
        FailureKind.PROXY,
        FailureKind.EGRESS_REFUSED,
        FailureKind.INTERNAL,
    }
)
"""The failures that only the worker's operators can mend."""

logger = logging.getLogger("tidings.delivery")


def write_line(execution: Recorded) -> None:
    """Writes ``delivery.attempted``.

    The line never has a body, a header or a whole URL, because these may hold secrets.
    """
    notification, attempt, judgement = (
        execution.notification,
        execution.record,
        execution.judgement,
    )
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
            "unmet": judgement.unmet,
            "status_code": attempt.status_code,
            "failure": attempt.failure.value if attempt.failure is not None else None,
            "problem": attempt.explanation if is_for_operators else None,
            "duration_ms": round(attempt.duration.total_seconds() * 1000),
            "next_attempt_at": next_attempt_at.isoformat() if next_attempt_at is not None else None,
        },
    )
