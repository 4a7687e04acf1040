"""A file of notifications: one JSON object, or many as JSON Lines."""

import codecs
import json
import re
from dataclasses import dataclass
from json import JSONDecodeError
from pathlib import Path
from typing import Any, Final

from tidings import InvalidInputError
from tidings.base.json_text import UnkeptValueError, read_json

_ARRAY: Final = re.compile(rb"\s*\[\s*\{")
_ADVICE: Final = "give one JSON object, or JSON Lines: one object a line, without an array"


@dataclass(frozen=True)
class Line:
    """One line of the file."""

    number: int
    """Counted from 1."""
    content: dict[str, Any] | InvalidInputError
    """The object in the line, or the error of reading it."""


def read(file: Path) -> list[Line]:
    """The notifications in ``file``, or in standard input for ``-``; skips blank lines.

    An object that is written over many lines is one. Raises ``InvalidInputError`` if the file
    cannot be read or is empty, and if it is one broken document: a few of the lines of a document
    could pass for notifications.
    """
    raw = content(file)
    lines = [(number, text) for number, text in enumerate(raw.splitlines(), 1) if text.strip()]
    if not lines:
        raise InvalidInputError(f"{file} is empty; {_ADVICE}")
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError) as error:
        if problem := _problem_as_whole(raw, [text for _, text in lines], error):
            raise InvalidInputError(f"{file} {problem}; {_ADVICE}") from error
        return [Line(number, _object_or_problem(text)) for number, text in lines]
    if isinstance(document, list):
        raise InvalidInputError(f"{file} is a JSON array; {_ADVICE}")
    return [Line(1, _object_or_problem(raw))]


def content(file: Path) -> bytes:
    """The bytes of ``file``, or of standard input for ``-``.

    Raises ``InvalidInputError`` if it cannot be read.
    """
    try:
        # Standard input by its number: if it is closed, Python has no ``sys.stdin``.
        with open(0, "rb", closefd=False) if str(file) == "-" else file.open("rb") as stream:
            return stream.read().removeprefix(codecs.BOM_UTF8)
    except OSError as error:
        raise InvalidInputError(f"{file} cannot be read: {error.strerror}") from error


def _problem_as_whole(raw: bytes, lines: list[bytes], error: Exception) -> str | None:
    """The problem of a file that is meant as one document; ``None`` for JSON Lines.

    The first lines decide: any line of JSON Lines may be wrong, and any line of a document may be
    a whole object.
    """
    first, second = lines[0].strip(), lines[1] if len(lines) > 1 else b"{}"
    if _ARRAY.match(raw):
        return "is a JSON array, and a broken one" if not _is_json(first, object) else None
    goes_on = first.startswith(b"{") and not first.endswith(b"}")
    is_open = goes_on and first.endswith((b"{", b"[", b",", b":"))  # a cut by chance ends elsewhere
    if is_open or (goes_on and not _is_json(second, dict)):
        return f"is not JSON: {_problem(error)}"
    return None


def _is_json(text: bytes, type_: type) -> bool:
    """True if ``text`` is JSON of that type, whatever its numbers are."""
    try:
        return isinstance(json.loads(text), type_)
    except (ValueError, RecursionError):
        return False


def _object_or_problem(text: bytes) -> dict[str, Any] | InvalidInputError:
    try:
        value = read_json(text)
    except UnkeptValueError as error:
        return InvalidInputError(f"{error}")
    except ValueError as error:  # not JSON, not UTF-8, or too deep
        return InvalidInputError(f"not JSON: {_problem(error)}")
    if not isinstance(value, dict):
        return InvalidInputError(f"a notification is a JSON object; this is {type(value).__name__}")
    return value


def _problem(error: Exception) -> str:
    """The problem of a JSON text, with its line (if there are many) and column."""
    if not isinstance(error, JSONDecodeError):
        return str(error)
    line = f"line {error.lineno} " if "\n" in error.doc.strip() else ""
    return f"{error.msg}: {line}column {error.colno}"
