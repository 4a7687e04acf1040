"""The commands that resolve what got stuck."""

import getpass
from typing import Annotated

import typer

from console import command, options, output
from tidings import Abandon, NotificationClient, Resend


def resend(
    notification_id: options.Id,
    operator: options.Operator = None,
    reason: options.Reason = None,
    target: options.Target = None,
    body: options.Body = None,
    content_type: options.ContentType = None,
    header: options.Header = None,
    retry: options.Retry = None,
    ack_status: options.AckStatus = None,
    ack_body: options.AckBody = None,
    expires_at: options.ExpiresAt = None,
    even_if_expired: Annotated[
        bool, typer.Option("--even-if-expired", help="Send it although it has expired.")
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """Begin a new round, as it is, or corrected by the options that are given."""
    given = command.given(
        operator=operator or getpass.getuser(),
        reason=reason,
        target=target,
        body=body,
        content_type=content_type,
        header=header,
        retry=retry,
        ack_status=ack_status,
        ack_body=ack_body,
        expires_at=expires_at,
        even_if_expired=even_if_expired or None,
    )
    correction = command.valid(Resend, given)

    async def resend_it(client: NotificationClient) -> int:
        output.show_state(await client.resend(notification_id, correction), as_json=as_json)
        return 0

    command.run(resend_it)


def abandon(
    notification_id: options.Id,
    operator: options.Operator = None,
    reason: options.Reason = None,
    as_json: options.AsJson = False,
) -> None:
    """Give a notification up."""
    given = command.given(operator=operator or getpass.getuser(), reason=reason)
    abandonment = command.valid(Abandon, given)

    async def abandon_it(client: NotificationClient) -> int:
        output.show_state(await client.abandon(notification_id, abandonment), as_json=as_json)
        return 0

    command.run(abandon_it)
