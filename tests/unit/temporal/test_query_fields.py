"""The conditions for ids, causes and moments."""

from datetime import UTC, datetime
from typing import Any, Final

import pytest

from tests.support.queries import ALL, KIND
from tidings.filter import MAX_IDS, Filter
from tidings.state import Moment, Status
from tidings.temporal.query import query

STUCK: Final = "(NotificationStatus = 'awaiting_intervention' AND ExecutionStatus = 'Running')"
SINCE: Final = datetime(2026, 1, 1, tzinfo=UTC)
UNTIL: Final = datetime(2026, 1, 2, tzinfo=UTC)

IDS: Final[dict[str, tuple[Any, list[str]]]] = {
    "one": ("payment-1", ["notification:payment-1"]),
    "several": (["b", "a", "c/1"], ["notification:b", "notification:a", "notification:c/1"]),
    "twice-the-same": (["a", "b", "a"], ["notification:a", "notification:b"]),
    "copied-from-the-web-ui": (
        "notification:payment-1",
        ["notification:notification:payment-1", "notification:payment-1"],
    ),
    "of-a-report": ("a:report:1", ["notification:a:report:1"]),
}
"""Ids, and those of the workflows that they may mean."""


@pytest.mark.parametrize(("ids", "workflows"), IDS.values(), ids=IDS)
def test_ids_are_the_only_condition_on_the_id(ids: Any, workflows: list[str]) -> None:
    """They may be of what was rejected, too."""
    listed = ", ".join(f"'{each}'" for each in workflows)
    assert query(Filter.model_validate({"ids": ids})) == f"{KIND} AND WorkflowId IN ({listed})"


def test_as_many_ids_as_a_filter_takes_make_a_query() -> None:
    found = query(Filter(ids=[f"n-{number}" for number in range(MAX_IDS)]))
    assert found.count("'notification:n-") == MAX_IDS


CAUSES: Final = {
    "word": ("timeout", ["timeout:", "timeout="]),
    "family": ("answered", ["answered:", "answered="]),
    "status": ("answered:500", ["answered:500:", "answered:500="]),
    "place": ("body:/code", ["body:/code:", "body:/code="]),
    "value": ("body:/code=FAIL", ["body:/code=FAIL:", "body:/code=FAIL="]),
}
"""A code, and the beginnings of the codes that it means besides itself."""


@pytest.mark.parametrize(("cause", "beginnings"), CAUSES.values(), ids=CAUSES)
def test_a_cause_means_its_details_too(cause: str, beginnings: list[str]) -> None:
    alternatives = [f"NotificationCause = '{cause}'"] + [
        f"NotificationCause STARTS_WITH '{each}'" for each in beginnings
    ]
    condition = f"({' OR '.join(alternatives)})"
    assert query(Filter(cause=cause)) == f"{ALL} AND {STUCK} AND {condition}"
    with_status = query(Filter(cause=cause, status=Status.AWAITING_INTERVENTION))
    assert with_status == f"{ALL} AND ({STUCK}) AND {condition}"
    assert Filter(cause=cause).is_exact


ACCEPTED: Final = (
    "(NotificationAcceptedAt >= '2026-01-01T00:00:00.000+00:00' OR "
    "(NotificationAcceptedAt IS NULL AND StartTime >= '2026-01-01T00:00:00+00:00'))"
    " AND (NotificationAcceptedAt < '2026-01-02T00:00:00+00:00' OR "
    "(NotificationAcceptedAt IS NULL AND StartTime < '2026-01-02T00:00:00+00:00'))"
)
ENDED: Final = (
    "CloseTime >= '2026-01-01T00:00:00+00:00' AND CloseTime < '2026-01-02T00:00:00+00:00'"
)
MOMENTS: Final[dict[str, tuple[Moment | None, str, bool]]] = {
    "none": (None, ACCEPTED, True),
    "accepted": (Moment.ACCEPTED, ACCEPTED, True),
    "ended": (Moment.ENDED, ENDED, True),
    "stuck": (Moment.STUCK, STUCK, False),
}
"""Moment, conditions, and whether the query decides it alone."""


@pytest.mark.parametrize(("moment", "conditions", "is_exact"), MOMENTS.values(), ids=MOMENTS)
def test_a_period_is_about_its_moment(
    moment: Moment | None,
    conditions: str,
    is_exact: bool,  # noqa: FBT001
) -> None:
    """Lists do not know since when something is stuck, so that is decided behind the query."""
    filter_ = Filter(moment=moment, since=SINCE, until=UNTIL)
    assert query(filter_) == f"{ALL} AND {conditions}"
    assert filter_.is_exact is is_exact


@pytest.mark.parametrize("limit", [{"since": SINCE}, {"until": UNTIL}], ids=["since", "until"])
def test_a_period_may_have_one_end(limit: dict[str, datetime]) -> None:
    name, value = next(iter(limit.items()))
    operator = ">=" if name == "since" else "<"
    ended = query(Filter.model_validate({"moment": "ended", **limit}))
    assert ended == f"{ALL} AND CloseTime {operator} '{value.isoformat()}'"
    assert query(Filter.model_validate({"moment": "stuck", **limit})) == f"{ALL} AND {STUCK}"


def test_every_field_stands_in_its_place() -> None:
    whole = Filter(
        ids="a", cause="tls", target="a.test:80", type="paid", moment=Moment.ENDED, since=SINCE
    )
    assert query(whole) == (
        f"{KIND} AND WorkflowId IN ('notification:a') AND {STUCK}"
        " AND (NotificationCause = 'tls' OR NotificationCause STARTS_WITH 'tls:'"
        " OR NotificationCause STARTS_WITH 'tls=')"
        " AND NotificationTarget = 'a.test:80' AND NotificationType = 'paid'"
        " AND CloseTime >= '2026-01-01T00:00:00+00:00'"
    )
