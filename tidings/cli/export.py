"""``export``: write a reconciliation file."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tidings import Filter, InvalidInputError, NotificationClient, NotificationSummary
from tidings.cli import command, destination, filters, moments, options, output
from tidings.cli.groups import FilterOptions
from tidings.cli.reconciliation import COLUMNS, Format, chosen_columns, writer
from tidings.cli.retention import print_retention
from tidings.cli.terminal import err

_STEP: Final = 100
"""The rows between two moves of the bar."""


def export(
    *,
    day: Annotated[
        str | None,
        options.option(
            "A whole day, in place of --since and --until: a date, today or yesterday, in local "
            "time."
        ),
    ] = None,
    chosen: FilterOptions,
    format_: Annotated[
        Format, typer.Option("--format", help="The format of the lines.")
    ] = Format.JSONL,
    columns: Annotated[
        str | None,
        options.option(
            f"The columns, in this order, separated by commas. Default: {','.join(COLUMNS)}."
        ),
    ] = None,
    file: Annotated[
        Path | None,
        options.option(
            "The file to write, as a whole or not at all. Default: standard output.", "--output"
        ),
    ] = None,
) -> None:
    """Write the notifications of a period, one a line.

    Compare the file with your own books. The period is that of acceptance; with --moment ended it
    is that of the end. In CSV, a value that a spreadsheet would take for a formula begins with an
    apostrophe.
    """
    now = datetime.now(UTC)
    filter_ = filters.read(_of_period(chosen, day, now), now)
    names = chosen_columns(columns)
    path = destination.regular_file(file) if file is not None else None

    async def write_all(client: NotificationClient) -> int:
        await print_retention(client, filter_)
        with destination.opened(path) as text:
            write = writer(format_, names, text)
            count = 0
            async for each in _shown(client, filter_):
                write(each)
                count += 1
        output.print_note(output.notifications(count))
        return 0

    command.run(write_all)


def _of_period(chosen: FilterOptions, day: str | None, now: datetime) -> FilterOptions:
    """``chosen`` with the period of ``day``; raises ``InvalidInputError`` unless it has one."""
    ends = {"--since": chosen.since, "--until": chosen.until, "--older-than": chosen.older_than}
    given = [name for name, value in ends.items() if value is not None]
    if day is None and not given:
        raise InvalidInputError(
            "an export needs a period: give --day (a date, today or yesterday), or --since, "
            "--until, or both"
        )
    if day is None:
        return chosen
    if given:
        raise InvalidInputError(f"--day is a whole period; leave {' and '.join(given)} out")
    since, until = moments.day("--day", day, now)
    return replace(chosen, since=since.isoformat(), until=until.isoformat())


async def _shown(client: NotificationClient, filter_: Filter) -> AsyncIterator[NotificationSummary]:
    """The notifications of ``filter_``, with a bar on a terminal.

    The count before may differ from the number of rows in the end, as notifications move.
    """
    total = await client.count(filter_) if err.is_terminal else 0
    columns = (TextColumn("export"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, disable=not err.is_terminal, transient=True) as progress:
        bar = progress.add_task("export", total=total)
        count = 0
        async for each in client.list(filter_):
            yield each
            count += 1
            if count % _STEP == 0:
                progress.update(bar, completed=count, total=max(count, total))
