"""``resend``: begin a new round of one notification, or of many."""

from typing import Annotated

import typer

from tidings import InvalidInputError, Resend
from tidings.base.text import brief
from tidings.cli import fields, intervention, options


def resend(
    notification_id: options.IdOrFilters = None,
    operator: options.Operator = None,
    reason: options.Reason = None,
    new_target: options.NewTarget = None,
    method: options.Method = None,
    body: options.Body = None,
    body_base64: options.BodyBase64 = None,
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
    delivered: Annotated[
        bool, typer.Option("--delivered", help="Send again what was delivered.")
    ] = False,
    abandoned: Annotated[
        bool, typer.Option("--abandoned", help="Send again what was abandoned.")
    ] = False,
    now: Annotated[
        bool, typer.Option("--now", help="Send it now although it is scheduled for later.")
    ] = False,
    where: options.Where = None,
    target: options.TargetFilter = None,
    type_: options.TypeFilter = None,
    because: options.ReasonFilter = None,
    since: options.Since = None,
    until: options.Until = None,
    everything: options.Everything = False,
    rate: options.Rate = None,
    yes: options.Yes = False,
    as_json: options.AsJson = False,
) -> None:
    """Begin a new round of one notification, or of many.

    It is sent as it is, or with the corrections that are given. With filters in place of the ID,
    every stuck notification that matches is resent, or with --delivered every delivered one: the
    command shows how many they are and asks.
    """
    intervention.check_person(operator, reason)
    if notification_id is not None and target is not None:
        raise InvalidInputError(
            f"--target is a filter and takes no ID; to send {brief(notification_id)} "
            "to another URL, give --new-target"
        )
    read = fields.read(
        operator=operator,
        reason=reason,
        target=new_target,
        method=method,
        body=body,
        body_base64=body_base64,
        content_type=content_type,
        header=header,
        retry=retry,
        ack_status=ack_status,
        ack_body=ack_body,
        ack=ack,
        signing_key=signing_key,
        expires_at=expires_at,
        even_if_expired=even_if_expired or None,
        even_if_delivered=delivered or None,
        even_if_abandoned=abandoned or None,
    )
    action = Resend.model_validate(read)
    if notification_id is not None and not now:
        action = intervention.unless_scheduled(action)
    filter_ = intervention.chosen(
        action,
        notification_id,
        rate,
        where=where,
        target=target,
        type_=type_,
        reason=because,
        since=since,
        until=until,
        everything=everything,
    )
    intervention.run(action, notification_id, filter_, rate=rate, yes=yes, as_json=as_json)
