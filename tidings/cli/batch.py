"""``batch``: show batches, follow one, or stop one."""

from typing import Annotated, Final

import typer

from tidings import Batch, BatchState, InvalidInputError, NotificationClient
from tidings.cli import command, options, output, progress
from tidings.cli.terminal import escaped, out

LISTED: Final = 20
"""The batches in a list, the newest first."""


def batch(
    batch_id: Annotated[
        str | None,
        typer.Argument(metavar="ID", help="The id of a batch. Without it, list the newest."),
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", help="Show its progress until it ends.")
    ] = False,
    stop: Annotated[
        bool,
        typer.Option("--stop", help="Stop it between two notifications; what it has done stays."),
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """Show the batches that act on many notifications; follow or stop one."""
    if follow and stop:
        raise InvalidInputError("--stop ends a batch, which --follow waits for; leave one out")
    if batch_id is not None:
        id_ = batch_id
        command.run(lambda client: _show(client, id_, follow=follow, stop=stop, as_json=as_json))
    if follow or stop:
        raise InvalidInputError("--follow and --stop need one batch: give its ID")
    command.run(lambda client: _list(client, as_json=as_json))


async def _show(
    client: NotificationClient, batch_id: str, *, follow: bool, stop: bool, as_json: bool
) -> int:
    found = await (client.stop_batch(batch_id) if stop else client.batch(batch_id))
    if stop and found.state is BatchState.RUNNING:
        output.print_note(f"{batch_id} stops when a worker has come to its next notification")
    if follow:
        found = await progress.followed(client, found, quiet=as_json)
    if as_json:
        output.print_json(found.to_json())
    else:
        progress.print_batch(found)
    return progress.exit_code(found) if follow else 0


async def _list(client: NotificationClient, *, as_json: bool) -> int:
    found: list[Batch] = []
    async for each in client.batches():
        found.append(each)
        if len(found) == LISTED:
            break
    if as_json:
        output.print_json([each.to_json() for each in found])
    else:
        _print_table(found)
    return 0


def _print_table(batches: list[Batch]) -> None:
    table = output.table(
        "id", "state", "total", "resolved", "refused", "failed", "started", "operator", "reason"
    )
    table.columns[-1].no_wrap = False
    for each in batches:
        table.add_row(
            escaped(each.id),
            each.state,
            *(f"{count:,}" for count in (each.total, each.resolved, each.refused, each.failed)),
            output.local_time(each.started_at),
            escaped(each.operator or "-"),
            escaped(each.reason or "-"),
        )
    out.print(table)
