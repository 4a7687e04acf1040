"""``send``: send one notification from options, or the notifications of a file."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

from rich.progress import Progress

from tidings import InvalidInputError, Notification, NotificationClient, SendResult, policy
from tidings.cli import command, fields, options, output, results
from tidings.cli import file as notification_file
from tidings.cli.file import Line
from tidings.cli.groups import FieldOptions
from tidings.cli.terminal import err

CHUNK: Final = 500
"""The notifications of a file that are sent at a time."""


def send(
    *,
    notification_id: Annotated[str | None, options.option("The business key.", "--id")] = None,
    type_: Annotated[
        str | None, options.option("What happened, as dotted words.", "--type")
    ] = None,
    target: Annotated[str | None, options.option("The URL to send to.")] = None,
    content: FieldOptions,
    not_before: options.NotBefore = None,
    intervention_timeout: Annotated[
        float | None,
        options.option("How long it waits for a person, in seconds. Default: 30 days."),
    ] = None,
    file: Annotated[
        Path | None,
        options.option("A file of one JSON object, or of many as JSON Lines; '-' is stdin."),
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Send one notification from options, or one or many from a file."""
    read = fields.read(
        datetime.now(UTC),
        id=notification_id,
        type=type_,
        target=target,
        **vars(content),
        not_before=not_before,
        intervention_timeout=intervention_timeout,
    )
    if file is not None:
        if read:
            raise InvalidInputError("--file has every field; leave the other options out")
        lines = notification_file.read(file)
        command.run(lambda client: _send_lines(client, lines, as_json=as_json))
    notification = Notification.model_validate(read)
    policy.check_notification(notification)
    command.run(lambda client: _send_one(client, notification, as_json=as_json))


async def _send_one(
    client: NotificationClient, notification: Notification, *, as_json: bool
) -> int:
    results.print_receipt(await client.send(notification), as_json=as_json)
    return 0


async def _send_lines(client: NotificationClient, lines: list[Line], *, as_json: bool) -> int:
    sent: list[SendResult] = []
    accepted = 0
    with Progress(console=err, disable=as_json, transient=True) as progress:
        task = progress.add_task("sending", total=len(lines))

        def count(result: SendResult) -> None:
            nonlocal accepted
            accepted += result.receipt is not None
            progress.advance(task)

        try:
            for start in range(0, len(lines), CHUNK):
                chunk = [line.content for line in lines[start : start + CHUNK]]
                sent += await client.send_many(chunk, progress=count)
        except asyncio.CancelledError:
            output.print_note(
                f"stopped; at least {accepted:,} of {len(lines):,} are accepted: send the file "
                "again for the rest, and nothing is sent twice"
            )
            raise
    results.print_results(zip(lines, sent, strict=True), as_json=as_json)
    return 1 if any(each.error is not None for each in sent) else 0
