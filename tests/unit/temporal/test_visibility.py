"""Which notifications a filter finds."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from tests.support.queries import ALL
from tests.support.samples import notification
from tidings.errors import InvalidInputError
from tidings.state import Status
from tidings.temporal.visibility import details, query, search_attributes

ABANDONED = (
    "(NotificationStatus = 'abandoned'"
    " OR ExecutionStatus IN ('Terminated', 'Canceled', 'TimedOut'))"
)
CHINA = timezone(timedelta(hours=8))


def test_without_a_filter_it_finds_what_was_ever_accepted() -> None:
    assert query() == ALL


@pytest.mark.parametrize(
    ("status", "condition"),
    [
        (Status.SCHEDULED, "NotificationStatus = 'scheduled' AND ExecutionStatus = 'Running'"),
        (
            Status.DELIVERING,
            (
                "(NotificationStatus = 'delivering' OR NotificationStatus IS NULL) "
                "AND ExecutionStatus = 'Running'"
            ),
        ),
        (Status.DELIVERED, "NotificationStatus = 'delivered' AND ExecutionStatus = 'Completed'"),
        (
            Status.AWAITING_INTERVENTION,
            "NotificationStatus = 'awaiting_intervention' AND ExecutionStatus = 'Running'",
        ),
        (
            Status.ABANDONED,
            ABANDONED,
        ),
    ],
)
def test_a_status_is_found_and_what_was_killed_counts_as_abandoned(
    status: Status, condition: str
) -> None:
    assert query(status=status) == f"{ALL} AND {condition}"


@pytest.mark.parametrize(
    ("filters", "conditions"),
    [
        ({"type": "payment.succeeded"}, "NotificationType = 'payment.succeeded'"),
        (
            {"since": datetime(2026, 1, 1, tzinfo=UTC)},
            "StartTime >= '2026-01-01T00:00:00+00:00'",
        ),
        (
            {"until": datetime(2026, 1, 1, 8, 30, 0, 5, tzinfo=CHINA)},
            "StartTime < '2026-01-01T08:30:00.000005+08:00'",
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
                "NotificationStatus = 'delivered' AND ExecutionStatus = 'Completed'"
                " AND NotificationTarget STARTS_WITH 'orders.example.com:'"
                " AND NotificationType = 'paid'"
                " AND StartTime >= '2026-01-01T00:00:00+00:00'"
                " AND StartTime < '2026-01-02T00:00:00+08:00'"
            ),
        ),
        (
            {"status": Status.ABANDONED, "type": "paid"},
            f"{ABANDONED} AND NotificationType = 'paid'",
        ),
    ],
    ids=["type", "since", "until", "all", "abandoned-and-type"],
)
def test_filters_are_all_to_hold(filters: dict[str, Any], conditions: str) -> None:
    assert query(**filters) == f"{ALL} AND {conditions}"


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
def test_a_hostile_filter_is_refused_and_told(name: str, value: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        query(**{name: value})  # type: ignore[arg-type]
    assert ascii(value)[1:-1].lower() in str(refused.value).lower()


@pytest.mark.parametrize("name", ["type", "target"])
def test_a_hostile_filter_is_told_in_a_line(name: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        query(**{name: "'" * 100_000})  # type: ignore[arg-type]
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize("name", ["since", "until"])
def test_a_moment_needs_a_time_zone(name: str) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 -- what is refused
    with pytest.raises(InvalidInputError, match=r"2026-01-01T00:00:00 has no time zone"):
        query(**{name: naive})  # type: ignore[arg-type]


def test_a_status_may_be_its_name_and_no_other_text() -> None:
    assert query(status="delivered") == query(status=Status.DELIVERED)  # type: ignore[arg-type]
    for wrong in ("lost", "", 5, ["delivered"]):
        with pytest.raises(
            InvalidInputError, match="it is one of scheduled, delivering"
        ) as refused:
            query(status=wrong)  # type: ignore[arg-type]
        assert repr(wrong) in str(refused.value)


@pytest.mark.parametrize("name", ["since", "until"])
def test_a_moment_is_no_text(name: str) -> None:
    with pytest.raises(InvalidInputError, match="'2026-01-01' is no datetime"):
        query(**{name: "2026-01-01"})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("x" * 2048, "x" * 2048),
        ("x" * 2049, f"{'x' * 2048}…"),
        ("支" * 683, f"{'支' * 682}…"),
        (f"x{'🎉' * 512}", f"x{'🎉' * 511}…"),
    ],
    ids=["fits", "a byte too many", "in a character", "in a pair"],
)
def test_the_page_shows_the_first_2_kib_of_a_body_in_whole_characters(body: str, told: str) -> None:
    page = details(notification(body=body, content_type="text/plain"))
    assert page.splitlines()[-1].strip() == told


def test_a_notification_is_found_by_status_target_and_type() -> None:
    given = notification(target="https://Orders.example.com/notify?secret=1")
    written = {
        pair.key.name: pair.value
        for pair in search_attributes(given, Status.AWAITING_INTERVENTION).search_attributes
    }
    assert written == {
        "NotificationStatus": "awaiting_intervention",
        "NotificationTarget": "orders.example.com:443",
        "NotificationType": "payment.succeeded",
    }
