"""The visibility query of a filter."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any, cast

import pytest

from tests.support.queries import ALL, KIND
from tidings.errors import InvalidInputError
from tidings.filter import Filter, FilterFields
from tidings.state import Status, WaitReason
from tidings.temporal.query import query

ABANDONED = (
    "(NotificationStatus = 'abandoned'"
    " OR ExecutionStatus IN ('Terminated', 'Canceled', 'TimedOut'))"
)


def accepted(operator: str, moment: str) -> str:
    """The condition; a lower limit of the attribute is cut to milliseconds, as Temporal cuts it."""
    limit = moment.replace("00:00:00+", "00:00:00.000+") if operator == ">=" else moment
    return (
        f"(NotificationAcceptedAt {operator} '{limit}' OR "
        f"(NotificationAcceptedAt IS NULL AND StartTime {operator} '{moment}'))"
    )


CHINA = timezone(timedelta(hours=8))


def test_an_empty_filter_finds_what_was_accepted_or_rejected() -> None:
    assert query(Filter()) == ALL


@pytest.mark.parametrize(
    ("status", "condition"),
    [
        (Status.SCHEDULED, "(NotificationStatus = 'scheduled' AND ExecutionStatus = 'Running')"),
        (
            Status.DELIVERING,
            (
                "((NotificationStatus = 'delivering' OR NotificationStatus IS NULL) "
                "AND ExecutionStatus = 'Running')"
            ),
        ),
        (Status.DELIVERED, "(NotificationStatus = 'delivered' AND ExecutionStatus = 'Completed')"),
        (
            Status.AWAITING_INTERVENTION,
            "(NotificationStatus = 'awaiting_intervention' AND ExecutionStatus = 'Running')",
        ),
        (
            Status.ABANDONED,
            ABANDONED,
        ),
        (Status.REJECTED, "ExecutionStatus = 'Failed'"),
    ],
)
def test_a_status_has_its_condition(status: Status, condition: str) -> None:
    assert query(Filter(status=status)) == f"{ALL} AND ({condition})"


def test_several_statuses_are_alternatives() -> None:
    several = Filter(status=(Status.SCHEDULED, Status.ABANDONED))
    scheduled = "(NotificationStatus = 'scheduled' AND ExecutionStatus = 'Running')"
    assert query(several) == f"{ALL} AND ({scheduled} OR {ABANDONED})"
    rejected = Filter(status=(Status.ABANDONED, Status.REJECTED))
    assert query(rejected) == f"{ALL} AND ({ABANDONED} OR ExecutionStatus = 'Failed')"


def test_case_20_what_has_a_reason_is_stuck() -> None:
    stuck = "(NotificationStatus = 'awaiting_intervention' AND ExecutionStatus = 'Running')"
    assert query(Filter(reason=WaitReason.REFUSED)) == f"{ALL} AND {stuck}"
    with_status = Filter(reason=WaitReason.REFUSED, status=Status.AWAITING_INTERVENTION)
    assert query(with_status) == f"{ALL} AND ({stuck})"


def test_an_id_may_be_searched_by_its_beginning() -> None:
    """What was rejected is found by it, too, if its workflow has such an id."""
    found = query(Filter(id_prefix="order/1075"))
    assert found == f"{KIND} AND WorkflowId STARTS_WITH 'notification:order/1075'"
    found = query(Filter(id_prefix="notification:order"))
    assert found == (
        f"{KIND} AND (WorkflowId STARTS_WITH 'notification:notification:order' "
        "OR WorkflowId STARTS_WITH 'notification:order')"
    )


@pytest.mark.parametrize(
    ("filters", "conditions"),
    [
        ({"type": "payment.succeeded"}, "NotificationType = 'payment.succeeded'"),
        (
            {"since": datetime(2026, 1, 1, tzinfo=UTC)},
            accepted(">=", "2026-01-01T00:00:00+00:00"),
        ),
        (
            {"until": datetime(2026, 1, 1, 8, 30, 0, 5, tzinfo=CHINA)},
            accepted("<", "2026-01-01T08:30:00.000005+08:00"),
        ),
        (
            {
                "status": Status.DELIVERED,
                "target": "orders.example.com",
                "type": "paid",
                "since": datetime(2026, 1, 1, tzinfo=UTC),
                "until": datetime(2026, 1, 2, tzinfo=CHINA),
            },
            (
                "((NotificationStatus = 'delivered' AND ExecutionStatus = 'Completed'))"
                " AND NotificationTarget STARTS_WITH 'orders.example.com:'"
                " AND NotificationType = 'paid'"
                f" AND {accepted('>=', '2026-01-01T00:00:00+00:00')}"
                f" AND {accepted('<', '2026-01-02T00:00:00+08:00')}"
            ),
        ),
        (
            {"status": Status.ABANDONED, "type": "paid"},
            f"({ABANDONED}) AND NotificationType = 'paid'",
        ),
    ],
    ids=["type", "since", "until", "all", "abandoned-and-type"],
)
def test_every_field_adds_its_condition(filters: dict[str, Any], conditions: str) -> None:
    assert query(Filter.model_validate(filters)) == f"{ALL} AND {conditions}"


@pytest.mark.parametrize("name", ["type", "target"])
@pytest.mark.parametrize(
    "value",
    [
        "x' OR 'a' = 'a",
        "it's",
        "'",
        "x\\",
        "x\\' OR 1 = 1",
        "x\n",
        "x\r\ny",
        "x\x00",
        "x\x1b[2J",
        "x\u2028",
        "x\u200b",
        "x\ud800",
    ],
    ids=ascii,
)
def test_a_hostile_filter_is_refused(name: str, value: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        Filter.model_validate({name: value})
    assert ascii(value)[1:-1].lower() in str(refused.value).lower()


@pytest.mark.parametrize("name", ["type", "target"])
def test_a_hostile_filter_is_refused_in_a_line(name: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        Filter.model_validate({name: "'" * 100_000})
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize("name", ["since", "until"])
def test_a_moment_needs_a_time_zone(name: str) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 -- what is refused
    with pytest.raises(InvalidInputError, match=r"2026, 1, 1, 0, 0.*timezone"):
        Filter.model_validate({name: naive})


def test_a_status_may_be_its_name_and_no_other_text() -> None:
    assert Filter.model_validate({"status": "delivered"}) == Filter(status=Status.DELIVERED)
    for wrong in ("lost", "", 5):
        with pytest.raises(InvalidInputError, match="'scheduled', 'delivering'") as refused:
            Filter.model_validate({"status": wrong})
        assert repr(wrong) in str(refused.value)


@pytest.mark.parametrize("name", ["since", "until"])
def test_a_moment_may_be_a_text_with_its_zone(name: str) -> None:
    moment = datetime(2026, 1, 1, tzinfo=CHINA)
    found = Filter.model_validate({name: "2026-01-01T00:00:00+08:00"})
    assert found == Filter.model_validate({name: moment})
    with pytest.raises(InvalidInputError, match="timezone"):
        Filter.model_validate({name: "2026-01-01"})


def test_a_filter_is_an_object_or_fields_and_not_both() -> None:
    paid = Filter(type="paid")
    assert Filter.of(None, {}) == Filter()
    assert Filter.of(None, {"type": "paid"}) == paid
    assert Filter.of(paid, {}) is paid
    with pytest.raises(InvalidInputError, match="put type into the Filter"):
        Filter.of(paid, {"type": "paid"})
    with pytest.raises(InvalidInputError, match="Filter is 'paid'"):
        Filter.of(cast("Filter", "paid"), {})


def test_the_fields_of_a_call_are_those_of_a_filter() -> None:
    assert list(FilterFields.__annotations__) == list(Filter.model_fields)


def test_a_filter_that_ends_before_it_begins_is_refused() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    for until in (moment, moment - timedelta(seconds=1)):
        with pytest.raises(InvalidInputError, match="must be later than since"):
            Filter(since=moment, until=until)
