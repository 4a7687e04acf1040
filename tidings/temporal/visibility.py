"""The entry of a notification in Temporal's lists: search attributes, memo, status."""

from datetime import datetime
from typing import Final

from temporalio.client import WorkflowExecution, WorkflowExecutionStatus
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from tidings import contract
from tidings.errors import InvalidInputError
from tidings.notification import Notification
from tidings.results import NotificationSummary
from tidings.state import NotificationState, Status

STATUS: Final = SearchAttributeKey.for_keyword(contract.ATTRIBUTE_STATUS)
TARGET: Final = SearchAttributeKey.for_keyword(contract.ATTRIBUTE_TARGET)
TYPE: Final = SearchAttributeKey.for_keyword(contract.ATTRIBUTE_TYPE)
CAUSE: Final = SearchAttributeKey.for_keyword(contract.ATTRIBUTE_CAUSE)
ACCEPTED_AT: Final = SearchAttributeKey.for_datetime(contract.ATTRIBUTE_ACCEPTED_AT)

_MEMO_TARGET: Final = "target"
_MEMO_EXPLANATION: Final = "explanation"
_MEMO_ACCEPTED_AT: Final = "accepted_at"
_MAX_EXCERPT: Final = 200
"""Characters of an answer's body: a list holds many."""

_KILLED: Final = (
    WorkflowExecutionStatus.TERMINATED,
    WorkflowExecutionStatus.CANCELED,
    WorkflowExecutionStatus.TIMED_OUT,
)


def search_attributes(notification: Notification, status: Status) -> TypedSearchAttributes:
    """The search attributes of ``notification`` in ``status``."""
    return TypedSearchAttributes(
        [
            SearchAttributePair(STATUS, status.value),
            SearchAttributePair(TARGET, notification.authority),
            SearchAttributePair(TYPE, notification.type),
        ]
    )


def first_memo(notification: Notification) -> dict[str, str]:
    """The memo that a notification starts with."""
    return {_MEMO_TARGET: notification.target}


def memo(state: NotificationState) -> dict[str, str | int | None]:
    """The memo of a notification: its URL and, after a round, what came of it, for lists.

    Each name is a field of ``NotificationSummary``.
    """
    last = state.attempts[-1] if state.attempts else None
    person = state.interventions[-1] if state.interventions else None
    excerpt = last.excerpt if last is not None else None
    result = {
        "reason": state.reason,
        _MEMO_EXPLANATION: state.explanation,
        "awaiting_since": _text(state.awaiting_since),
        "expires_at": _text(state.expires_at),
        "attempt_count": state.attempt_count,
        "status_code": last.status_code if last is not None else None,
        "excerpt": excerpt[:_MAX_EXCERPT] if excerpt is not None else None,
        "operator": person.operator if person is not None else None,
        "operator_reason": person.reason if person is not None else None,
    }
    is_waiting = state.status in (Status.SCHEDULED, Status.DELIVERING)
    return {_MEMO_TARGET: state.target, **(dict.fromkeys(result) if is_waiting else result)}


def rejected_memo(problem: str) -> dict[str, str]:
    """The memo of a start that was not a notification."""
    return {_MEMO_EXPLANATION: problem}


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def later_memo(accepted_at: datetime) -> dict[str, str]:
    """The further memo of a later run: lists keep its search attribute in milliseconds only."""
    return {_MEMO_ACCEPTED_AT: accepted_at.isoformat()}


_EVER: Final = (_MEMO_TARGET, _MEMO_ACCEPTED_AT)
_RESULT: Final = (
    *_EVER,
    _MEMO_EXPLANATION,
    "expires_at",
    "attempt_count",
    "status_code",
    "excerpt",
    "operator",
    "operator_reason",
)
# A notification that was killed while it was stuck still has the memo, but is not stuck.
_SHOWN: Final = {
    Status.SCHEDULED: _EVER,
    Status.DELIVERING: _EVER,
    Status.AWAITING_INTERVENTION: (*_RESULT, "reason", "awaiting_since"),
    Status.DELIVERED: _RESULT,
    Status.ABANDONED: _RESULT,
    Status.REJECTED: (_MEMO_TARGET, _MEMO_EXPLANATION),
}
"""The fields of a memo that say something about a notification of each status."""


async def summary(execution: WorkflowExecution) -> NotificationSummary:
    """The summary of a workflow's notification."""
    attributes = execution.typed_search_attributes
    status = status_of(execution)
    memo = await execution.memo()
    cause = attributes.get(CAUSE) if status is Status.AWAITING_INTERVENTION else None
    known = {
        "id": execution.id.removeprefix(contract.WORKFLOW_ID_PREFIX),
        "type": attributes.get(TYPE),
        "target": None,
        "authority": attributes.get(TARGET),
        "status": status,
        "cause": cause,
        "accepted_at": attributes.get(ACCEPTED_AT) or execution.start_time,
        "closed_at": execution.close_time,
    }
    shown = {name: memo[name] for name in _SHOWN[status] if name in memo}
    try:
        return NotificationSummary.model_validate({**known, **shown})
    except InvalidInputError:  # a start from another language has any memo
        return NotificationSummary.model_validate(known)


def status_of(execution: WorkflowExecution) -> Status:
    """The status as the server knows it."""
    if execution.status in _KILLED:
        return Status.ABANDONED
    if execution.status is WorkflowExecutionStatus.FAILED:
        return Status.REJECTED
    # A start from another language has no status, or one that its sender made up, until a worker
    # has seen it.
    attribute = execution.typed_search_attributes.get(STATUS)
    return Status(attribute) if attribute in set(Status) else Status.DELIVERING
