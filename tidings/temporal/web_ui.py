"""The query for the list in Temporal's Web UI; pure."""

from collections.abc import Iterator

from tidings import contract
from tidings.filter import Filter


def list_query(filter_: Filter) -> str:
    """The query of the running and rejected notifications of ``filter_``.

    The list of the Web UI knows neither path nor reason nor since when something is stuck, so it
    may show more. The Web UI shows each condition as a filter of its own, so there is no OR.
    """
    return " AND ".join(_conditions(filter_))


def _conditions(filter_: Filter) -> Iterator[str]:
    yield "ExecutionStatus IN ('Running', 'Failed')"  # not the earlier runs of a long history
    statuses = ", ".join(f"'{each}'" for each in filter_.statuses)
    yield f"{contract.ATTRIBUTE_STATUS} IN ({statuses})"
    if filter_.type is not None:
        yield f"{contract.ATTRIBUTE_TYPE} = '{filter_.type}'"
    if filter_.authority is not None:
        operator = "STARTS_WITH" if filter_.authority.endswith(":") else "="
        yield f"{contract.ATTRIBUTE_TARGET} {operator} '{filter_.authority}'"
    if filter_.cause is not None:
        yield f"{contract.ATTRIBUTE_CAUSE} STARTS_WITH '{filter_.cause}'"
    if filter_.id_prefix is not None:  # the shortest of what it means
        yield f"WorkflowId STARTS_WITH '{contract.workflow_id(filter_.id_prefixes[-1])}'"
