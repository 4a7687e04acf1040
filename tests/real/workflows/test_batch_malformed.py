"""No order of a batch, whatever its shape, makes its workflow hang."""

from typing import Any

import pytest

from tests.support.skipped_time import SkippedTime, replay
from tests.support.until import until
from tidings import Batch, BatchState, Resend, contract
from tidings.filter import Filter
from tidings.intervention import BatchOrder

ORDER = BatchOrder.of(Resend(operator="li"), Filter(type="nobody.s"), rate=20, total=3).to_json()
FILTER = ORDER["filter"]


async def ended(service: SkippedTime, batch_id: str, *arguments: Any) -> Batch:
    """The batch of a start with ``arguments``, once it has ended."""
    handle = await service.environment.client.start_workflow(
        contract.BATCH_WORKFLOW_TYPE,
        args=arguments,
        id=batch_id,
        task_queue=contract.TASK_QUEUE,
    )

    async def is_over() -> Batch | None:
        batch = await service.client.batch(batch_id)
        return batch if batch.state is not BatchState.RUNNING else None

    batch = await until(is_over, within=20)
    await replay(await handle.fetch_history())
    return batch


@pytest.mark.parametrize(
    ("number", "arguments", "problem"),
    [
        pytest.param(1, [], "BatchOrder is None", id="nothing"),
        pytest.param(2, [None], "BatchOrder is None", id="null"),
        pytest.param(3, [5], "BatchOrder is 5", id="number"),
        pytest.param(4, [{}], "BatchOrder.action is missing", id="empty"),
        pytest.param(5, [{**ORDER, "action": "delete"}], "action is 'delete'", id="action"),
        pytest.param(6, [{**ORDER, "rate": 0}], "rate is 0", id="rate"),
        pytest.param(7, [{**ORDER, "document": {"traget": 1}}], "'traget'", id="document"),
        pytest.param(8, [{**ORDER, "filter": {"target": "x y"}}], "target is 'x y'", id="filter"),
        pytest.param(
            9, [{**ORDER, "filter": {**FILTER, "where": "Nonsense = 1"}}], "Nonsense", id="query"
        ),
    ],
)
async def test_a_malformed_order_fails_with_the_reason(
    service: SkippedTime, number: int, arguments: list[Any], problem: str
) -> None:
    batch = await ended(service, f"batch:resend-20260101T000000Z-{number:06x}", *arguments)
    assert batch.state is BatchState.FAILED
    assert problem in (batch.last_problem or "")
    assert (batch.action, batch.resolved, batch.failed) == ("resend", 0, 0)


async def test_one_that_was_started_by_hand_is_listed(service: SkippedTime) -> None:
    """It has no memo, which those of our client have."""
    batch_id = "batch:resend-20260101T000000Z-abcdef"
    batch = await ended(service, batch_id, ORDER)
    assert (batch.state, batch.total, batch.refused) == (BatchState.COMPLETED, 3, 3)

    async def is_listed() -> bool:
        return batch_id in [each.id async for each in service.client.batches()]

    await until(is_listed, within=20)
