"""Lists and counts of notifications, however long they are."""

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from textwrap import indent
from typing import Final

from tidings import NotificationSummary, Status
from tidings.cli import output, program, terminal
from tidings.cli.terminal import escaped, out

CHUNK: Final = 500
"""The rows of one table; a longer list becomes several tables."""
_MOST_COUNTS: Final = 10
"""The counts in one line of the footer."""


class By(StrEnum):
    """A field that notifications are counted by."""

    STATUS = "status"
    TARGET = "target"
    AUTHORITY = "authority"
    TYPE = "type"
    CAUSE = "cause"
    REASON = "reason"

    def of(self, notification: NotificationSummary) -> str:
        """The value of this field in ``notification``; ``-`` if it has none."""
        match self:
            case By.STATUS:
                return notification.status.value
            case By.TARGET:
                return notification.target or "-"
            case By.AUTHORITY:
                return notification.authority or "-"
            case By.TYPE:
                return notification.type or "-"
            case By.CAUSE:
                return notification.cause or "-"
            case By.REASON:
                return notification.reason or "-"


_COUNTED: Final = (By.STATUS, By.AUTHORITY, By.CAUSE)
"""The counts in the footer of a list."""


class TableListing:
    """A list as tables, with counts at its end; it holds one table and the counts."""

    def __init__(self) -> None:
        self._chunk: list[NotificationSummary] = []
        self._count = 0
        self._counts = {by: Counter[str]() for by in _COUNTED}

    def add(self, notification: NotificationSummary) -> None:
        """Adds one notification, and prints the table once it is full."""
        self._chunk.append(notification)
        self._count += 1
        for by, counts in self._counts.items():
            if (value := by.of(notification)) != "-":
                counts[value] += 1
        if len(self._chunk) == CHUNK:
            self._print_table()

    def end(self, total: int | None = None) -> None:
        """Prints the rest and the counts; ``total`` is the length of a list that was cut."""
        if self._chunk or not self._count:
            self._print_table()
        if total is not None:  # counts of a part would be taken for those of the whole
            command = f"`{program.NAME} count --by cause`"
            text = f"{self._count:,} of {output.notifications(total)}; {command} counts all"
            out.print(text, style="dim")
            return
        out.print(output.notifications(self._count), style="dim")
        for by, counts in self._counts.items():
            if counts:
                out.print(f"by {by}: {largest(counts)}", style="dim")

    def _print_table(self) -> None:
        table = output.table(
            "id", "status", "since", "type", "authority", "accepted", "cause", "why"
        )
        for each in self._chunk:
            why = ": ".join(part for part in (each.reason, each.explanation) if part)
            table.add_row(
                escaped(each.id),
                output.styled(each.status),
                output.local_time(each.awaiting_since or each.closed_at),
                escaped(each.type or "-"),
                escaped(each.authority or "-"),
                output.local_time(each.accepted_at),
                escaped(each.cause or "-"),
                escaped(why or "-"),
            )
        terminal.print_table(table)
        self._chunk.clear()


class JsonListing:
    """A list as one JSON array; it holds nothing. An array that is cut off is not valid JSON."""

    def __init__(self) -> None:
        self._before = "[\n"

    def add(self, notification: NotificationSummary) -> None:
        """Writes one notification."""
        terminal.write(self._before + indent(terminal.json_text(notification.to_json()), "  "))
        self._before = ",\n"

    def end(self, total: int | None = None) -> None:  # noqa: ARG002 -- an array has no footer
        """Closes the array."""
        terminal.write("[]\n" if self._before == "[\n" else "\n]\n")


def print_counts(fields: Sequence[By], counts: Mapping[tuple[str, ...], int]) -> None:
    """Prints the counts as a table, with their total."""
    table = output.table(*fields, "notifications")
    table.columns[-1].justify = "right"
    for values, count in counts.items():
        cells = (
            output.styled(Status(value)) if by is By.STATUS else escaped(value)
            for by, value in zip(fields, values, strict=True)
        )
        table.add_row(*cells, f"{count:,}")
    table.add_row("total", *[""] * (len(fields) - 1), f"{sum(counts.values()):,}")
    terminal.print_table(table)


def largest(counts: Counter[str]) -> str:
    """The largest counts, in one line."""
    parts = [f"{escaped(name)} {count:,}" for name, count in counts.most_common(_MOST_COUNTS)]
    if len(counts) > _MOST_COUNTS:
        parts.append(f"{len(counts) - _MOST_COUNTS:,} more")
    return ", ".join(parts)
