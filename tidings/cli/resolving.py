"""The commands that resolve what got stuck: one notification, or many at once."""

from typing import Annotated, Any

import typer

from tidings import Abandon, Filter, NotificationClient, Resend
from tidings.cli import command, many, options, output
from tidings.temporal.bulk import DEFAULT_RATE


def resend(
    notification_id: options.IdOrFilters = None,
    operator: options.Operator = None,
    reason: options.Reason = None,
    target: Annotated[
        str | None,
        options.option(
            "With an ID, the URL to send to. Without, only those to this host, host:port or URL."
        ),
    ] = None,
    new_target: Annotated[
        str | None, options.option("The URL to send to, of one or of many.")
    ] = None,
    body: options.Body = None,
    content_type: options.ContentType = None,
    header: options.Header = None,
    retry: options.Retry = None,
    ack_status: options.AckStatus = None,
    ack_body: options.AckBody = None,
    ack: options.Ack = None,
    signing_key: options.SigningKey = None,
    expires_at: options.ExpiresAt = None,
    even_if_expired: Annotated[
        bool, typer.Option("--even-if-expired", help="Send it although it has expired.")
    ] = False,
    where: options.Where = None,
    type_: options.TypeFilter = None,
    since: options.Since = None,
    until: options.Until = None,
    everything: options.Everything = False,
    rate: options.Rate = None,
    yes: options.Yes = False,
    as_json: options.AsJson = False,
) -> None:
    """Begin a new round, as it is, or corrected by the options that are given.

    With an ID, of that notification; with filters, of every one that is stuck and matches. Then
    it shows how many they are, asks, and Temporal itself resends them.
    """
    _check_person(operator, reason)
    if notification_id is not None and target is not None:
        if new_target is not None:
            command.refuse("--target and --new-target say the same of one: leave one out")
        target, new_target = None, target
    chosen = _chosen(
        notification_id,
        rate,
        where=where,
        target=target,
        type_=type_,
        since=since,
        until=until,
        everything=everything,
    )
    given = command.given(
        operator=operator,
        reason=reason,
        target=new_target,
        body=body,
        content_type=content_type,
        header=header,
        retry=retry,
        ack_status=ack_status,
        ack_body=ack_body,
        ack=ack,
        signing_key=signing_key,
        expires_at=expires_at,
        even_if_expired=even_if_expired or None,
    )
    _resolve(notification_id, command.valid(Resend, given), chosen, rate, yes=yes, as_json=as_json)


def abandon(
    notification_id: options.IdOrFilters = None,
    operator: options.Operator = None,
    reason: options.Reason = None,
    where: options.Where = None,
    target: options.TargetFilter = None,
    type_: options.TypeFilter = None,
    since: options.Since = None,
    until: options.Until = None,
    everything: options.Everything = False,
    rate: options.Rate = None,
    yes: options.Yes = False,
    as_json: options.AsJson = False,
) -> None:
    """Give a notification up; or, with filters, every one that is stuck and matches.

    With filters it shows how many they are, asks, and Temporal itself abandons them.
    """
    _check_person(operator, reason)
    chosen = _chosen(
        notification_id,
        rate,
        where=where,
        target=target,
        type_=type_,
        since=since,
        until=until,
        everything=everything,
    )
    abandonment = command.valid(Abandon, command.given(operator=operator, reason=reason))
    _resolve(notification_id, abandonment, chosen, rate, yes=yes, as_json=as_json)


def _check_person(operator: str | None, reason: str | None) -> None:
    given = {"--operator": operator, "--reason": reason}
    missing = [name for name, text in given.items() if text is None or not text.strip()]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        command.refuse(
            f"{' and '.join(missing)} {verb} missing: say who does it and why; "
            "both are kept with the notification"
        )


def _chosen(notification_id: str | None, rate: float | None, **given: Any) -> Filter | None:
    """What is meant by the filters; ``None`` for the one notification of the ID."""
    if notification_id is None:
        return command.checked(lambda: many.filters(**given))
    if rate is not None or any(value not in (None, False) for value in given.values()):
        command.refuse("give either an ID or filters with --rate, not both")
    return None


def _resolve(
    notification_id: str | None,
    action: Resend | Abandon,
    chosen: Filter | None,
    rate: float | None,
    *,
    yes: bool,
    as_json: bool,
) -> None:
    if notification_id is None:
        assert chosen is not None
        many.resolve(action, chosen, rate or DEFAULT_RATE, yes=yes, as_json=as_json)
        return

    async def resolve_it(client: NotificationClient) -> int:
        if isinstance(action, Resend):
            state = await client.resend(notification_id, action)
        else:
            state = await client.abandon(notification_id, action)
        output.show_state(state, as_json=as_json)
        return 0

    command.run(resolve_it)
