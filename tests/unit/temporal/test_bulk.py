"""The start of a batch, as far as it is checked without a server."""

from types import SimpleNamespace

import pytest
from temporalio.client import WorkflowExecutionStatus

from tests.support.fake_temporal import Answering, client_of
from tidings import Filter, InvalidInputError, Resend


@pytest.mark.parametrize("rate", [0, -1, 1e-9, 0.000999, float("nan"), float("inf")])
async def test_a_rate_has_a_lower_limit(rate: float) -> None:
    temporal = Answering(WorkflowExecutionStatus.RUNNING, SimpleNamespace(count=5))
    with pytest.raises(
        InvalidInputError, match=r"rate is .*: it has to be at least 0\.001 a second"
    ):
        await client_of(temporal).resend_all(everything=True, rate=rate)


@pytest.mark.parametrize("rate", [0.001, 5, 1e300])
async def test_any_other_rate_is_taken(rate: float) -> None:
    temporal = Answering(WorkflowExecutionStatus.RUNNING, SimpleNamespace(count=5))
    batch = await client_of(temporal).resend_all(everything=True, rate=rate)
    assert batch is not None
    assert (batch.total, batch.remaining, batch.resolved, batch.refused) == (5, 5, 0, 0)


async def test_a_condition_beside_a_filter_is_refused() -> None:
    """The batch has its own condition, so this one would be lost."""
    temporal = Answering(WorkflowExecutionStatus.RUNNING, SimpleNamespace(count=5))
    condition = Resend(only_if=Filter(type="paid"))
    with pytest.raises(InvalidInputError, match="put its fields into the filter"):
        await client_of(temporal).resend_all(condition, everything=True)
