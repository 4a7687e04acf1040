"""``export``: write a reconciliation file."""

from pathlib import Path
from typing import Annotated

import typer

from tidings import NotificationClient
from tidings.cli import command, destination, filters, options, output
from tidings.cli.reconciliation import Format, writer
from tidings.cli.retention import print_retention


def export(
    since: Annotated[
        str,
        options.option("Those accepted at this time or later: ISO 8601 with time zone, or a date."),
    ],
    until: Annotated[
        str,
        options.option("Those accepted before this time: ISO 8601 with time zone, or a date."),
    ],
    format_: Annotated[
        Format, typer.Option("--format", help="The format of the lines.")
    ] = Format.JSONL,
    status: options.StatusFilter = None,
    target: options.TargetFilter = None,
    type_: options.TypeFilter = None,
    because: options.ReasonFilter = None,
    id_prefix: options.IdPrefix = None,
    file: Annotated[
        Path | None,
        options.option(
            "The file to write, as a whole or not at all. Default: standard output.", "--output"
        ),
    ] = None,
) -> None:
    """Write the notifications of a period, one a line.

    Compare the file with your own books. In CSV, a value that a spreadsheet would take for a
    formula begins with an apostrophe.
    """
    filter_ = filters.read(
        status=status,
        id_prefix=id_prefix,
        target=target,
        type_=type_,
        reason=because,
        since=since,
        until=until,
    )
    path = destination.regular_file(file) if file is not None else None

    async def write_all(client: NotificationClient) -> int:
        await print_retention(client, filter_)
        with destination.opened(path) as text:
            write = writer(format_, text)
            count = 0
            async for each in client.list(filter_):
                write(each)
                count += 1
        output.print_note(output.notifications(count))
        return 0

    command.run(write_all)
