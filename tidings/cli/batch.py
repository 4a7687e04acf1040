"""The command that shows the batches: how far each has come, and its stop."""

import asyncio
from typing import Annotated, Final

import typer
from rich.progress import Progress

from tidings import Batch, BatchState, NotificationClient, TidingsError
from tidings.cli import command, options, output
from tidings.cli.terminal import err, escaped, out

LISTED: Final = 20
"""So many batches are listed, the newest."""

_POLL_SECONDS: Final = 0.5


def batch(
    batch_id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="The id of a batch; without, a list.")
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", help="Show its progress until it ends.")
    ] = False,
    stop: Annotated[
        bool, typer.Option("--stop", help="Stop it; what was told before stays told.")
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """Show what was resent or abandoned by the many: progress, failures; or stop one."""
    if batch_id is None:
        if follow or stop:
            command.refuse("--follow and --stop are about one batch: give its ID")
        command.run(lambda client: _list(client, as_json=as_json))
    elif follow and stop:
        command.refuse("--stop ends it, so that there is nothing to follow: leave one out")
    else:
        command.run(
            lambda client: _show(client, batch_id, follow=follow, stop=stop, as_json=as_json)
        )


async def _show(
    client: NotificationClient, batch_id: str, *, follow: bool, stop: bool, as_json: bool
) -> int:
    told = await (client.stop_batch(batch_id) if stop else client.batch(batch_id))
    if follow:
        told = await followed(client, told, quiet=as_json)
    if as_json:
        output.print_json(told.to_json())
    else:
        print_batch(told)
    return code(told) if follow else 0


async def _list(client: NotificationClient, *, as_json: bool) -> int:
    found: list[Batch] = []
    async for each in client.batches():
        found.append(each)
        if len(found) == LISTED:
            break
    if as_json:
        output.print_json([each.to_json() for each in found])
    else:
        listed = output.table("id", "state", "total", "told", "failed", "started", "by", "why")
        listed.columns[-1].no_wrap = False
        for each in found:
            listed.add_row(
                escaped(each.id),
                each.state,
                *(f"{count:,}" for count in (each.total, each.completed, each.failed)),
                output.shown_time(each.started_at),
                escaped(each.operator or "-"),
                escaped(each.reason),
            )
        out.print(listed)
    return 0


async def followed(client: NotificationClient, batch: Batch, *, quiet: bool) -> Batch:
    """The batch once it has ended, with a bar until then."""
    total = batch.total
    try:
        with Progress(
            console=err, disable=quiet or not err.is_terminal, transient=True
        ) as progress:
            bar = progress.add_task(batch.action, total=total or None)
            done = 0
            while batch.state is BatchState.RUNNING:
                await asyncio.sleep(_POLL_SECONDS)
                batch = await client.batch(batch.id)
                total = max(total, batch.total)
                # Temporal's own count comes in thousands; what remains tells it finer, but
                # grows again with what gets stuck anew.
                left = total if batch.remaining is None else batch.remaining
                done = max(done, batch.completed + batch.failed, total - left)
                progress.update(bar, total=total or None, completed=done)
    except (asyncio.CancelledError, TidingsError):
        output.print_note(
            f"{batch.id} goes on without this command; `starter.py batch {batch.id}` "
            "shows it, with --follow until it ends, with --stop it is stopped"
        )
        raise
    return batch


def print_batch(batch: Batch) -> None:
    """One batch, for a person."""
    out.print(f"[bold]{escaped(batch.id)}[/bold]  {batch.state}")
    facts = {
        "why": escaped(f"{batch.operator or 'somebody'}: {batch.reason}"),
        "found": f"{batch.total:,}",
        "told": f"{batch.completed:,}",
        "failed": f"{batch.failed:,}",
        "still await intervention": f"{batch.remaining:,}" if batch.remaining is not None else "",
        "started": output.shown_time(batch.started_at),
        "ended": output.shown_time(batch.closed_at) if batch.closed_at is not None else "",
    }
    for name, value in facts.items():
        if value:
            out.print(f"  {name}: {value}")


def code(batch: Batch) -> int:
    """The exit code of a command that has seen a batch end."""
    return 0 if batch.state is BatchState.COMPLETED and not batch.failed else 1
