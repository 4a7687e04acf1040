"""``abandon``: give up one notification, or many."""

from tidings import Abandon
from tidings.cli import intervention, options
from tidings.cli.groups import FilterOptions, ManyOptions, PersonOptions


def abandon(
    notification_ids: options.Ids = None,
    *,
    person: PersonOptions,
    chosen: FilterOptions,
    many: ManyOptions,
    as_json: options.AsJson = False,
) -> None:
    """Give up one notification, or many.

    With several IDs, each open one of them is abandoned. With filters, every stuck notification
    that matches is abandoned, or with --status every open one of that status. For more than one,
    the command shows how many they are, how many will refuse, and asks.
    """
    intervention.check_person(person)
    ids = intervention.ids(notification_ids, chosen, many)
    action = Abandon.model_validate(vars(person))
    which = intervention.which(action, ids, chosen, many)
    intervention.run(action, which, many, as_json=as_json)
