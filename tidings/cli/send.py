"""The command that sends: one notification from options, or many from a file."""

import asyncio
from pathlib import Path
from typing import Annotated, Final

from rich.progress import Progress

from tidings import Notification, NotificationClient, SendResult
from tidings.cli import command, options, output
from tidings.cli import file as notification_file
from tidings.cli.file import Line

CHUNK: Final = 500
"""How many notifications of a file are sent at a time."""


def send(
    notification_id: Annotated[str | None, options.option("The business key.", "--id")] = None,
    type_: Annotated[
        str | None, options.option("What happened, as dotted words.", "--type")
    ] = None,
    target: options.Target = None,
    body: options.Body = None,
    content_type: options.ContentType = None,
    header: options.Header = None,
    method: Annotated[str | None, options.option("POST (the default), PUT or PATCH.")] = None,
    retry: options.Retry = None,
    ack_status: options.AckStatus = None,
    ack_body: options.AckBody = None,
    ack: options.Ack = None,
    timeout: Annotated[float | None, options.option("Of one attempt, in seconds.")] = None,
    not_before: options.NotBefore = None,
    expires_at: options.ExpiresAt = None,
    signing_key: options.SigningKey = None,
    report_to: Annotated[
        str | None, options.option("The URL that is told when it gets stuck, and how it ended.")
    ] = None,
    report_signing_key: Annotated[
        str | None, options.option("The name of the key that signs what goes to --report-to.")
    ] = None,
    intervention_timeout: Annotated[
        float | None, options.option("How long it waits for a person, in seconds; else 30 days.")
    ] = None,
    file: Annotated[
        Path | None, options.option("One JSON object, or many as JSON Lines; '-' is stdin.")
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Send one notification from options, or one or many from a file."""
    given = command.given(
        id=notification_id,
        type=type_,
        target=target,
        body=body,
        content_type=content_type,
        header=header,
        method=method,
        retry=retry,
        ack_status=ack_status,
        ack_body=ack_body,
        ack=ack,
        timeout=timeout,
        not_before=not_before,
        expires_at=expires_at,
        signing_key=signing_key,
        report_to=report_to,
        report_signing_key=report_signing_key,
        intervention_timeout=intervention_timeout,
    )
    if file is None:
        notification = command.valid(Notification, given)

        async def send_it(client: NotificationClient) -> int:
            return await _send_one(client, notification, as_json=as_json)

        command.run(send_it)
    elif given:
        command.refuse("--file says everything; leave the other options out")
    else:
        lines = command.checked(lambda: notification_file.read(file))

        async def send_them(client: NotificationClient) -> int:
            return await _send_lines(client, lines, as_json=as_json)

        command.run(send_them)


async def _send_one(
    client: NotificationClient, notification: Notification, *, as_json: bool
) -> int:
    receipt = await client.send(notification)
    if as_json:
        output.print_json({"id": receipt.id, "created": receipt.created})
    else:
        output.print_receipt(receipt)
    return 0


async def _send_lines(client: NotificationClient, lines: list[Line], *, as_json: bool) -> int:
    results: list[SendResult] = []
    accepted = 0
    with Progress(console=output.err, disable=as_json, transient=True) as progress:
        task = progress.add_task("sending", total=len(lines))

        def count(result: SendResult) -> None:
            nonlocal accepted
            accepted += result.receipt is not None
            progress.advance(task)

        try:
            for start in range(0, len(lines), CHUNK):
                chunk = [line.content for line in lines[start : start + CHUNK]]
                results += await client.send_many(chunk, progress=count)
        except asyncio.CancelledError:
            output.print_note(
                f"stopped; at least {accepted:,} of {len(lines):,} are accepted: send the file "
                "again for the rest, and nothing is sent twice"
            )
            raise
    if as_json:
        output.print_json([output.result_json(*each) for each in zip(lines, results, strict=True)])
    else:
        output.print_results(zip(lines, results, strict=True))
    return 1 if any(result.error is not None for result in results) else 0
