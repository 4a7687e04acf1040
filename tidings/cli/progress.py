"""The progress of a batch, until it ends."""

import asyncio
from typing import Final

from rich.progress import Progress

from tidings import Batch, BatchState, NotificationClient, TidingsError
from tidings.cli import output, program
from tidings.cli.advice import in_options
from tidings.cli.terminal import err, escaped, out

_POLL_SECONDS: Final = 0.5


async def followed(client: NotificationClient, batch: Batch, *, quiet: bool) -> Batch:
    """The batch once it has ended; shows a bar until then, unless ``quiet``."""
    try:
        with Progress(
            console=err, disable=quiet or not err.is_terminal, transient=True
        ) as progress:
            bar = progress.add_task(batch.action, total=batch.total)
            while batch.state is BatchState.RUNNING:
                await asyncio.sleep(_POLL_SECONDS)
                batch = await client.batch(batch.id)
                progress.update(bar, completed=batch.total - batch.remaining)
    except (asyncio.CancelledError, TidingsError):
        command = f"{program.NAME} batch {batch.id}"
        output.print_note(
            f"{batch.id} goes on without this command; `{command}` shows it, "
            "with --follow until it ends; with --stop it stops"
        )
        raise
    return batch


def print_batch(batch: Batch) -> None:
    """Prints one batch for a person."""
    out.print(f"[bold]{escaped(batch.id)}[/bold]  {batch.state}")
    facts = {
        "why": f"{batch.operator or 'somebody'}: {batch.reason or '-'}",
        "total": f"{batch.total:,}",
        "resolved": f"{batch.resolved:,}",
        "refused": f"{batch.refused:,}",
        "failed": f"{batch.failed:,}",
        "still to begin": f"{batch.remaining:,}",
        "last problem": in_options(batch.last_problem or ""),
        "started": output.local_time(batch.started_at),
        "closed": output.local_time(batch.closed_at) if batch.closed_at is not None else "",
    }
    for name, value in facts.items():
        if value:
            out.print(f"  {name}: {escaped(value)}")


def exit_code(batch: Batch) -> int:
    """0 if the batch is completed, and no notification has refused or failed; otherwise 1."""
    is_whole = batch.refused == batch.failed == 0
    return 0 if batch.state is BatchState.COMPLETED and is_whole else 1
