"""Finding notifications: the visibility query of a filter, and what a list shows of each."""

import re
from datetime import datetime

from pydantic import AwareDatetime, ValidationError
from pydantic_core import Url
from temporalio.client import WorkflowExecution, WorkflowExecutionStatus
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from tidings import contract
from tidings.errors import InvalidInputError
from tidings.model import Model, shown
from tidings.notification import Notification
from tidings.state import NotificationState, Status, WaitReason

STATUS = SearchAttributeKey.for_keyword(contract.ATTRIBUTE_STATUS)
TARGET = SearchAttributeKey.for_keyword(contract.ATTRIBUTE_TARGET)
TYPE = SearchAttributeKey.for_keyword(contract.ATTRIBUTE_TYPE)

_SHOWN_BODY_BYTES = 2048

_MEMO_REASON = "reason"
_MEMO_EXPLANATION = "explanation"
_MEMO_SINCE = "awaiting_since"

_QUOTED = re.compile(r"""'[^']*'|"[^"]*"|`[^`]*`""")
_CONDITION = re.compile(r"[\w .,=<>!()+-]*", re.ASCII)

_KILLED = (
    WorkflowExecutionStatus.TERMINATED,
    WorkflowExecutionStatus.CANCELED,
    WorkflowExecutionStatus.TIMED_OUT,
)
_KILLED_QUERY = "ExecutionStatus IN ('Terminated', 'Canceled', 'TimedOut')"


class NotificationSummary(Model):
    """One notification as a list shows it."""

    id: str
    type: str | None
    """``None`` until a worker has seen a notification that was started without attributes."""
    target: str | None
    """Host and port."""
    status: Status
    reason: WaitReason | None = None
    """Why it awaits intervention; ``None`` unless it does."""
    explanation: str | None = None
    """One sentence on that."""
    awaiting_since: AwareDatetime | None = None
    accepted_at: AwareDatetime
    closed_at: AwareDatetime | None = None


def search_attributes(notification: Notification, status: Status) -> TypedSearchAttributes:
    """The search attributes of a notification."""
    return TypedSearchAttributes(
        [
            SearchAttributePair(STATUS, status.value),
            SearchAttributePair(TARGET, notification.authority),
            SearchAttributePair(TYPE, notification.type),
        ]
    )


def title(notification: Notification) -> str:
    """What the Web UI shows of a notification in a list."""
    return f"{notification.type} → {notification.authority}"


def details(notification: Notification) -> str:
    """What the Web UI shows of what was sent; values of headers, which may be secret, are not.

    Every line of the body is indented, so that nothing in it is taken for Markdown.
    """
    body = notification.body_bytes
    cut = "…" if len(body) > _SHOWN_BODY_BYTES else ""
    # The cut may fall into a character, and what is left of that is not shown.
    shown_body = body[:_SHOWN_BODY_BYTES].decode(errors="ignore") + cut
    key = notification.signing_key
    lines = [
        f"{notification.method} {notification.target}",
        f"content-type: {notification.content_type or 'application/json'}",
        *(f"{name}: ***" for name in notification.headers),
        *([f"webhook-signature: by the key {key}"] if key is not None else []),
        "",
        *shown_body.splitlines(),
    ]
    return "\n".join(f"    {line}" for line in lines)


def query(
    *,
    status: Status | None = None,
    target: str | None = None,
    type: str | None = None,  # noqa: A002 -- the contract's name
    since: datetime | None = None,
    until: datetime | None = None,
    where: str | None = None,
) -> str:
    """The visibility query that finds the notifications of a filter.

    ``where`` is a condition in the language of such queries, which narrows the rest. Raises
    ``InvalidInputError`` for a filter that cannot be meant, and for what could widen it.

    Input that was never accepted as a notification is not found. One that was killed in
    Temporal counts as abandoned, whatever its attribute said when it was.
    """
    conditions = [
        f"WorkflowType = '{contract.WORKFLOW_TYPE}'",
        f"WorkflowId STARTS_WITH '{contract.WORKFLOW_ID_PREFIX}'",
        "ExecutionStatus != 'Failed'",
        "ExecutionStatus != 'ContinuedAsNew'",
    ]
    if status is not None:
        conditions += _status_conditions(status)
    if target is not None:
        conditions.append(_target_condition(target))
    if type is not None:
        conditions.append(f"{contract.ATTRIBUTE_TYPE} = {_quoted(type)}")
    if since is not None:
        conditions.append(f"StartTime >= {_quoted(_instant(since))}")
    if until is not None:
        conditions.append(f"StartTime < {_quoted(_instant(until))}")
    if where is not None:
        conditions.append(_enclosed(where))
    return " AND ".join(conditions)


def memo(state: NotificationState) -> dict[str, str | None]:
    """What a list shows of a stuck notification beyond its search attributes."""
    stuck = state.status is Status.AWAITING_INTERVENTION
    return {
        _MEMO_REASON: state.reason.value if stuck and state.reason is not None else None,
        _MEMO_EXPLANATION: state.explanation if stuck else None,
        _MEMO_SINCE: (
            state.awaiting_since.isoformat() if stuck and state.awaiting_since is not None else None
        ),
    }


async def summary(execution: WorkflowExecution) -> NotificationSummary:
    """What a list shows of a workflow."""
    attributes = execution.typed_search_attributes
    status = status_of(execution)
    # One that was killed while it awaited intervention still has the memo of that.
    memo = await execution.memo() if status is Status.AWAITING_INTERVENTION else {}
    return NotificationSummary(
        id=contract.notification_id(execution.id),
        type=attributes.get(TYPE),
        target=attributes.get(TARGET),
        status=status,
        reason=memo.get(_MEMO_REASON),
        explanation=memo.get(_MEMO_EXPLANATION),
        awaiting_since=memo.get(_MEMO_SINCE),
        accepted_at=execution.start_time,
        closed_at=execution.close_time,
    )


def status_of(execution: WorkflowExecution) -> Status:
    """The status that the server knows."""
    if execution.status in _KILLED:
        return Status.ABANDONED
    # One started by another language without attributes, and not yet seen by a worker, has none.
    # So does one whose foreign sender invented a status; a worker will put that right.
    told = execution.typed_search_attributes.get(STATUS)
    return Status(told) if told in set(Status) else Status.DELIVERING


def _status_conditions(given: str) -> list[str]:
    try:
        status = Status(given)
    except ValueError:
        problem = f"status is {shown(given)}: it is one of {', '.join(Status)}"
        raise InvalidInputError(problem) from None
    condition = f"{contract.ATTRIBUTE_STATUS} = '{status}'"
    if status is Status.ABANDONED:
        return [f"({condition} OR {_KILLED_QUERY})"]
    if status is Status.DELIVERING:  # see status_of
        condition = f"({condition} OR {contract.ATTRIBUTE_STATUS} IS NULL)"
    execution = "Completed" if status.is_final else "Running"
    return [condition, f"ExecutionStatus = '{execution}'"]


def _target_condition(target: str) -> str:
    """A URL or ``host:port`` means that port; a bare host means any port of it."""
    _quoted(target)  # before a URL parser makes something harmless of what is not
    if "://" not in target and re.split("[/?#]", target)[0].endswith(":"):
        raise _no_target(target, "there is no port after its colon; without a colon, it is any")
    try:
        url = Url(target if "://" in target else f"http://{target}")
    except ValidationError as error:
        raise _no_target(target, error.errors()[0]["msg"]) from None
    if url.scheme not in {"http", "https"}:
        raise InvalidInputError(f"target {shown(target)} is neither http nor https")
    # Without a scheme, a port that follows the scheme is one that was not given.
    if "://" in target or Url(f"https://{target}").port == url.port:
        return f"{contract.ATTRIBUTE_TARGET} = {_quoted(f'{url.host}:{url.port}')}"
    return f"{contract.ATTRIBUTE_TARGET} STARTS_WITH {_quoted(f'{url.host}:')}"


def _no_target(target: str, problem: str) -> InvalidInputError:
    return InvalidInputError(f"target {shown(target)} is no host, host:port or URL: {problem}")


def _enclosed(where: str) -> str:
    """``where`` in parentheses that nothing in it can leave, however Temporal reads it.

    Outside quotes there is only what conditions are made of. A comment could hide a parenthesis
    from this count, or end what we put around it; a backslash could hide a quote.
    """
    unquoted = _QUOTED.sub(" ", where)
    depth = 0
    for char in unquoted:
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth < 0:
            break
    if not where.strip():
        problem = "is empty"
    elif not where.isprintable() or "\\" in where:
        problem = "cannot hold backslashes or control characters"
    elif "'" in unquoted or '"' in unquoted or "`" in unquoted:
        problem = "has a quote without its end"
    elif "--" in unquoted or not _CONDITION.fullmatch(unquoted):
        problem = "holds, outside quotes, what no condition is made of (a comment is none)"
    elif depth != 0:
        problem = "has a parenthesis without its counterpart"
    else:
        return f"({where})"
    raise InvalidInputError(f"the condition {shown(where)} {problem}")


def _instant(moment: object) -> str:
    if not isinstance(moment, datetime):
        raise InvalidInputError(f"{shown(moment)} is no datetime; give one with a time zone")
    if moment.tzinfo is None:
        raise InvalidInputError(f"{moment.isoformat()} has no time zone; add one, as in +08:00")
    return moment.isoformat()


def _quoted(text: str) -> str:
    if "'" in text or "\\" in text or not text.isprintable():
        raise InvalidInputError(
            f"a filter cannot hold quotes, backslashes or control characters: {shown(text)}"
        )
    return f"'{text}'"
