"""The error of a condition that an answer's body does not meet."""

from collections.abc import Iterable
from typing import Final

_MAX_LIST: Final = 150
"""Characters of the values that a message lists."""


class UnmetError(Exception):
    """A condition on the body does not hold."""

    def __init__(self, condition: str, problem: str) -> None:
        """``condition`` is as in ``Judgement.unmet``; ``problem`` follows "answered 200, but"."""
        super().__init__(problem)
        self.condition = condition
        self.problem = problem


def one_of(values: Iterable[str]) -> str:
    """One value, or a list of those of which one was expected, for a message."""
    first, *others = values
    if not others:
        return first
    listed = ", ".join([first, *others])
    return f"one of {listed if len(listed) <= _MAX_LIST else f'{listed[:_MAX_LIST]}…'}"
