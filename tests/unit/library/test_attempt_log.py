"""The log of attempts: merging, and filling of gaps."""

from datetime import timedelta
from itertools import pairwise

import pytest

from tests.support.samples import NOW, attempt, attempts, notification, numbers
from tidings.round import Round
from tidings.state import FailureKind, merged


@pytest.mark.parametrize(
    ("logs", "expected"),
    [
        pytest.param([], [], id="no-logs"),
        pytest.param([()], [], id="an-empty-log"),
        pytest.param([(), (1,)], [1], id="an-empty-log-and-another"),
        pytest.param([(1, 2), (3,)], [1, 2, 3], id="in-order"),
        pytest.param([(3,), (1, 2)], [1, 2, 3], id="the-later-log-first"),
        pytest.param([(2, 1)], [1, 2], id="one-log-out-of-order"),
        pytest.param([(1, 2), (2, 3), (3, 4)], [1, 2, 3, 4], id="overlapping"),
        pytest.param([(1, 10), (9,)], [1, 9, 10], id="by-number-and-not-by-text"),
    ],
)
def test_logs_are_merged_in_order_with_each_attempt_once(
    logs: list[tuple[int, ...]], expected: list[int]
) -> None:
    assert numbers(merged(*(attempts(*log) for log in logs))) == expected


def test_the_record_of_the_later_log_wins() -> None:
    first, second = attempt(1, explanation="first"), attempt(1, explanation="second")
    assert merged([first], [second]) == (second,)
    assert merged([second], [first]) == (first,)


LOST = FailureKind.INTERRUPTED


@pytest.mark.parametrize(
    ("recorded", "first", "count", "lost"),
    [
        pytest.param((), 1, 0, [], id="no-attempts"),
        pytest.param((1, 2), 1, 2, [], id="no-gap"),
        pytest.param((), 1, 1, [1], id="the-only-one-is-lost"),
        pytest.param((2, 3), 1, 3, [1], id="the-first-is-lost"),
        pytest.param((1, 3), 1, 3, [2], id="one-between-is-lost"),
        pytest.param((1, 2), 1, 3, [3], id="the-last-is-lost"),
        pytest.param((1, 4), 1, 5, [2, 3, 5], id="several-are-lost"),
        pytest.param((9, 11), 9, 3, [10], id="in-a-later-round"),
    ],
)
def test_a_log_without_gaps_shows_which_attempts_are_lost(
    recorded: tuple[int, ...], first: int, count: int, lost: list[int]
) -> None:
    round_ = Round(notification=notification(), number=2, attempts_before=first - 1)
    log = round_.outline.without_gaps(attempts(*recorded), count=count, began_at=NOW)
    assert numbers(log) == list(range(first, first + count))
    assert [each.number for each in log if each.failure is LOST] == lost
    for each in log:
        if each.number in lost:
            assert each.round == 2
            assert each.status_code is None
            assert "unknown" in each.explanation
        else:
            assert each == attempt(each.number)


def test_a_lost_attempt_counts_as_begun_when_it_was_due() -> None:
    """After another lost attempt, it was due when Temporal gave the other one up."""
    due = NOW + timedelta(hours=1)
    round_ = Round(notification=notification(timeout=20), number=1, attempts_before=0)
    log = round_.outline.without_gaps((attempt(2, next_attempt_at=due),), count=4, began_at=NOW)
    given_up = due + timedelta(seconds=25)
    assert [each.started_at for each in log] == [NOW, attempt(2).started_at, due, given_up]
    assert all(before.started_at <= after.started_at for before, after in pairwise(log))
