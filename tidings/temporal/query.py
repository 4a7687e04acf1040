"""The visibility query of a filter; pure."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from tidings import contract
from tidings.filter import Filter
from tidings.state import Status
from tidings.state.cause import prefixes
from tidings.state.moment import Moment

_REJECTED: Final = "ExecutionStatus = 'Failed'"
_KILLED: Final = "ExecutionStatus IN ('Terminated', 'Canceled', 'TimedOut')"


def query(filter_: Filter) -> str:
    """The visibility query that finds the notifications of ``filter_``.

    A notification that was killed in Temporal counts as abandoned, even if its attribute has
    another status; a start that was not a notification as rejected. The query cannot hold a path,
    a reason, or since when something is stuck, because lists do not know them: it may find more
    than ``filter_`` means (see ``Filter.is_exact``), and ``find`` leaves those out.
    """
    conditions = [
        f"WorkflowType = '{contract.WORKFLOW_TYPE}'",
        "ExecutionStatus != 'ContinuedAsNew'",
        _of_id(filter_),
    ]
    if filter_.statuses:
        conditions.append(_any(_of_status(each) for each in filter_.statuses))
    elif filter_.is_of_stuck:
        conditions.append(_of_status(Status.AWAITING_INTERVENTION))
    if filter_.cause is not None:
        conditions.append(_caused_by(filter_.cause))
    if filter_.authority is not None:
        operator = "STARTS_WITH" if filter_.authority.endswith(":") else "="
        conditions.append(f"{contract.ATTRIBUTE_TARGET} {operator} '{filter_.authority}'")
    if filter_.type is not None:
        conditions.append(f"{contract.ATTRIBUTE_TYPE} = '{filter_.type}'")
    for operator, limit in ((">=", filter_.since), ("<", filter_.until)):
        if limit is not None and filter_.moment is Moment.ENDED:
            conditions.append(f"CloseTime {operator} '{limit.isoformat()}'")
        elif limit is not None and filter_.moment is not Moment.STUCK:
            conditions.append(_accepted(operator, limit))
    if filter_.where is not None:
        conditions.append(f"({filter_.where})")
    return " AND ".join(conditions)


def unfound(ids: Iterable[str], found: Collection[str]) -> list[str]:
    """Those of ``ids``, as a person gives them, that mean none of the notifications ``found``."""
    workflow_ids = {contract.workflow_id(each) for each in found}
    return [it for it in ids if workflow_ids.isdisjoint(contract.possible_workflow_ids(it))]


def _any(conditions: Iterable[str]) -> str:
    return f"({' OR '.join(conditions)})"


def _of_id(filter_: Filter) -> str:
    """A start with an id that no notification has was rejected, and is found like the others."""
    if filter_.ids is not None:
        possible = [each for id_ in filter_.ids for each in contract.possible_workflow_ids(id_)]
        listed = ", ".join(f"'{each}'" for each in possible)
        return f"WorkflowId IN ({listed})"
    begins = [_begins(each) for each in filter_.id_prefixes]
    if len(begins) == 1:
        return begins[0]
    return _any(begins or [_begins(""), _REJECTED])


def _begins(id_prefix: str) -> str:
    return f"WorkflowId STARTS_WITH '{contract.workflow_id(id_prefix)}'"


def _caused_by(cause: str) -> str:
    """A code without its detail means every detail."""
    attribute = contract.ATTRIBUTE_CAUSE
    beginnings = (f"{attribute} STARTS_WITH '{each}'" for each in prefixes(cause))
    return _any([f"{attribute} = '{cause}'", *beginnings])


def _of_status(status: Status) -> str:
    if status is Status.REJECTED:
        return _REJECTED
    condition = f"{contract.ATTRIBUTE_STATUS} = '{status}'"
    if status is Status.ABANDONED:
        return f"({condition} OR {_KILLED})"
    if status is Status.DELIVERING:  # see visibility.status_of
        condition = f"({condition} OR {contract.ATTRIBUTE_STATUS} IS NULL)"
    execution = "Completed" if status.is_final else "Running"
    return f"({condition} AND ExecutionStatus = '{execution}')"


def _accepted(operator: str, moment: datetime) -> str:
    """A condition on the moment of acceptance, which only later runs have as an attribute.

    Temporal cuts an attribute to milliseconds, so a lower limit is cut, too.
    """
    attribute = contract.ATTRIBUTE_ACCEPTED_AT
    limit = moment.isoformat(timespec="milliseconds" if operator == ">=" else "auto")
    later_run = f"{attribute} {operator} '{limit}'"
    first_run = f"{attribute} IS NULL AND StartTime {operator} '{moment.isoformat()}'"
    return f"({later_run} OR ({first_run}))"
