"""The entry of a notification in Temporal's lists."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, Final, cast

import pytest
from temporalio.client import WorkflowExecution, WorkflowExecutionStatus
from temporalio.common import SearchAttributePair, TypedSearchAttributes

from tests.support.samples import NOW, attempt, notification, state
from tidings import NotificationSummary
from tidings.state import Status
from tidings.temporal import visibility
from tidings.temporal.visibility import search_attributes, status_of, summary

RUNNING: Final = WorkflowExecutionStatus.RUNNING
LATER: Final = NOW + timedelta(hours=1)


def execution(
    memo: Mapping[str, object],
    *,
    status: Status | str | None = Status.AWAITING_INTERVENTION,
    execution_status: WorkflowExecutionStatus = RUNNING,
    accepted_at: datetime | None = None,
    cause: str | None = None,
) -> WorkflowExecution:
    """A row of a list, as Temporal gives it."""
    given = (
        (visibility.STATUS, status),
        (visibility.CAUSE, cause),
        (visibility.ACCEPTED_AT, accepted_at),
        (visibility.TYPE, "payment.succeeded"),
        (visibility.TARGET, "orders.example.com:443"),
    )
    pairs = [SearchAttributePair[Any](key, value) for key, value in given if value is not None]

    async def read() -> Mapping[str, object]:
        return memo

    found = SimpleNamespace(
        id="notification:payment-1",
        status=execution_status,
        start_time=NOW,
        close_time=None if execution_status is RUNNING else LATER,
        typed_search_attributes=TypedSearchAttributes(pairs),
        memo=read,
    )
    return cast("WorkflowExecution", found)


STUCK: Final = state(
    status="awaiting_intervention",
    reason="refused",
    cause="refused:404",
    explanation="refused with 404",
    awaiting_since=LATER,
    expires_at=LATER,
    attempts=[attempt(1, status_code=404, excerpt="x" * 500)],
    interventions=[{"action": "correct", "at": NOW, "operator": "li", "reason": "moved"}],
)
RESULT: Final = {
    "target": STUCK.target,
    "explanation": "refused with 404",
    "expires_at": LATER,
    "attempt_count": 1,
    "status_code": 404,
    "excerpt": "x" * 200,
    "operator": "li",
    "operator_reason": "moved",
}
WHILE_STUCK: Final = {"reason": "refused", "awaiting_since": LATER, "cause": "refused:404"}


def shown(found: NotificationSummary) -> dict[str, object]:
    """The fields with a value, without those of every row."""
    every = {"id", "type", "authority", "status", "accepted_at", "closed_at"}
    return {name: value for name, value in found if value is not None and name not in every}


@pytest.mark.parametrize(
    ("status", "execution_status", "expected"),
    [
        ("awaiting_intervention", RUNNING, {**RESULT, **WHILE_STUCK}),
        ("delivering", RUNNING, {"target": STUCK.target}),
        ("scheduled", RUNNING, {"target": STUCK.target}),
        ("made up", RUNNING, {"target": STUCK.target}),
        (None, RUNNING, {"target": STUCK.target}),
        ("delivered", WorkflowExecutionStatus.COMPLETED, RESULT),
        ("awaiting_intervention", WorkflowExecutionStatus.TERMINATED, RESULT),
        (
            "awaiting_intervention",
            WorkflowExecutionStatus.FAILED,
            {"target": STUCK.target, "explanation": "refused with 404"},
        ),
    ],
)
async def test_a_row_shows_what_its_status_makes_true(
    status: str | None,
    execution_status: WorkflowExecutionStatus,
    expected: dict[str, object],
) -> None:
    """The memo of a killed workflow says that it is stuck, and it is not any more."""
    row = execution(
        visibility.memo(STUCK),
        status=status,
        execution_status=execution_status,
        cause="refused:404",
    )
    assert shown(await summary(row)) == expected


def test_the_memo_of_what_is_not_stuck_takes_back_what_it_was() -> None:
    """Temporal keeps each name of a memo until it is set to nothing."""
    again = visibility.memo(STUCK.model_copy(update={"status": Status.DELIVERING}))
    assert again.keys() == visibility.memo(STUCK).keys()
    assert {name for name, value in again.items() if value is not None} == {"target"}


@pytest.mark.parametrize(
    "memo",
    [
        {"target": 5},
        {"explanation": {"a": 1}},
        {"attempt_count": "many"},
        {"awaiting_since": "soon"},
        {"reason": "made up"},
        {"status_code": []},
        {"accepted_at": "2026-13-01"},
    ],
)
async def test_a_memo_of_other_values_hides_no_row(memo: dict[str, object]) -> None:
    found = await summary(execution(memo))
    assert (found.id, found.status) == ("payment-1", Status.AWAITING_INTERVENTION)
    assert shown(found) == {}


async def test_a_memo_cannot_replace_what_the_server_knows() -> None:
    memo = {"id": "x", "status": "delivered", "authority": "x:1", "closed_at": NOW.isoformat()}
    found = await summary(execution({**memo, "cause": "timeout", "type": "x", "nonsense": 1}))
    assert found == await summary(execution({}))


async def test_a_later_run_has_the_moment_of_its_acceptance() -> None:
    exact = NOW + timedelta(microseconds=123_456)
    memo = visibility.later_memo(exact)
    found = await summary(execution(memo, accepted_at=exact.replace(microsecond=123_000)))
    assert found.accepted_at == exact
    assert (await summary(execution({}, accepted_at=LATER))).accepted_at == LATER
    assert (await summary(execution({}))).accepted_at == NOW


@pytest.mark.parametrize(
    ("execution_status", "expected"),
    [
        (WorkflowExecutionStatus.TERMINATED, Status.ABANDONED),
        (WorkflowExecutionStatus.CANCELED, Status.ABANDONED),
        (WorkflowExecutionStatus.TIMED_OUT, Status.ABANDONED),
        (WorkflowExecutionStatus.FAILED, Status.REJECTED),
        (RUNNING, Status.SCHEDULED),
    ],
)
def test_the_end_of_a_workflow_counts_before_its_attribute(
    execution_status: WorkflowExecutionStatus, expected: Status
) -> None:
    row = execution({}, status=Status.SCHEDULED, execution_status=execution_status)
    assert status_of(row) is expected


def test_a_notification_is_found_by_status_target_and_type() -> None:
    sent = notification(target="https://Orders.example.com/notify?secret=1")
    written = {
        pair.key.name: pair.value
        for pair in search_attributes(sent, Status.AWAITING_INTERVENTION).search_attributes
    }
    assert written == {
        "NotificationStatus": "awaiting_intervention",
        "NotificationTarget": "orders.example.com:443",
        "NotificationType": "payment.succeeded",
    }
