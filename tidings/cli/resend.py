"""``resend``: begin a new round of one notification, or of many."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from tidings import InvalidInputError, Resend, Status
from tidings.cli import fields, intervention, options
from tidings.cli.groups import FieldOptions, FilterOptions, ManyOptions, PersonOptions


def resend(
    notification_ids: options.Ids = None,
    *,
    person: PersonOptions,
    new_target: options.NewTarget = None,
    corrected: FieldOptions,
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
    chosen: FilterOptions,
    many: ManyOptions,
    as_json: options.AsJson = False,
) -> None:
    """Begin a new round of one notification, or of many.

    It is sent as it is, or with the corrections that are given. With several IDs, each of them is
    resent that is stuck or delivering. With filters, every stuck notification that matches is
    resent. With --now it is every scheduled one, with --delivered every delivered one, with
    --abandoned every abandoned one, and with --status every one of that status. For more than one,
    the command shows how many they are, how many will refuse, and asks.
    """
    intervention.check_person(person)
    ids = intervention.ids(notification_ids, chosen, many)
    read = fields.read(
        datetime.now(UTC),
        **vars(person),
        target=new_target,
        **vars(corrected),
        even_if_expired=even_if_expired or None,
        even_if_delivered=delivered or None,
        even_if_abandoned=abandoned or None,
    )
    action = Resend.model_validate(read)
    statuses = _statuses(action, chosen, now=now, are_named=bool(ids))
    which = intervention.which(action, ids, chosen, many, statuses=statuses)
    if isinstance(which, str) and not now:
        action = intervention.unless_scheduled(action)
    intervention.run(action, which, many, as_json=as_json)


def _statuses(action: Resend, chosen: FilterOptions, *, now: bool, are_named: bool) -> list[Status]:
    """The statuses of a resend of many; none for those that a resend is usually for.

    Raises ``InvalidInputError`` if scheduled ones would be sent without --now.
    """
    if Status.SCHEDULED in (chosen.status or ()) and not now:
        raise InvalidInputError("--status is scheduled: to send those before their time, add --now")
    meant = {
        Status.SCHEDULED: now,
        Status.DELIVERING: now and are_named,
        Status.AWAITING_INTERVENTION: now and are_named,
        Status.DELIVERED: action.even_if_delivered,
        Status.ABANDONED: action.even_if_abandoned,
    }
    # IDs name notifications of whatever status; a choice of statuses would leave some of them out.
    is_needed = now or not are_named
    return [each for each, is_meant in meant.items() if is_meant] if is_needed else []
