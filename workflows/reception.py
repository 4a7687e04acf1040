"""Reading what others send to a workflow: its input and its signals, however malformed.

Everything here either returns a model or raises ``InvalidInputError`` with the reason.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tidings import contract
from tidings.base.text import brief
from tidings.continuation import Continuation
from tidings.errors import InvalidInputError
from tidings.intervention import Abandon, Resend
from tidings.notification import Notification
from tidings.temporal.converter import UnreadablePayload


def notification(arguments: Sequence[Any], workflow_id: str) -> Notification:
    """The notification that a workflow was started with."""
    if len(arguments) != 1:
        raise InvalidInputError(
            f"a notification is started with one argument, its JSON object; got {len(arguments)}"
        )
    accepted = Notification.model_validate(_json_object(arguments[0], "the notification"))
    expected = contract.workflow_id(accepted.id)
    if workflow_id != expected:
        raise InvalidInputError(
            f"the workflow id of notification {accepted.id!r} has to be {expected!r}, "
            f"or it could be sent twice; it is {brief(workflow_id)}"
        )
    return accepted


def continuation(arguments: Sequence[Any]) -> Continuation:
    """All that the run before this one of the same workflow has handed on."""
    return Continuation.model_validate(arguments[0])


def intervention(action: str, arguments: Sequence[Any]) -> Resend | Abandon:
    """The intervention in the arguments of the signal ``action``: one JSON object or none."""
    if len(arguments) > 1:
        raise InvalidInputError(f"{action} takes one JSON object or nothing; got {len(arguments)}")
    given = arguments[0] if arguments else None
    fields = {} if given is None else _json_object(given, f"what {action} is given")
    return _MODELS[action].model_validate(fields)


def update(arguments: Sequence[Any]) -> Resend | Abandon:
    """The intervention in the arguments of the update ``intervene``."""
    if len(arguments) != 1:
        raise InvalidInputError(
            f"{contract.UPDATE_INTERVENE} takes one JSON object; got {len(arguments)}"
        )
    fields = dict(_json_object(arguments[0], f"what {contract.UPDATE_INTERVENE} is given"))
    action = fields.pop("action", None)
    if not isinstance(action, str) or action not in _MODELS:
        raise InvalidInputError(
            f"the action has to be one of {', '.join(_MODELS)}; it is {brief(action)}"
        )
    return intervention(action, [fields])


_MODELS: Mapping[str, type[Resend] | type[Abandon]] = {
    contract.SIGNAL_RESEND: Resend,
    contract.SIGNAL_ABANDON: Abandon,
}


def _json_object(value: object, what: str) -> Mapping[str, Any]:
    if isinstance(value, UnreadablePayload):
        raise InvalidInputError(f"{what} {value.problem}")
    if not isinstance(value, Mapping):
        raise InvalidInputError(f"{what} has to be a JSON object; it is {brief(value)}")
    return value
