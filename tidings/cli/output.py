"""The output of a command: JSON, tables, and lines on standard error."""

from datetime import datetime
from typing import Any, Final

from rich.table import Table

from tidings import Status
from tidings.cli import terminal
from tidings.cli.terminal import err, escaped

_STATUS_STYLES: Final = {
    Status.SCHEDULED: "cyan",
    Status.DELIVERING: "yellow",
    Status.DELIVERED: "green",
    Status.AWAITING_INTERVENTION: "bold red",
    Status.ABANDONED: "dim",
    Status.REJECTED: "red",
}


def print_json(document: Any) -> None:
    """Prints one JSON document, the whole answer of a command."""
    terminal.write(terminal.json_text(document) + "\n")


def print_error(problem: object) -> None:
    """Prints one line on standard error: an error."""
    err.print(f"[red]error:[/red] {escaped(' '.join(str(problem).split()))}")


def print_warning(text: str) -> None:
    """Prints one line on standard error: a warning."""
    err.print(f"[yellow]warning:[/yellow] {escaped(text)}")


def print_note(text: str) -> None:
    """Prints one line on standard error that is good to know."""
    err.print(escaped(text), style="dim")


def table(*headers: str) -> Table:
    """A table without lines, whose cells are not broken."""
    made = Table(box=None)
    for header in headers:
        made.add_column(header, no_wrap=True)
    return made


def styled(status: Status) -> str:
    """A status in its colour."""
    style = _STATUS_STYLES[status]
    return f"[{style}]{status}[/{style}]"


def local_time(moment: datetime | None) -> str:
    """A moment in local time, to the second; ``-`` for ``None``."""
    return "-" if moment is None else moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def notifications(count: int) -> str:
    """``1 notification``, ``2 notifications``."""
    return f"{count:,} notification{'' if count == 1 else 's'}"
