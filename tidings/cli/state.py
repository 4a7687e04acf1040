"""``state``: show one notification."""

from typing import Annotated

from tidings import NotificationClient
from tidings.cli import command, content, detail, options, output
from tidings.cli.terminal import escaped, out

_INCOMPLETE = (
    "no worker could be asked; a correction that no attempt has used yet may be missing here"
)


def state(
    notification_id: options.Id,
    sent: Annotated[
        bool,
        options.option(
            "Show instead what it says, now and as it was sent: body, headers, schedule, "
            "acknowledgement. Values of headers are masked.",
            "--sent",
        ),
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """Show one notification: state, attempts, interventions, reports."""

    async def show(client: NotificationClient) -> int:
        if sent:
            await _print_sent(client, notification_id, as_json=as_json)
        else:
            detail.print_state(await client.state(notification_id), as_json=as_json)
        return 0

    command.run(show)


async def _print_sent(client: NotificationClient, notification_id: str, *, as_json: bool) -> None:
    found = await client.sent(notification_id)
    if as_json:
        output.print_json(found.to_json())
        return
    out.print(f"[bold]{escaped(found.id)}[/bold]  {escaped(found.now.type)}")
    for line in content.lines(found):
        out.print(escaped(line), soft_wrap=True)
    if not found.complete:
        output.print_warning(_INCOMPLETE)
