"""Text for messages: short values, printable characters; pure."""

import reprlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

_BRIEF: Final = reprlib.Repr()
_BRIEF.maxstring = _BRIEF.maxother = 100
_BRIEF.maxlevel = 3
_MAX_BRIEF: Final = 120


def brief(value: object) -> str:
    """The ``repr`` of ``value``, cut to one line however large the value is."""
    if isinstance(value, timedelta):
        return f"{value.total_seconds():.15g} s"
    try:
        text = _BRIEF.repr(value)
    except ValueError:  # Python refuses to spell out integers of thousands of digits
        return "a number too long to show"
    return text if len(text) <= _MAX_BRIEF else f"{text[:_MAX_BRIEF]}…"


def printable(text: str, *, keep: str = "") -> str:
    """``text`` with ``·`` in place of every character that cannot be printed.

    Control characters could move a terminal's cursor or forge lines of a log. The characters of
    ``keep`` stay as they are.
    """
    return "".join(char if char.isprintable() or char in keep else "·" for char in text)


def ranges(numbers: Iterable[int]) -> str:
    """Ascending ``numbers`` with their ranges put together: ``200, 202-204``."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in found)
