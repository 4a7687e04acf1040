"""The commands that show where notifications stand."""

from typing import Annotated

import typer

from console import command, options, output
from tidings import NotificationClient, Status


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
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many.")] = None,
    as_json: options.AsJson = False,
) -> None:
    """List notifications, the newest first."""

    async def show(client: NotificationClient) -> int:
        found = []
        async for each in client.list(status=status, target=target, type=type_):
            found.append(each)
            if len(found) == limit:
                break
        if as_json:
            output.print_json([each.to_json() for each in found])
        else:
            output.print_list(found)
        return 0

    command.run(show)


def count(
    target: options.TargetFilter = None,
    type_: options.TypeFilter = None,
    as_json: options.AsJson = False,
) -> None:
    """Count the notifications of each status."""

    async def show(client: NotificationClient) -> int:
        counts = {
            each: await client.count(status=each, target=target, type=type_) for each in Status
        }
        if as_json:
            output.print_json(counts)
        else:
            output.print_counts(counts)
        return 0

    command.run(show)
