"""The entry of a notification in Temporal's lists: search attributes, memo, status."""

from datetime import datetime
from typing import Final

from temporalio.client import WorkflowExecution, WorkflowExecutionStatus
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from tidings import contract
from tidings.notification import Notification
from tidings.results import NotificationSummary
from tidings.state import NotificationState, Status

STATUS: Final = SearchAttributeKey.for_keyword(contract.ATTRIBUTE_STATUS)
TARGET: Final = SearchAttributeKey.for_keyword(contract.ATTRIBUTE_TARGET)
TYPE: Final = SearchAttributeKey.for_keyword(contract.ATTRIBUTE_TYPE)
ACCEPTED_AT: Final = SearchAttributeKey.for_datetime(contract.ATTRIBUTE_ACCEPTED_AT)

_MEMO_TARGET: Final = "target"
_MEMO_REASON: Final = "reason"
_MEMO_EXPLANATION: Final = "explanation"
_MEMO_SINCE: Final = "awaiting_since"
_MEMO_EXPIRES: Final = "expires_at"
_MEMO_ACCEPTED_AT: Final = "accepted_at"

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


def memo(state: NotificationState) -> dict[str, str | None]:
    """The memo of a notification: its URL, and why it is stuck, for lists."""
    stuck = {
        _MEMO_REASON: state.reason,
        _MEMO_EXPLANATION: state.explanation,
        _MEMO_SINCE: _text(state.awaiting_since),
        _MEMO_EXPIRES: _text(state.expires_at),
    }
    is_stuck = state.status is Status.AWAITING_INTERVENTION
    return {_MEMO_TARGET: state.target, **(stuck if is_stuck else dict.fromkeys(stuck))}


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def later_memo(accepted_at: datetime) -> dict[str, str]:
    """The further memo of a later run: lists keep its search attribute in milliseconds only."""
    return {_MEMO_ACCEPTED_AT: accepted_at.isoformat()}


async def summary(execution: WorkflowExecution) -> NotificationSummary:
    """The summary of a workflow's notification."""
    attributes = execution.typed_search_attributes
    status = status_of(execution)
    memo = await execution.memo()
    # A notification that was killed while it was stuck still has the memo, but is not stuck.
    stuck = memo if status is Status.AWAITING_INTERVENTION else {}
    return NotificationSummary(
        id=contract.notification_id(execution.id),
        type=attributes.get(TYPE),
        target=memo.get(_MEMO_TARGET),
        authority=attributes.get(TARGET),
        status=status,
        reason=stuck.get(_MEMO_REASON),
        explanation=stuck.get(_MEMO_EXPLANATION),
        awaiting_since=stuck.get(_MEMO_SINCE),
        expires_at=stuck.get(_MEMO_EXPIRES),
        accepted_at=(
            memo.get(_MEMO_ACCEPTED_AT) or attributes.get(ACCEPTED_AT) or execution.start_time
        ),
        closed_at=execution.close_time,
    )


def status_of(execution: WorkflowExecution) -> Status:
    """The status as the server knows it."""
    if execution.status in _KILLED:
        return Status.ABANDONED
    # A start from another language has no status, or one that its sender made up, until a worker
    # has seen it.
    attribute = execution.typed_search_attributes.get(STATUS)
    return Status(attribute) if attribute in set(Status) else Status.DELIVERING
