"""Markdown for the page of a notification in the Web UI; pure.

The Web UI shows the page in half of its width, so the tables are narrow.
"""

import json
import re
from datetime import datetime
from typing import Final

MAX_ROWS: Final = 20
"""The most rows of a table, from the newest back."""
_MAX_CHARACTERS: Final = 200
"""The most characters of a text that others wrote."""
_EXAMPLE_COLUMNS: Final = 60
NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_GAP: Final = 2 * NO_BREAK
"""The space between two columns: tables in the Web UI have no padding."""
_WORD: Final = re.compile(r"[\w:/=.~@-]{1,100}", re.ASCII)


def joined(*paragraphs: str) -> str:
    """The paragraphs that are not empty, in their order."""
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def table(title: str, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """The newest of ``rows`` under a title; empty if there are no rows."""
    if not rows:
        return ""
    head, *body = (f"| {f'{_GAP} | '.join(row)} |" for row in (header, *rows[-MAX_ROWS:]))
    return "\n".join([f"**{title}**", "", head, "|" + "---|" * len(header), *body])


def command(line: str) -> str:
    """A line to copy, as a block of code, in which nothing is Markdown."""
    return f"    {line}"


def example(**fields: object) -> str:
    """JSON to copy, as a block of code."""
    line = json.dumps(fields)
    text = line if len(line) <= _EXAMPLE_COLUMNS else json.dumps(fields, indent=2)
    return "\n".join(command(line) for line in text.splitlines())


def code(word: str) -> str:
    """A word to copy, as a span of code; what is not one word becomes plain text."""
    return f"`{word}`" if _WORD.fullmatch(word) else text(word)


def text(words: str) -> str:
    """``words``, which others wrote, on one line and without any markup.

    ASCII punctuation becomes character references, so that nothing is read as Markdown and no URL
    becomes a link.
    """
    line = " ".join(words[:_MAX_CHARACTERS].split())
    return "".join(_character(char) for char in line)


def _character(char: str) -> str:
    if not char.isprintable():
        return "·"
    return char if char.isalnum() or char in " ,;" or not char.isascii() else f"&#{ord(char)};"


def time(moment: datetime | None) -> str:
    """A moment in UTC, on one line."""
    if moment is None:
        return "-"
    return f"{moment:%Y-%m-%d %H:%M:%S}".replace("-", "\N{NON-BREAKING HYPHEN}")


def counted(count: int, noun: str) -> str:
    """A number with its noun, as ``2 attempts``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
