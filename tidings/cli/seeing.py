"""The commands that show where notifications stand."""

from collections import Counter
from typing import Annotated

import typer

from tidings import Filter, NotificationClient, Status
from tidings.cli import command, options, output, selection
from tidings.cli.listing import By, JsonListing, TableListing, print_counts


def state(notification_id: options.Id, as_json: options.AsJson = False) -> None:
    """Show the whole story of one notification."""

    async def show(client: NotificationClient) -> int:
        output.show_state(await client.state(notification_id), as_json=as_json)
        return 0

    command.run(show)


def list_(
    status: options.StatusFilter = None,
    target: options.TargetFilter = None,
    type_: options.TypeFilter = None,
    since: options.Since = None,
    until: options.Until = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many.")] = None,
    as_json: options.AsJson = False,
) -> None:
    """List notifications: what is where, since when, and why.

    Those that have not ended come first, the newest at the top; then the ended, likewise.
    """
    wanted = command.checked(
        lambda: selection.read(status, target, type_, since=since, until=until)
    )

    async def show(client: NotificationClient) -> int:
        await selection.print_retention(client, wanted)
        listing = JsonListing() if as_json else TableListing()
        count = 0
        async for each in client.list(wanted):
            if count == limit:
                listing.end(await client.count(wanted))
                return 0
            listing.add(each)
            count += 1
        listing.end()
        return 0

    command.run(show)


def count(
    by: Annotated[By, typer.Option(help="What to count by.")] = By.STATUS,
    status: options.StatusFilter = None,
    target: options.TargetFilter = None,
    type_: options.TypeFilter = None,
    since: options.Since = None,
    until: options.Until = None,
    as_json: options.AsJson = False,
) -> None:
    """Count notifications by status, target, type, or the reason why they wait.

    Only what awaits intervention has a reason, so only that is counted by it.
    """
    if by is By.REASON:
        if status not in (None, Status.AWAITING_INTERVENTION):
            command.refuse(f"what is {status} waits for no reason; leave out --status")
        status = Status.AWAITING_INTERVENTION
    wanted = command.checked(
        lambda: selection.read(status, target, type_, since=since, until=until)
    )

    async def show(client: NotificationClient) -> int:
        await selection.print_retention(client, wanted)
        counts = await _counts(client, wanted, by)
        if as_json:
            output.print_json(counts)
        else:
            print_counts(by, counts)
        return 0

    command.run(show)


async def _counts(client: NotificationClient, wanted: Filter, by: By) -> dict[str, int]:
    """The counts: those of statuses in their order, any other with the largest first."""
    if by is By.STATUS:  # which the server counts without listing
        statuses = Status if wanted.status is None else [wanted.status]
        return {
            each.value: await client.count(wanted.model_copy(update={"status": each}))
            for each in statuses
        }
    counts = Counter[str]()
    async for each in client.list(wanted):
        counts[by.of(each)] += 1
    return dict(counts.most_common())
