"""Reading of the workflow's input, signals and updates, however malformed.

Each function returns a model, or raises ``InvalidInputError`` with the reason. It checks the shape
only, because a replay must decide as the first run did. Policy is checked before something is
sent, and by the validator of the update (``tidings/policy.py``).
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from tidings import contract
from tidings.base.text import brief
from tidings.continuation import Continuation, Wishes
from tidings.errors import InvalidInputError
from tidings.intervention import ACTIONS, Action, Resend
from tidings.notification import Notification
from tidings.temporal.converter import UnreadablePayload

_MAX_COUNT: Final = 10**9
_MAX_STATE_BYTES: Final = 1_000_000
"""A state that Tidings has made is shorter, and its report fits into a body."""
_FIRST_YEAR: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Reopening(NamedTuple):
    """The start of a notification that has ended and is sent again."""

    continuation: Continuation
    """All that its last run knew."""
    resend: Resend


def continuation(arguments: Sequence[Any]) -> Continuation | None:
    """The continuation that an earlier run of the same workflow has handed on.

    ``None`` if it handed on none. That is the case if Temporal repeats a run by a retry policy
    of the workflow: the new run then has the arguments of a start.
    """
    match arguments:
        case [{"notification": _, "state": _} as document]:
            return Continuation.model_validate(document)
    return None


def reopening(arguments: Sequence[Any], workflow_id: str, now: datetime) -> Reopening | None:
    """The story of a run that has ended, and the resend that sends it again.

    ``None`` if the arguments are those of an ordinary start.
    """
    match arguments:
        case [{"notification": _, "state": _} as document, resend]:
            continuation = Continuation.model_validate(document)
            _check_id(continuation.notification, workflow_id)
            _check_state(continuation, now)
            bare = continuation.model_copy(update={"wishes": Wishes(), "attempts_before": None})
            return Reopening(bare, Resend.model_validate(_json_object(resend, "the resend")))
    return None


def _check_state(continuation: Continuation, now: datetime) -> None:
    """Refuses a state that nobody can have handed on: the workflow would hang in it.

    Anybody may start a workflow, with numbers and sizes that Temporal, or a report, cannot take.
    """
    state, notification = continuation.state, continuation.notification
    size = len(state.model_dump_json().encode())
    counts = (state.round, state.attempts_omitted, state.report_count)
    names = (state.id, state.type, state.target)
    if names != (notification.id, notification.type, notification.target):
        problem = "id, type and target are not those of its notification"
    elif not state.status.is_final:
        problem = f"status is {state.status}, and only what has ended is started again"
    elif not all(0 <= count <= _MAX_COUNT for count in counts):
        problem = f"counts are {brief(counts)}: each is 0 to {_MAX_COUNT:,}"
    elif not _FIRST_YEAR <= state.accepted_at <= now:
        problem = f"accepted_at is {state.accepted_at.isoformat()}: it is a moment of the past"
    elif size > _MAX_STATE_BYTES:
        problem = f"JSON has {size:,} bytes, and the limit is {_MAX_STATE_BYTES:,}"
    else:
        return
    raise InvalidInputError(f"the state of the run before is not one of Tidings: its {problem}")


def notification(arguments: Sequence[Any], workflow_id: str) -> Notification:
    """The notification in the arguments of a start."""
    if len(arguments) != 1:
        raise InvalidInputError(
            f"a notification is started with one argument, its JSON object; got {len(arguments)}"
        )
    accepted = Notification.model_validate(_json_object(arguments[0], "the notification"))
    _check_id(accepted, workflow_id)
    return accepted


def _check_id(notification: Notification, workflow_id: str) -> None:
    expected = contract.workflow_id(notification.id)
    if workflow_id != expected:
        raise InvalidInputError(
            f"the workflow id of notification {notification.id!r} has to be {expected!r}, "
            f"or it could be sent twice; it is {brief(workflow_id)}"
        )


def intervention(action: str, arguments: Sequence[Any]) -> Action:
    """The intervention in the arguments of the signal ``action``: one JSON object or none."""
    if len(arguments) > 1:
        raise InvalidInputError(f"{action} takes one JSON object or nothing; got {len(arguments)}")
    argument = arguments[0] if arguments else None
    fields = {} if argument is None else _json_object(argument, f"the argument of {action}")
    return ACTIONS[action].model_validate(fields)


def update(arguments: Sequence[Any]) -> Action:
    """The intervention in the arguments of the update ``intervene``."""
    name = contract.UPDATE_INTERVENE
    if len(arguments) != 1:
        raise InvalidInputError(f"{name} takes one JSON object; got {len(arguments)}")
    fields = dict(_json_object(arguments[0], f"the argument of {name}"))
    action = fields.pop("action", None)
    if not isinstance(action, str) or action not in ACTIONS:
        raise InvalidInputError(
            f"the action has to be one of {', '.join(ACTIONS)}; it is {brief(action)}"
        )
    return intervention(action, [fields])


def _json_object(value: object, name: str) -> Mapping[str, Any]:
    if isinstance(value, UnreadablePayload):
        raise InvalidInputError(f"{name} {value.problem}")
    if not isinstance(value, Mapping):
        raise InvalidInputError(f"{name} has to be a JSON object; it is {brief(value)}")
    return value
