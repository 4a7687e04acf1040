"""The groups of what is not delivered."""

from datetime import timedelta
from typing import Any, Final

import pytest

from tests.support.samples import NOW
from tidings import NotificationSummary, Status, WaitReason
from tidings.cli.undelivered import STATUSES, By, Undelivered
from tidings.state import Moment

MINUTE: Final = timedelta(minutes=1)
LIMIT: Final = NOW - 5 * MINUTE
STUCK: Final = Status.AWAITING_INTERVENTION


def listed(status: Status = STUCK, **fields: Any) -> NotificationSummary:
    known = {
        "id": "payment-1",
        "type": "payment.succeeded",
        "target": "https://orders.example.com/paid",
        "authority": "orders.example.com:443",
        "status": status,
        "cause": "refused:404" if status is STUCK else None,
        "awaiting_since": NOW if status is STUCK else None,
        "accepted_at": NOW,
    }
    return NotificationSummary.model_validate({**known, **fields})


def grouped(
    *notifications: NotificationSummary,
    by: tuple[By, ...] = (By.AUTHORITY,),
    moment: Moment = Moment.ACCEPTED,
) -> list[dict[str, Any]]:
    """The rows, without their moments."""
    found = Undelivered(by, moment, LIMIT)
    for each in notifications:
        found.add(each)
    return [{**row, "oldest": None} for row in found.documents()]


def row(**fields: Any) -> dict[str, Any]:
    return {
        "status": STUCK,
        "authority": "orders.example.com:443",
        "cause": "refused:404",
        "problem": "refused with 404",
        "notifications": 1,
        "oldest": None,
        "older": 0,
        **fields,
    }


def test_equal_ones_are_one_row() -> None:
    assert grouped(listed(), listed(id="payment-2", type="a.b")) == [row(notifications=2)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param("authority", "other.example.com:443", id="authority"),
        pytest.param("cause", "timeout", id="cause"),
        pytest.param("status", Status.DELIVERING, id="status"),
    ],
)
def test_different_ones_are_rows_of_their_own(field: str, value: object) -> None:
    other = listed().model_copy(update={field: value})
    rows = grouped(listed(), other)
    assert [each["notifications"] for each in rows] == [1, 1]


URL_1, URL_2 = "https://orders.example.com/1", "https://orders.example.com/2"


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ((By.URL,), [{"url": URL_1}, {"url": URL_2}]),
        ((By.TYPE,), [{"type": "payment.succeeded"}]),
        (
            (By.TYPE, By.URL),
            [
                {"type": "payment.succeeded", "url": URL_1},
                {"type": "payment.succeeded", "url": URL_2},
            ],
        ),
    ],
)
def test_rows_are_divided_by_the_fields(by: tuple[By, ...], expected: list[dict[str, str]]) -> None:
    rows = grouped(listed(target=URL_1), listed(target=URL_2), by=by)
    assert [{each.value: found[each.value] for each in by} for found in rows] == expected


def test_the_most_urgent_come_first_and_then_the_largest() -> None:
    rows = grouped(
        listed(Status.SCHEDULED),
        listed(Status.DELIVERING),
        listed(Status.REJECTED),
        listed(cause="timeout"),
        *(listed(), listed()),
    )
    assert [(each["status"], each["notifications"]) for each in rows] == [
        (STUCK, 2),
        (STUCK, 1),
        (Status.REJECTED, 1),
        (Status.DELIVERING, 1),
        (Status.SCHEDULED, 1),
    ]


@pytest.mark.parametrize(
    ("notification", "problem"),
    [
        pytest.param(listed(cause="body:/code=FAIL"), "answered FAIL at /code", id="cause"),
        pytest.param(listed(cause="of_a_later_version"), "of_a_later_version", id="unknown-cause"),
        pytest.param(
            listed(cause=None, reason=WaitReason.EXHAUSTED), "exhausted", id="only-a-reason"
        ),
        pytest.param(
            listed(Status.REJECTED, explanation="Notification.target is missing"),
            "Notification.target is missing",
            id="rejected",
        ),
        pytest.param(listed(Status.REJECTED), None, id="rejected-before-this-version"),
        pytest.param(listed(Status.DELIVERING, explanation="once"), None, id="delivering"),
    ],
)
def test_a_problem_is_in_words(notification: NotificationSummary, problem: str | None) -> None:
    (found,) = grouped(notification)
    assert found["problem"] == problem


@pytest.mark.parametrize(
    ("age", "older"),
    [(4 * MINUTE, 0), (5 * MINUTE, 0), (6 * MINUTE, 1)],
    ids=["younger", "at-the-limit", "older"],
)
def test_older_ones_are_counted(age: timedelta, older: int) -> None:
    for status in STATUSES:
        (found,) = grouped(listed(status, accepted_at=NOW - age))
        assert found["older"] == (older if status is not Status.SCHEDULED else 0)


def test_an_age_can_be_that_of_being_stuck() -> None:
    since_long = listed(accepted_at=NOW, awaiting_since=NOW - 9 * MINUTE)
    lately = listed(accepted_at=NOW - 9 * MINUTE, awaiting_since=NOW)
    unknown = listed(awaiting_since=None)
    found = Undelivered((By.AUTHORITY,), Moment.STUCK, LIMIT)
    for each in (lately, since_long, unknown):
        found.add(each)
    ((_, group),) = found.groups
    assert (group.count, group.older, group.oldest) == (3, 1, NOW - 9 * MINUTE)


def test_the_oldest_is_the_earliest() -> None:
    found = Undelivered((By.AUTHORITY,), Moment.ACCEPTED, LIMIT)
    for minutes in (3, 9, 1):
        found.add(listed(accepted_at=NOW - minutes * MINUTE))
    assert [each["oldest"] for each in found.documents()] == [(NOW - 9 * MINUTE).isoformat()]


def test_the_whole_is_the_sum() -> None:
    found = Undelivered((By.URL,), Moment.ACCEPTED, LIMIT)
    for each in (listed(), listed(target=URL_1), listed(Status.SCHEDULED)):
        found.add(each)
    assert found.count == 3
    assert found.by_status == {
        STUCK: 2,
        Status.REJECTED: 0,
        Status.DELIVERING: 0,
        Status.SCHEDULED: 1,
    }


def test_nothing_grows_with_the_number_of_notifications() -> None:
    found = Undelivered((By.AUTHORITY, By.TYPE), Moment.ACCEPTED, LIMIT)
    for number in range(1000):
        found.add(listed(id=f"payment-{number}", target=f"{URL_1}/{number}"))
    assert len(found.groups) == 1
