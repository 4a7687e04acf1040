"""Lists and counts of notifications, as ``starter.py`` shows them, however long they are."""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from textwrap import indent
from typing import Final

from tidings import NotificationSummary, Status
from tidings.cli import terminal
from tidings.cli.output import shown_time, styled, table
from tidings.cli.terminal import escaped, out

CHUNK: Final = 500
"""So many lines are shown as one table; a longer list becomes several."""
_TOLD_COUNTS: Final = 10


class By(StrEnum):
    """What notifications are counted by."""

    STATUS = "status"
    AUTHORITY = "authority"
    TYPE = "type"
    REASON = "reason"

    def of(self, notification: NotificationSummary) -> str:
        """What is counted of one notification."""
        match self:
            case By.STATUS:
                return notification.status.value
            case By.AUTHORITY:
                return notification.authority or "-"
            case By.TYPE:
                return notification.type or "-"
            case By.REASON:
                return notification.reason or "-"


class TableListing:
    """A list as tables, with counts at its end; it holds one chunk, and the counts."""

    def __init__(self) -> None:
        self._chunk: list[NotificationSummary] = []
        self._count = 0
        self._counts = {by: Counter[str]() for by in (By.STATUS, By.AUTHORITY, By.REASON)}

    def add(self, notification: NotificationSummary) -> None:
        """Takes one notification, and shows it with its chunk."""
        self._chunk.append(notification)
        self._count += 1
        for by, counts in self._counts.items():
            if by is not By.REASON or notification.reason is not None:
                counts[by.of(notification)] += 1
        if len(self._chunk) == CHUNK:
            self._show()

    def end(self, total: int | None = None) -> None:
        """Shows the rest, and counts of what was shown; of ``total``, where that is not all."""
        if self._chunk or not self._count:
            self._show()
        part = f"{self._count:,} of " if total is not None else ""
        total = self._count if total is None else total
        out.print(f"{part}{total:,} notification{'' if total == 1 else 's'}", style="dim")
        for by, counts in self._counts.items():
            if counts:
                out.print(f"by {by}: {_told(counts)}", style="dim")

    def _show(self) -> None:
        listed = table("id", "status", "since", "type", "target", "accepted", "why")
        for each in self._chunk:
            why = ": ".join(part for part in (each.reason, each.explanation) if part)
            listed.add_row(
                escaped(each.id),
                styled(each.status),
                shown_time(each.awaiting_since or each.closed_at),
                escaped(each.type or "-"),
                escaped(each.authority or "-"),
                shown_time(each.accepted_at),
                escaped(why or "-"),
            )
        terminal.print_table(listed)
        self._chunk.clear()


class JsonListing:
    """A list as one JSON array; it holds nothing. What is cut off is no JSON."""

    def __init__(self) -> None:
        self._before = "[\n"

    def add(self, notification: NotificationSummary) -> None:
        """Writes one notification."""
        terminal.write(self._before + indent(terminal.json_text(notification.to_json()), "  "))
        self._before = ",\n"

    def end(self, total: int | None = None) -> None:  # noqa: ARG002 -- an array has no footer
        """Closes the array."""
        terminal.write("[]\n" if self._before == "[\n" else "\n]\n")


def print_counts(by: By, counts: Mapping[str, int]) -> None:
    """How many there are of each, and of all."""
    counted = table(by.value, "notifications")
    counted.columns[1].justify = "right"
    for name, count in counts.items():
        counted.add_row(styled(Status(name)) if by is By.STATUS else escaped(name), f"{count:,}")
    counted.add_row("total", f"{sum(counts.values()):,}")
    terminal.print_table(counted)


def _told(counts: Counter[str]) -> str:
    """The largest counts, in a line."""
    told = [f"{escaped(name)} {count:,}" for name, count in counts.most_common(_TOLD_COUNTS)]
    if len(counts) > _TOLD_COUNTS:
        told.append(f"{len(counts) - _TOLD_COUNTS:,} more")
    return ", ".join(told)
