"""A file of notifications: one JSON object, or many as JSON Lines."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tidings import InvalidInputError


@dataclass(frozen=True)
class Line:
    """What stands in one line of the file."""

    number: int
    """Counted from 1."""
    content: dict[str, Any] | InvalidInputError
    """The object, or why there is none."""


def read(file: Path) -> list[Line]:
    """The notifications in a file, or in standard input for ``-``; blank lines are passed over.

    An object that is written over many lines is one. Raises ``InvalidInputError`` where the file
    cannot be read, or holds nothing.
    """
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise InvalidInputError(f"{file} cannot be read: {error.strerror}") from error
    if not raw.strip():
        raise InvalidInputError(f"{file} is empty; give a JSON object, or one a line")
    try:
        return [Line(1, _object(raw))]
    except InvalidInputError:
        numbered = enumerate(raw.splitlines(), start=1)
        return [Line(number, _object_or_problem(text)) for number, text in numbered if text.strip()]


def _object_or_problem(text: bytes) -> dict[str, Any] | InvalidInputError:
    try:
        return _object(text)
    except InvalidInputError as error:
        return error


def _object(text: bytes) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:  # bad JSON, bad UTF-8, or too deep
        raise InvalidInputError(f"no JSON: {error}") from error
    if not isinstance(value, dict):
        raise InvalidInputError(f"a notification is a JSON object; this is {type(value).__name__}")
    return value
