"""An intervention from the command line: of one notification, or of many."""

from typing import Any, Final, NoReturn

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
from tidings.cli.bulk_action import BulkAction
from tidings.intervention import Action
from tidings.temporal.bulk import DEFAULT_RATE

_OPTIONS: Final = {
    "set even_if_expired": "add --even-if-expired",
    "a later expires_at": "a later --expires-at",
    "set even_if_delivered": "add --delivered",
    "with even_if_delivered": "with --delivered",
    "set even_if_abandoned": "add --abandoned",
    "with even_if_abandoned": "with --abandoned",
}
"""The advice of the library, and the options of the command line that do the same."""


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


def check_target(notification_id: str | None, target: str | None) -> None:
    """Raises ``InvalidInputError`` for --target beside an ID, which means a new URL by mistake."""
    if notification_id is not None and target is not None:
        raise InvalidInputError(
            "--target is a filter and takes no ID; to correct the URL of "
            f"{brief(notification_id)}, give --new-target"
        )


def chosen(
    action: Action, notification_id: str | None, rate: float | None, **options: Any
) -> Filter | None:
    """The filter of the options; ``None`` if there is an ID, which takes no filter.

    Raises ``InvalidInputError`` for both an ID and filters, and for neither.
    """
    if notification_id is None:
        try:
            return filters.of_many(action, **options)
        except InvalidInputError as error:
            raise InvalidInputError(_in_options(str(error))) from error
    if rate is not None or any(value not in (None, False, []) for value in options.values()):
        raise InvalidInputError("give either an ID or filters with --rate, not both")
    return None


def unless_scheduled(action: Resend) -> Resend:
    """``action`` with the condition that the notification is not scheduled for later."""
    others = tuple(status for status in Status if status is not Status.SCHEDULED)
    return action.model_copy(update={"only_if": Filter(status=others)})


def run(
    action: Action,
    notification_id: str | None,
    filter_: Filter | None,
    *,
    rate: float | None,
    yes: bool,
    as_json: bool,
) -> NoReturn:
    """Intervenes in the notification of an ID or those of a filter; ends the process."""
    policy.check_intervention(action)
    if filter_ is not None:
        many = BulkAction(action, filter_, rate or DEFAULT_RATE, yes=yes, as_json=as_json)
        command.run(many.run)
    assert notification_id is not None
    id_ = notification_id

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
    return InterventionRefusedError(_in_options(str(error)))


def _in_options(text: str) -> str:
    for advice, option in _OPTIONS.items():
        text = text.replace(advice, option)
    return text
