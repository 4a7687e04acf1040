"""The decision after an attempt: again, stuck or done; pure."""

from dataclasses import dataclass
from datetime import timedelta

from tidings.state import WaitReason


@dataclass(frozen=True)
class Again:
    """Another attempt of the round, after a delay."""

    delay: timedelta


@dataclass(frozen=True)
class Stuck:
    """No further attempt in this round: a person has to decide."""

    reason: WaitReason


@dataclass(frozen=True)
class Done:
    """The target has acknowledged."""


Decision = Again | Stuck | Done


def explain(decision: Decision, attempt: str) -> str:
    """The explanation of a decision; ``attempt`` is the explanation of its attempt."""
    match decision:
        case Stuck(WaitReason.EXPIRED):
            return f"the next attempt would come after it expires; {attempt}"
        case Done() | Again() | Stuck():
            return attempt
