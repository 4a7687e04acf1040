"""The visibility query of a filter; pure."""

from typing import Final

from tidings import contract
from tidings.filter import Filter
from tidings.state import Status

_KILLED: Final = "ExecutionStatus IN ('Terminated', 'Canceled', 'TimedOut')"


def query(filter_: Filter) -> str:
    """The visibility query that finds the notifications of ``filter_``.

    It does not find input that was never accepted as a notification. A notification that was
    killed in Temporal counts as abandoned, even if its attribute has another status.
    """
    conditions = [
        f"WorkflowType = '{contract.WORKFLOW_TYPE}'",
        f"WorkflowId STARTS_WITH '{contract.WORKFLOW_ID_PREFIX}'",
        "ExecutionStatus != 'Failed'",
        "ExecutionStatus != 'ContinuedAsNew'",
    ]
    if filter_.status is not None:
        conditions += _of_status(filter_.status)
    if filter_.authority is not None:
        operator = "STARTS_WITH" if filter_.authority.endswith(":") else "="
        conditions.append(f"{contract.ATTRIBUTE_TARGET} {operator} '{filter_.authority}'")
    if filter_.type is not None:
        conditions.append(f"{contract.ATTRIBUTE_TYPE} = '{filter_.type}'")
    if filter_.since is not None:
        conditions.append(f"StartTime >= '{filter_.since.isoformat()}'")
    if filter_.until is not None:
        conditions.append(f"StartTime < '{filter_.until.isoformat()}'")
    if filter_.where is not None:
        conditions.append(f"({filter_.where})")
    return " AND ".join(conditions)


def _of_status(status: Status) -> list[str]:
    condition = f"{contract.ATTRIBUTE_STATUS} = '{status}'"
    if status is Status.ABANDONED:
        return [f"({condition} OR {_KILLED})"]
    if status is Status.DELIVERING:  # see visibility.status_of
        condition = f"({condition} OR {contract.ATTRIBUTE_STATUS} IS NULL)"
    execution = "Completed" if status.is_final else "Running"
    return [condition, f"ExecutionStatus = '{execution}'"]
