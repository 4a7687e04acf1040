"""``state``: show one notification."""

from tidings import NotificationClient
from tidings.cli import command, detail, options


def state(notification_id: options.Id, as_json: options.AsJson = False) -> None:
    """Show one notification: state, attempts, interventions, reports."""

    async def show(client: NotificationClient) -> int:
        detail.print_state(await client.state(notification_id), as_json=as_json)
        return 0

    command.run(show)
