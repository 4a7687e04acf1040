"""Markdown of the tables: cells, rows and code spans."""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from enum import Enum
from typing import Any

from pydantic import BaseModel

_UNITS = (("h", 3600), ("min", 60))


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with a header row."""
    lines = [headers, ["---"] * len(headers), *rows]
    return "\n".join(f"| {' | '.join(_cell(each) for each in line)} |" for line in lines)


def code(text: str) -> str:
    """A span of code; without text, nothing."""
    if not text:
        return ""
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}"


def prose(text: str | None) -> str:
    """A docstring as one paragraph, its reStructuredText code spans as those of Markdown."""
    return re.sub(r"``(.+?)``", r"`\1`", " ".join((text or "").split()))


def paragraphs(text: str | None) -> str:
    """A docstring whose paragraphs stay apart."""
    return "\n\n".join(prose(part) for part in (text or "").split("\n\n"))


def value(thing: Any) -> str:
    """A default as a reader would write it."""
    match thing:
        case None | "" | () | [] | {}:
            text = "none"
        case timedelta():
            text = duration(thing)
        case Enum():
            text = code(str(thing.value))
        case bool():
            text = code(str(thing).lower())
        case BaseModel():
            text = code(f"{type(thing).__name__}()")
        case _:
            text = code(str(thing))
    return text


def duration(length: timedelta) -> str:
    """A duration as people write it: ``10 s``, ``24 h 4 min``, ``30 days``."""
    seconds = length.total_seconds()
    if seconds >= 2 * 86400 and seconds % 86400 == 0:
        return f"{seconds / 86400:.0f} days"
    parts = []
    for unit, size in _UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count:.0f} {unit}")
    if seconds or not parts:
        parts.append(f"{seconds:g} s")
    return " ".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
