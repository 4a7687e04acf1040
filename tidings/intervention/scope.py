"""The notifications that an action of many is for; pure."""

from typing import Final

from tidings.errors import InvalidInputError
from tidings.filter import Filter
from tidings.intervention.action import Action, Correct, Resend, action_name
from tidings.state import Status

OPEN: Final = (Status.SCHEDULED, Status.DELIVERING, Status.AWAITING_INTERVENTION)
_STUCK: Final = (Status.AWAITING_INTERVENTION,)


def meant(action: Action, filter_: Filter, *, everything: bool) -> Filter:
    """``filter_`` with the statuses that ``action`` is for, if it names none.

    Raises ``InvalidInputError`` for a status that the action cannot act on, and unless exactly one
    of ``filter_`` and ``everything`` says which notifications are meant.
    """
    possible = (*OPEN, *_reopened(action))
    wrong = [status for status in filter_.statuses if status not in possible]
    if wrong:
        raise InvalidInputError(
            f"status is {wrong[0]}: {action_name(action)} acts on {', '.join(possible)}"
            f"{_advice(action, wrong[0])}"
        )
    narrowed = filter_.model_copy(update={"status": None})
    if narrowed.is_empty != everything:
        fields = ", ".join(name for name in Filter.model_fields if name != "status")
        raise InvalidInputError(
            f"everything is {everything}, with{'out' if narrowed.is_empty else ''} a filter: give "
            f"either a filter ({fields}), or everything=True for everything of its status"
        )
    chosen = {name: getattr(filter_, name) for name in Filter.model_fields}
    chosen["status"] = filter_.statuses or _usual(action, filter_)
    return Filter.model_validate(chosen)  # refuses a reason beside statuses that have none


def _usual(action: Action, filter_: Filter) -> tuple[Status, ...]:
    """The statuses that a person means who names none.

    Who names ids means each of these, as it is. Only what is scheduled keeps its time.
    """
    if isinstance(action, Correct):
        return OPEN
    if filter_.ids is None:
        return _reopened(action) or _STUCK
    return (Status.DELIVERING, *_STUCK, *_reopened(action)) if isinstance(action, Resend) else OPEN


def _reopened(action: Action) -> tuple[Status, ...]:
    """The final statuses that ``action`` is allowed to act on."""
    if not isinstance(action, Resend):
        return ()
    allowed = {
        Status.DELIVERED: action.even_if_delivered,
        Status.ABANDONED: action.even_if_abandoned,
    }
    return tuple(status for status, is_allowed in allowed.items() if is_allowed)


def _advice(action: Action, status: Status) -> str:
    if status is Status.REJECTED:
        return "; what was rejected was never accepted, so send it anew, as a notification"
    return f"; set even_if_{status} to send it again" if isinstance(action, Resend) else ""
