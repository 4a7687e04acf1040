"""The progress of a batch, until it ends."""

import asyncio
from typing import Final

from rich.progress import Progress

from tidings import Batch, BatchState, NotificationClient, TidingsError
from tidings.cli import output, program
from tidings.cli.terminal import err, escaped, out

_POLL_SECONDS: Final = 0.5


async def followed(client: NotificationClient, batch: Batch, *, quiet: bool) -> Batch:
    """The batch once it has ended; shows a bar until then, unless ``quiet``."""
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
                # Temporal counts by the thousand. What remains is finer, but grows again when
                # something gets stuck anew: the bar must not go back.
                left = total if batch.remaining is None else batch.remaining
                done = max(done, batch.completed + batch.failed, total - left)
                progress.update(bar, total=total or None, completed=done)
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
        "why": f"{batch.operator or 'somebody'}: {batch.reason}",
        "total": f"{batch.total:,}",
        "completed": f"{batch.completed:,}",
        "failed": f"{batch.failed:,}",
        "still await intervention": f"{batch.remaining:,}" if batch.remaining is not None else "",
        "started": output.local_time(batch.started_at),
        "closed": output.local_time(batch.closed_at) if batch.closed_at is not None else "",
    }
    for name, value in facts.items():
        if value:
            out.print(f"  {name}: {escaped(value)}")


def exit_code(batch: Batch) -> int:
    """0 if the batch has completed without a failure, otherwise 1."""
    return 0 if batch.state is BatchState.COMPLETED and not batch.failed else 1
