"""The visibility query of a filter; pure."""

from datetime import datetime
from typing import Final

from tidings import contract
from tidings.filter import Filter
from tidings.state import Status

_KILLED: Final = "ExecutionStatus IN ('Terminated', 'Canceled', 'TimedOut')"


def query(filter_: Filter) -> str:
    """The visibility query that finds the notifications of ``filter_``.

    It does not find input that was never accepted as a notification. A notification that was
    killed in Temporal counts as abandoned, even if its attribute has another status. The query
    cannot hold a path or a reason, because lists do not know them: it may find more than
    ``filter_`` means (see ``Filter.is_exact``), and ``find`` leaves those out.
    """
    conditions = [
        f"WorkflowType = '{contract.WORKFLOW_TYPE}'",
        f"WorkflowId STARTS_WITH '{contract.workflow_id(filter_.id_prefix or '')}'",
        "ExecutionStatus != 'Failed'",
        "ExecutionStatus != 'ContinuedAsNew'",
    ]
    if filter_.statuses:
        conditions.append(f"({' OR '.join(_of_status(each) for each in filter_.statuses)})")
    elif filter_.reason is not None:  # nothing else has a reason
        conditions.append(_of_status(Status.AWAITING_INTERVENTION))
    if filter_.authority is not None:
        operator = "STARTS_WITH" if filter_.authority.endswith(":") else "="
        conditions.append(f"{contract.ATTRIBUTE_TARGET} {operator} '{filter_.authority}'")
    if filter_.type is not None:
        conditions.append(f"{contract.ATTRIBUTE_TYPE} = '{filter_.type}'")
    if filter_.since is not None:
        conditions.append(_accepted(">=", filter_.since))
    if filter_.until is not None:
        conditions.append(_accepted("<", filter_.until))
    if filter_.where is not None:
        conditions.append(f"({filter_.where})")
    return " AND ".join(conditions)


def _of_status(status: Status) -> str:
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
