"""The outcome of an attempt in the fast lane, as its workflow gets it; pure."""

from datetime import datetime

from activities.execution import Recorded
from tidings.base import Record
from tidings.fields.decision import Again, Decision, Done, Stuck
from tidings.state import Attempt, WaitReason


class TaskStart(Record):
    """The start of the workflow task in which the fast lane makes its attempt."""

    started_at: datetime
    """By the clock of the Temporal server."""
    history_length: int
    """The events of the run up to and with the start of this task."""
    is_repeated: bool = False
    """True if it is a further try of the task, so that its attempt may have been made."""


class Outcome(Record):
    """What came of a first attempt in the fast lane."""

    attempt: Attempt | None = None
    """``None`` if the worker did not admit the target, and made no attempt."""
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
        explanation=why(decision, execution.record.explanation),
    )


def why(decision: Decision, explanation: str) -> str:
    """The explanation of a decision, from that of its attempt."""
    match decision:
        case Stuck(WaitReason.EXPIRED):
            return f"the next attempt would come after it expires; {explanation}"
        case Done() | Again() | Stuck():
            return explanation
