"""``abandon``: give up one notification, or many that are stuck."""

from tidings import Abandon
from tidings.cli import intervention, options


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
    """Give up one notification, or many.

    With filters in place of the ID, every stuck notification that matches is abandoned: the
    command shows how many they are and asks; Temporal itself abandons them.
    """
    intervention.check_person(operator, reason)
    filter_ = intervention.chosen(
        notification_id,
        rate,
        where=where,
        target=target,
        type_=type_,
        since=since,
        until=until,
        everything=everything,
    )
    action = Abandon.model_validate({"operator": operator, "reason": reason})
    intervention.run(action, notification_id, filter_, rate=rate, yes=yes, as_json=as_json)
