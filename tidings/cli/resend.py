"""``resend``: begin a new round of one notification, or of many."""

from typing import Annotated

import typer

from tidings import InvalidInputError, Resend, Status
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
    timeout: options.Timeout = None,
    signing_key: options.SigningKey = None,
    expires_at: options.ExpiresAt = None,
    report_to: options.ReportTo = None,
    report_signing_key: options.ReportSigningKey = None,
    even_if_expired: Annotated[
        bool, typer.Option("--even-if-expired", help="Send it although it has expired.")
    ] = False,
    delivered: Annotated[
        bool, options.option("Send again what was delivered.", "--delivered")
    ] = False,
    abandoned: Annotated[
        bool, options.option("Send again what was abandoned.", "--abandoned")
    ] = False,
    now: Annotated[bool, options.option("Send now what is scheduled for later.", "--now")] = False,
    status: options.StatusFilter = None,
    where: options.Where = None,
    target: options.TargetFilter = None,
    type_: options.TypeFilter = None,
    because: options.ReasonFilter = None,
    id_prefix: options.IdPrefix = None,
    since: options.Since = None,
    until: options.Until = None,
    everything: options.Everything = False,
    rate: options.Rate = None,
    yes: options.Yes = False,
    as_json: options.AsJson = False,
) -> None:
    """Begin a new round of one notification, or of many.

    It is sent as it is, or with the corrections that are given. With filters in place of the ID,
    every stuck notification that matches is resent. With --now it is every scheduled one, with
    --delivered every delivered one, with --abandoned every abandoned one, and with --status every
    one of that status. The command shows how many they are, how many will refuse, and asks.
    """
    intervention.check_person(operator, reason)
    intervention.check_target(notification_id, target)
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
        timeout=timeout,
        signing_key=signing_key,
        expires_at=expires_at,
        report_to=report_to,
        report_signing_key=report_signing_key,
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
        status=status if notification_id is not None else _statuses(action, status, now=now),
        where=where,
        target=target,
        type_=type_,
        reason=because,
        id_prefix=id_prefix,
        since=since,
        until=until,
        everything=everything,
    )
    intervention.run(action, notification_id, filter_, rate=rate, yes=yes, as_json=as_json)


def _statuses(action: Resend, status: list[Status] | None, *, now: bool) -> list[Status] | None:
    """The statuses of a resend of many; ``None`` for those that are stuck.

    Raises ``InvalidInputError`` if scheduled ones would be sent without --now.
    """
    if status:
        if Status.SCHEDULED in status and not now:
            raise InvalidInputError(
                "--status is scheduled: to send those before their time, add --now"
            )
        return status
    meant = {
        Status.SCHEDULED: now,
        Status.DELIVERED: action.even_if_delivered,
        Status.ABANDONED: action.even_if_abandoned,
    }
    return [each for each, is_meant in meant.items() if is_meant] or None
