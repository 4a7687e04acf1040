"""Runs that have ended although their notification goes on, and which lists still have.

A notification that has ended and is sent again gets a new run, and the run before it is deleted.
The server deletes it some seconds later, so lists, pages and counts leave it out themselves.
"""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final

from temporalio.client import Client, WorkflowExecution

from tidings import contract
from tidings.temporal import calls

AT_ONCE: Final = 100
"""The ids of one query."""
_SETTLED: Final = timedelta(minutes=15)
"""The time within which a server deletes a run that it has promised to delete."""


@dataclass(frozen=True)
class Replacements:
    """The runs that were replaced, and those that took their place."""

    earlier: frozenset[str] = frozenset()
    """The ids of the runs that a later run has replaced, and that lists still have."""
    later: frozenset[str] = frozenset()
    """The ids of all later runs, also of those whose earlier run is gone."""


async def replacements(client: Client) -> Replacements:
    """The runs that are replaced now. A run that is replaced after this call is not among them."""
    newest = dict[str, WorkflowExecution]()
    async for each in _later_runs(client):
        known = newest.get(each.id)
        if known is None or known.start_time < each.start_time:
            newest[each.id] = each
    earlier = [
        each.run_id
        async for each in _runs(client, newest)
        if each.start_time < newest[each.id].start_time
    ]
    return Replacements(frozenset(earlier), frozenset(each.run_id for each in newest.values()))


async def count_of(client: Client, query: str, run_ids: Iterable[str]) -> int:
    """The number of these runs that ``query`` finds."""
    count = 0
    for listed in _lists_of(run_ids):
        count += (await client.count_workflows(f"{query} AND RunId IN ({listed})")).count
    return count


def _later_runs(client: Client) -> AsyncIterator[WorkflowExecution]:
    """The later runs whose earlier run may still be there.

    A run asks for that deletion before it ends.
    """
    unsettled = (datetime.now(UTC) - _SETTLED).isoformat()
    return client.list_workflows(
        f"WorkflowType = '{contract.WORKFLOW_TYPE}' "
        f"AND {contract.ATTRIBUTE_ACCEPTED_AT} IS NOT NULL "
        f"AND (ExecutionStatus = 'Running' OR CloseTime >= '{unsettled}')",
        rpc_timeout=calls.TIMEOUT,  # of each page
    )


async def _runs(client: Client, workflow_ids: Iterable[str]) -> AsyncIterator[WorkflowExecution]:
    """The runs of these workflows. One that has just ended may still be listed as running."""
    for listed in _lists_of(workflow_ids):
        async for each in client.list_workflows(
            f"WorkflowId IN ({listed}) AND ExecutionStatus != 'ContinuedAsNew'",
            rpc_timeout=calls.TIMEOUT,
        ):
            yield each


def _lists_of(ids: Iterable[str]) -> Iterable[str]:
    """The ids in quotes, in lists that are short enough for a query."""
    rest = iter(ids)
    while chunk := list(islice(rest, AT_ONCE)):
        yield ", ".join(f"'{each}'" for each in chunk)
