"""The error of a condition that an answer's body does not meet."""

from collections.abc import Iterable
from typing import Final

from tidings.state import cause

_MAX_LIST: Final = 150
"""Characters of the values that a message lists."""


class UnmetError(Exception):
    """A condition on the body does not hold."""

    def __init__(self, condition: str, problem: str, *, found: str | None = None) -> None:
        """``condition`` is as in ``Judgement.unmet``; ``problem`` follows "answered 200, but".

        ``found`` is the text or the number that the body has in place of an agreed one.
        """
        super().__init__(problem)
        self.condition = condition
        self.problem = problem
        self.found = found

    @property
    def cause(self) -> str:
        """The code of the condition."""
        return cause.of_body(self.condition.partition(" ")[2], self.found)


def one_of(values: Iterable[str]) -> str:
    """One value, or a list of those of which one was expected, for a message."""
    first, *others = values
    if not others:
        return first
    listed = ", ".join([first, *others])
    return f"one of {listed if len(listed) <= _MAX_LIST else f'{listed[:_MAX_LIST]}…'}"
