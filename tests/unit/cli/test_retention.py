"""The retention, as a person reads it."""

from datetime import timedelta

import pytest

from tidings.cli.retention import in_days


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (timedelta(days=7), "7 days"),
        (timedelta(days=1), "1 day"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=36), "36 hours"),
        (timedelta(hours=72), "3 days"),
    ],
)
def test_whole_days_are_days_and_the_rest_is_hours(duration: timedelta, text: str) -> None:
    assert in_days(duration) == text
