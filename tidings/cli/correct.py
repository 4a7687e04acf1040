"""``correct``: correct one notification, or many, without sending."""

from datetime import UTC, datetime

from tidings import Correct
from tidings.cli import fields, intervention, options
from tidings.cli.groups import FieldOptions, FilterOptions, ManyOptions, PersonOptions


def correct(
    notification_ids: options.Ids = None,
    *,
    person: PersonOptions,
    new_target: options.NewTarget = None,
    corrected: FieldOptions,
    not_before: options.NotBefore = None,
    chosen: FilterOptions,
    many: ManyOptions,
    as_json: options.AsJson = False,
) -> None:
    """Correct one notification, or many, and send nothing by that.

    A scheduled notification keeps its time, a running one makes its next attempt as corrected, and
    a stuck one stays stuck. With several IDs, or with filters, every open notification of these is
    corrected: the command shows how many they are, how many will refuse, and asks.
    """
    intervention.check_person(person)
    ids = intervention.ids(notification_ids, chosen, many)
    read = fields.read(
        datetime.now(UTC),
        **vars(person),
        target=new_target,
        **vars(corrected),
        not_before=not_before,
    )
    action = Correct.model_validate(read)
    which = intervention.which(action, ids, chosen, many)
    intervention.run(action, which, many, as_json=as_json)
