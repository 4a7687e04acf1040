"""The content of a state, and its limits."""

import pytest

from tests.support.samples import NOW, attempt, attempts, numbers, refused_intervention, state
from tidings.state import (
    Intervention,
    Status,
)


def test_attempts_are_added_and_counted() -> None:
    once = state().with_attempts(attempts(1, 2))
    twice = once.with_attempts(attempts(2, 3))
    assert numbers(twice.attempts) == [1, 2, 3]
    assert (twice.attempt_count, twice.attempts_omitted) == (3, 0)
    assert state().attempt_count == 0


@pytest.mark.parametrize(
    ("made", "kept", "omitted"), [(499, 499, 0), (500, 500, 0), (501, 500, 1), (1700, 500, 1200)]
)
def test_the_newest_500_attempts_are_kept_and_the_others_counted(
    made: int, kept: int, omitted: int
) -> None:
    full = state().with_attempts(attempts(*range(1, made + 1)))
    assert numbers(full.attempts) == list(range(made - kept + 1, made + 1))
    assert full.attempts_omitted == omitted
    assert full.attempt_count == made


def test_the_count_stays_true_however_the_attempts_come_in() -> None:
    """The log of a round may come twice: when it is halted, and at its end."""
    whole = state()
    for first in range(1, 2000, 100):
        log = attempts(*range(first, first + 100))
        whole = whole.with_attempts(log[:50]).with_attempts(log).with_attempts(log)
    assert whole.attempt_count == 2000
    assert numbers(whole.attempts) == list(range(1501, 2001))


@pytest.mark.parametrize(
    ("made", "with_excerpt"),
    [(49, range(1, 50)), (50, range(1, 51)), (51, range(2, 52)), (600, range(551, 601))],
)
def test_the_newest_50_attempts_keep_their_excerpt(made: int, with_excerpt: range) -> None:
    full = state().with_attempts(attempt(n, excerpt="not ok") for n in range(1, made + 1))
    kept = [each.number for each in full.attempts if each.excerpt is not None]
    assert kept == list(with_excerpt)
    assert full.attempts[0].explanation


def intervention(number: int) -> Intervention:
    return Intervention(action="resend", at=NOW, reason=f"{number}")


@pytest.mark.parametrize("count", [1, 29, 30, 31, 250])
def test_the_newest_30_interventions_and_refusals_are_kept(count: int) -> None:
    full = state()
    for number in range(count):
        full = full.with_intervention(intervention(number)).with_refusal(
            refused_intervention(number)
        )
    newest = range(max(0, count - 30), count)
    assert full.interventions == tuple(intervention(number) for number in newest)
    assert full.refused_interventions == tuple(refused_intervention(number) for number in newest)


def test_a_state_is_never_changed_itself() -> None:
    before = state(attempts=attempts(1))
    before.with_attempts(attempts(2))
    before.with_intervention(intervention(1))
    before.with_refusal(refused_intervention(1))
    assert before == state(attempts=attempts(1))


@pytest.mark.parametrize(
    ("status", "final"),
    [
        (Status.SCHEDULED, False),
        (Status.DELIVERING, False),
        (Status.AWAITING_INTERVENTION, False),
        (Status.DELIVERED, True),
        (Status.ABANDONED, True),
    ],
)
def test_delivered_and_abandoned_are_final(status: Status, final: bool) -> None:  # noqa: FBT001
    assert status.is_final is final
