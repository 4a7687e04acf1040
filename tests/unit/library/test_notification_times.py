"""The times of a notification: when it is due, and when it expires."""

import json
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from tests.support.samples import (
    CALIFORNIA,
    NOW,
    notification,
    refusal,
    through_temporal,
)
from tidings.notification import Notification


@pytest.mark.parametrize(
    "not_before",
    [
        NOW,
        NOW + timedelta(seconds=1),
        (NOW + timedelta(seconds=1)).astimezone(timezone(timedelta(hours=-8))),
    ],
)
def test_it_may_not_expire_before_it_is_due(not_before: datetime) -> None:
    message = refusal(not_before=not_before, expires_at=NOW)
    for part in (
        "expires_at",
        NOW.isoformat(),
        "not_before",
        not_before.astimezone(UTC).isoformat(),
    ):
        assert part in message


def test_it_may_expire_right_after_it_is_due_whatever_the_zones() -> None:
    due = NOW.astimezone(timezone(timedelta(hours=8)))
    given = notification(not_before=due, expires_at=NOW + timedelta(microseconds=1))
    assert given.not_before == NOW


# The hour that comes twice when summer time ends: 02:00 to 03:00 in Berlin on 25 October 2026.
REPEATED = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize("field", ["not_before", "expires_at"])
@pytest.mark.parametrize(
    ("moment", "in_utc"),
    [
        (REPEATED.replace(fold=0), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (REPEATED.replace(fold=1), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        (NOW.astimezone(CALIFORNIA), NOW),
        ("2026-01-01T08:00:00+08:00", NOW),
        ("2026-01-01T00:00:00Z", NOW),
    ],
    ids=["first", "second", "zone", "text-with-an-offset", "text"],
)
def test_a_moment_is_kept_in_utc_and_comes_back_as_it_was(
    field: str, moment: object, in_utc: datetime
) -> None:
    given = notification(**{field: moment})
    kept = getattr(given, field)
    assert kept == in_utc
    assert kept.utcoffset() == timedelta(0)
    assert kept.tzinfo is UTC
    for arrived in (through_temporal(given.to_json()), json.loads(json.dumps(given.to_json()))):
        assert Notification.model_validate(arrived) == given


def test_the_hour_that_comes_twice_is_ordered_as_it_comes() -> None:
    """The first 02:40 is before the second 02:30, although a wall clock says otherwise."""
    first = REPEATED.replace(minute=40, fold=0)
    second = REPEATED.replace(fold=1)
    assert notification(not_before=first, expires_at=second).expires_at == second.astimezone(UTC)
    assert "expires_at" in refusal(not_before=second, expires_at=first)


@pytest.mark.parametrize(
    "moment", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
)
def test_the_first_and_the_last_moment_of_the_calendar_are_taken(moment: datetime) -> None:
    given = notification(expires_at=moment)
    assert Notification.model_validate(through_temporal(given.to_json())) == given
