"""``count``: count notifications."""

from collections import Counter
from typing import Annotated

import typer

from tidings import Filter, InvalidInputError, NotificationClient, Status
from tidings.cli import command, filters, listing, options, output
from tidings.cli.listing import By
from tidings.cli.retention import print_retention


def count(
    by: Annotated[By, typer.Option(help="Count by this.")] = By.STATUS,
    status: options.StatusFilter = None,
    target: options.TargetFilter = None,
    type_: options.TypeFilter = None,
    because: options.ReasonFilter = None,
    since: options.Since = None,
    until: options.Until = None,
    as_json: options.AsJson = False,
) -> None:
    """Count notifications by status, authority, type or reason.

    The authority is the host and port of the target. Only notifications that await intervention
    have a reason, so only those are counted by it.
    """
    if by is By.REASON:
        without = [each for each in status or () if each is not Status.AWAITING_INTERVENTION]
        if without:
            raise InvalidInputError(
                f"--status is {without[0]}, which has no reason; leave --status out"
            )
        status = [Status.AWAITING_INTERVENTION]
    filter_ = filters.read(
        status=status, target=target, type_=type_, reason=because, since=since, until=until
    )

    async def show(client: NotificationClient) -> int:
        await print_retention(client, filter_)
        counts = await _counts(client, filter_, by)
        if as_json:
            output.print_json(counts)
        else:
            listing.print_counts(by, counts)
        return 0

    command.run(show)


async def _counts(client: NotificationClient, filter_: Filter, by: By) -> dict[str, int]:
    """The counts: by status in the order of the statuses, otherwise the largest first."""
    if by is By.STATUS:  # the server counts these without listing them
        statuses = filter_.statuses or tuple(Status)
        return {
            each.value: await client.count(filter_.model_copy(update={"status": each}))
            for each in statuses
        }
    counts = Counter[str]()
    async for each in client.list(filter_):
        counts[by.of(each)] += 1
    return dict(counts.most_common())
