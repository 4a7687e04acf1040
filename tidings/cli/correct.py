"""``correct``: correct one notification, or many, without sending."""

from tidings import Correct
from tidings.cli import fields, intervention, options


def correct(
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
    not_before: options.NotBefore = None,
    expires_at: options.ExpiresAt = None,
    signing_key: options.SigningKey = None,
    report_to: options.ReportTo = None,
    report_signing_key: options.ReportSigningKey = None,
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
    """Correct one notification, or many, and send nothing by that.

    A scheduled notification keeps its time, a running one makes its next attempt as corrected, and
    a stuck one stays stuck. With filters in place of the ID, every open notification that matches
    is corrected: the command shows how many they are and asks.
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
        not_before=not_before,
        expires_at=expires_at,
        signing_key=signing_key,
        report_to=report_to,
        report_signing_key=report_signing_key,
    )
    action = Correct.model_validate(read)
    filter_ = intervention.chosen(
        action,
        notification_id,
        rate,
        status=status,
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
