"""An intervention from the command line: of one notification, or of many."""

from typing import Any, NoReturn

from tidings import Abandon, Filter, InvalidInputError, NotificationClient, Resend, policy
from tidings.cli import command, detail, filters
from tidings.cli.bulk_action import BulkAction
from tidings.temporal.bulk import DEFAULT_RATE


def check_person(operator: str | None, reason: str | None) -> None:
    """Raises ``InvalidInputError`` without an operator and a reason."""
    required = {"--operator": operator, "--reason": reason}
    missing = [name for name, text in required.items() if text is None or not text.strip()]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        raise InvalidInputError(
            f"{' and '.join(missing)} {verb} missing: say who does it and why; "
            "both are kept with the notification"
        )


def chosen(notification_id: str | None, rate: float | None, **options: Any) -> Filter | None:
    """The filter of the options; ``None`` if there is an ID, which takes no filter.

    Raises ``InvalidInputError`` for both an ID and filters, and for neither.
    """
    if notification_id is None:
        return filters.stuck(**options)
    if rate is not None or any(value not in (None, False) for value in options.values()):
        raise InvalidInputError("give either an ID or filters with --rate, not both")
    return None


def run(
    action: Resend | Abandon,
    notification_id: str | None,
    filter_: Filter | None,
    *,
    rate: float | None,
    yes: bool,
    as_json: bool,
) -> NoReturn:
    """Resends or abandons the notification of an ID or those of a filter; ends the process."""
    policy.check_intervention(action)
    if filter_ is not None:
        many = BulkAction(action, filter_, rate or DEFAULT_RATE, yes=yes, as_json=as_json)
        command.run(many.run)
    assert notification_id is not None
    id_ = notification_id

    async def intervene(client: NotificationClient) -> int:
        if isinstance(action, Resend):
            state = await client.resend(id_, action)
        else:
            state = await client.abandon(id_, action)
        detail.print_state(state, as_json=as_json)
        return 0

    command.run(intervene)
