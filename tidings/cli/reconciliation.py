"""The lines of a reconciliation file, as JSON Lines or CSV."""

import csv
import json
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, Final, TextIO

from tidings import InvalidInputError, NotificationSummary

COLUMNS: Final = {
    "id": "id",
    "type": "type",
    "target": "target",
    "authority": "authority",
    "status": "status",
    "reason": "reason",
    "cause": "cause",
    "explanation": "explanation",
    "attempts": "attempt_count",
    "status_code": "status_code",
    "excerpt": "excerpt",
    "operator": "operator",
    "operator_reason": "operator_reason",
    "accepted_at": "accepted_at",
    "closed_at": "closed_at",
    "awaiting_since": "awaiting_since",
    "expires_at": "expires_at",
}
"""The columns of a line, in this order, each with its field of the summary; times are in UTC."""

_FORMULA_STARTS: Final = tuple("=+-@\t\r\n")


class Format(StrEnum):
    """The format of the lines."""

    JSONL = "jsonl"
    """One JSON object a line; an absent value is ``null``."""
    CSV = "csv"
    """RFC 4180, with a header; an absent value is empty."""


def chosen_columns(text: str | None) -> Sequence[str]:
    """The names in ``text``, which commas separate; all columns for ``None``.

    Raises ``InvalidInputError`` for a name that is no column, and for one that comes twice.
    """
    if text is None:
        return tuple(COLUMNS)
    names = [each.strip() for each in text.split(",")]
    for number, name in enumerate(names):
        if name not in COLUMNS:
            raise InvalidInputError(
                f"--columns has {name!r}, which is not a column; there are {', '.join(COLUMNS)}"
            )
        if name in names[:number]:
            raise InvalidInputError(f"--columns has {name!r} twice; name each column once")
    return names


def writer(
    format_: Format, columns: Sequence[str], text: TextIO
) -> Callable[[NotificationSummary], object]:
    """A function that writes a notification to ``text`` as a line; a header is written at once."""
    if format_ is Format.JSONL:
        return lambda each: text.write(json.dumps(_line(each, columns), ensure_ascii=False) + "\n")
    rows = csv.writer(text)
    rows.writerow(columns)
    return lambda each: rows.writerow(_harmless(it) for it in _line(each, columns).values())


def _line(notification: NotificationSummary, columns: Sequence[str]) -> dict[str, Any]:
    document = notification.to_json()
    return {column: document[COLUMNS[column]] for column in columns}


def _harmless(value: str | int | None) -> str:
    """A value that no spreadsheet takes for a formula (OWASP, CSV Injection)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
