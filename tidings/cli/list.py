"""``list``: list notifications."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from tidings import NotificationClient
from tidings.cli import command, filters, options
from tidings.cli.groups import FilterOptions
from tidings.cli.listing import JsonListing, TableListing
from tidings.cli.retention import print_retention


def list_(
    *,
    chosen: FilterOptions,
    limit: Annotated[
        int | None, typer.Option(min=1, help="List at most this many notifications.")
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """List notifications: the status of each, since when, and why.

    Open notifications come first, the newest at the top; then the ended ones, the last to end
    at the top.
    """
    filter_ = filters.read(chosen, datetime.now(UTC))

    async def show(client: NotificationClient) -> int:
        await print_retention(client, filter_)
        listing = JsonListing() if as_json else TableListing()
        count = 0
        async for each in client.list(filter_):
            if count == limit:
                listing.end(await client.count(filter_))
                return 0
            listing.add(each)
            count += 1
        listing.end()
        return 0

    command.run(show)
