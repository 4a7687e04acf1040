"""The lines of a reconciliation file, as JSON Lines or CSV."""

import csv
import json
from collections.abc import Callable
from enum import StrEnum
from typing import Any, Final, TextIO

from tidings import NotificationSummary

FIELDS: Final = (
    "id",
    "type",
    "target",
    "authority",
    "status",
    "reason",
    "explanation",
    "accepted_at",
    "closed_at",
    "awaiting_since",
    "expires_at",
)
"""The fields of a line, in this order; times are in UTC."""

_FORMULA_STARTS: Final = tuple("=+-@\t\r\n")


class Format(StrEnum):
    """The format of the lines."""

    JSONL = "jsonl"
    """One JSON object a line; an absent value is ``null``."""
    CSV = "csv"
    """RFC 4180, with a header; an absent value is empty."""


def writer(format_: Format, text: TextIO) -> Callable[[NotificationSummary], object]:
    """A function that writes a notification to ``text`` as a line; a header is written at once."""
    if format_ is Format.JSONL:
        return lambda each: text.write(json.dumps(_line(each), ensure_ascii=False) + "\n")
    rows = csv.writer(text)
    rows.writerow(FIELDS)
    return lambda each: rows.writerow(_harmless(value) for value in _line(each).values())


def _line(notification: NotificationSummary) -> dict[str, Any]:
    document = notification.to_json()
    return {field: document[field] for field in FIELDS}


def _harmless(value: str | None) -> str:
    """A value that no spreadsheet takes for a formula (OWASP, CSV Injection)."""
    value = value or ""
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
