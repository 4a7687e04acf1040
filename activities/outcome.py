"""The outcome of an attempt in the fast lane, as its workflow gets it; pure."""

from datetime import datetime

from activities.execution import Recorded
from tidings.base import Record
from tidings.fields.decision import Done, Stuck, explain
from tidings.state import Attempt, WaitReason


class TaskStart(Record):
    """The start of the workflow task in which the fast lane makes its attempt."""

    started_at: datetime
    """By the clock of the Temporal server."""
    is_repeated: bool = False
    """True if it is a further try of the task, so that its attempt may have been made."""


class Outcome(Record):
    """The result of a first attempt in the fast lane."""

    attempt: Attempt | None = None
    """``None`` if the worker did not admit the target, and made no attempt."""
    is_target_slow: bool = False
    """True if no attempt was made, and the slow lane has to make it."""
    acknowledged: bool = False
    reason: WaitReason | None = None
    """The reason why the notification is stuck; ``None`` if another attempt follows, or none has
    to."""
    explanation: str = ""


def outcome(execution: Recorded) -> Outcome:
    """The outcome of an attempt that was made."""
    decision = execution.decision
    return Outcome(
        attempt=execution.record,
        acknowledged=isinstance(decision, Done),
        reason=decision.reason if isinstance(decision, Stuck) else None,
        explanation=explain(decision, execution.record.explanation),
    )
