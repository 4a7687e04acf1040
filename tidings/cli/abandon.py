"""``abandon``: give up one notification, or many."""

from tidings import Abandon
from tidings.cli import intervention, options


def abandon(
    notification_id: options.IdOrFilters = None,
    operator: options.Operator = None,
    reason: options.Reason = None,
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
    """Give up one notification, or many.

    With filters in place of the ID, every stuck notification that matches is abandoned, or with
    --status every open one of that status: the command shows how many they are and asks.
    """
    intervention.check_person(operator, reason)
    action = Abandon.model_validate({"operator": operator, "reason": reason})
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
