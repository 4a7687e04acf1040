"""An intervention from the command line: of one notification, or of many."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NoReturn

from tidings import (
    Abandon,
    Correct,
    Filter,
    InterventionRefusedError,
    InvalidInputError,
    NotificationClient,
    NotificationState,
    Resend,
    Status,
    policy,
)
from tidings.base.text import brief
from tidings.cli import command, detail, filters, output, program
from tidings.cli import ids as id_list
from tidings.cli.advice import in_options
from tidings.cli.bulk_action import BulkAction
from tidings.cli.groups import FilterOptions, ManyOptions, PersonOptions
from tidings.intervention import Action
from tidings.temporal.bulk import DEFAULT_RATE


def check_person(person: PersonOptions) -> None:
    """Raises ``InvalidInputError`` without an operator and a reason."""
    required = {"--operator": person.operator, "--reason": person.reason}
    missing = [name for name, text in required.items() if text is None or not text.strip()]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        raise InvalidInputError(
            f"{' and '.join(missing)} {verb} missing: say who does it and why; "
            "both are kept with the notification"
        )


def ids(notification_ids: list[str] | None, chosen: FilterOptions, many: ManyOptions) -> list[str]:
    """The ids of the command line; none if it has filters.

    Raises ``InvalidInputError`` if it has both.
    """
    found = id_list.read(notification_ids, many.ids)
    if found and chosen.target is not None:
        raise InvalidInputError(
            "--target is a filter and takes no ID; to correct the URL of "
            f"{brief(found[0])}, give --new-target"
        )
    if found and (chosen.are_given or many.everything):
        raise InvalidInputError("give either IDs or filters, not both")
    return found


def which(
    action: Action,
    ids: list[str],
    chosen: FilterOptions,
    many: ManyOptions,
    *,
    statuses: Sequence[Status] = (),
) -> str | Filter:
    """The id of the one notification that is meant, or the filter of many.

    ``statuses`` are those of the many if the command line names none; without them it is those
    that ``action`` is for. Raises ``InvalidInputError`` if there are neither ids nor filters.
    """
    if len(ids) == 1 and many.ids is None:
        if many.rate is not None:
            raise InvalidInputError("--rate is for many notifications; leave it out for one ID")
        return ids[0]
    try:
        return filters.of_many(
            action,
            filters.of_status(chosen, statuses),
            datetime.now(UTC),
            ids=ids,
            everything=many.everything,
        )
    except InvalidInputError as error:
        raise InvalidInputError(in_options(str(error))) from error


def unless_scheduled(action: Resend) -> Resend:
    """``action`` with the condition that the notification is not scheduled for later."""
    others = tuple(status for status in Status if status is not Status.SCHEDULED)
    return action.model_copy(update={"only_if": Filter(status=others)})


def run(action: Action, which: str | Filter, many: ManyOptions, *, as_json: bool) -> NoReturn:
    """Intervenes in the notification of an id or those of a filter; ends the process."""
    policy.check_intervention(action)
    if isinstance(which, Filter):
        rate = many.rate or DEFAULT_RATE
        command.run(BulkAction(action, which, rate, yes=many.yes, as_json=as_json).run)
    id_ = which

    async def intervene(client: NotificationClient) -> int:
        try:
            state = await _intervened(client, id_, action)
        except InterventionRefusedError as error:
            raise await _advised(client, id_, action, error) from error
        detail.print_state(state, as_json=as_json)
        return 0

    command.run(intervene)


async def _intervened(
    client: NotificationClient, notification_id: str, action: Action
) -> NotificationState:
    match action:
        case Resend():
            return await client.resend(notification_id, action)
        case Correct():
            return await client.correct(notification_id, action)
        case Abandon():
            return await client.abandon(notification_id, action)


async def _advised(
    client: NotificationClient,
    notification_id: str,
    action: Action,
    error: InterventionRefusedError,
) -> InterventionRefusedError:
    """``error`` with advice for the command line."""
    if isinstance(action, Resend) and action.only_if is not None:
        state = await client.state(notification_id)
        if state.status is Status.SCHEDULED:
            due_at = output.local_time(state.next_attempt_at)
            return InterventionRefusedError(
                f"notification {state.id!r} is scheduled for {due_at}; `{program.NAME} correct` "
                "changes it and keeps that time; to send it now, add --now"
            )
    return InterventionRefusedError(in_options(str(error)))
