import json
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from activities.attempt_log import excerpt
from activities.judgement import judge_answer
from tidings.acknowledgement import Acknowledgement
from tidings.errors import InterventionRefusedError, InvalidInputError
from tidings.intervention import Abandon, Resend, changes, check
from tidings.model import Model, Record
from tidings.notification import MAX_BODY_BYTES, MAX_ENCODED_BYTES, Notification
from tidings.report import report
from tidings.state import (
    Attempt,
    Change,
    FailureKind,
    Intervention,
    NotificationState,
    RefusedIntervention,
    Report,
    Status,
    merged,
    without_gaps,
)
from workflows import reception

from .samples import NOW, attempt, notification, round_, state, through_temporal


def attempts(*numbers: int) -> tuple[Attempt, ...]:
    return tuple(attempt(number) for number in numbers)


def numbers(log: tuple[Attempt, ...]) -> list[int]:
    return [each.number for each in log]


# Logs.


@pytest.mark.parametrize(
    ("logs", "expected"),
    [
        ([], []),
        ([()], []),
        ([(), (1,)], [1]),
        ([(1, 2), (3,)], [1, 2, 3]),
        ([(3,), (1, 2)], [1, 2, 3]),
        ([(2, 1)], [1, 2]),
        ([(1, 2), (2, 3), (3, 4)], [1, 2, 3, 4]),
        ([(1, 10), (9,)], [1, 9, 10]),
    ],
)
def test_logs_are_merged_in_order_each_attempt_once(
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
def test_a_log_without_gaps_has_every_attempt_and_tells_which_are_lost(
    recorded: tuple[int, ...], first: int, count: int, lost: list[int]
) -> None:
    log = without_gaps(attempts(*recorded), first=first, count=count, round_=2, began_at=NOW)
    assert numbers(log) == list(range(first, first + count))
    assert [each.number for each in log if each.failure is LOST] == lost
    for each in log:
        if each.number in lost:
            assert each.round == 2
            assert each.status_code is None
            assert "unknown" in each.explanation
        else:
            assert each == attempt(each.number)


def test_a_lost_attempt_began_when_it_was_due() -> None:
    due = NOW + timedelta(hours=1)
    log = without_gaps((attempt(2, next_attempt_at=due),), first=1, count=4, round_=1, began_at=NOW)
    assert [each.started_at for each in log] == [NOW, attempt(2).started_at, due, due]
    assert all(before.started_at <= after.started_at for before, after in pairwise(log))


# What a state holds.


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
    """A round's log may come twice: once when it is halted, once with its end."""
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


def refusal(number: int) -> RefusedIntervention:
    return RefusedIntervention(signal="resend", at=NOW, problem=f"{number}")


@pytest.mark.parametrize("count", [1, 29, 30, 31, 250])
def test_the_newest_30_interventions_and_refusals_are_kept(count: int) -> None:
    full = state()
    for number in range(count):
        full = full.with_intervention(intervention(number)).with_refusal(refusal(number))
    newest = range(max(0, count - 30), count)
    assert full.interventions == tuple(intervention(number) for number in newest)
    assert full.refused_interventions == tuple(refusal(number) for number in newest)


def test_a_state_is_never_changed_itself() -> None:
    before = state(attempts=attempts(1))
    before.with_attempts(attempts(2))
    before.with_intervention(intervention(1))
    before.with_refusal(refusal(1))
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


# How it crosses borders.

RICH = state(
    status="awaiting_intervention",
    reason="exhausted",
    explanation="all 2 attempts failed",
    round=2,
    attempts=(
        attempt(1, duration=timedelta(microseconds=123_456), excerpt='不 "ok"\n\t·'),
        attempt(2, round=2, status_code=None, failure="timeout", next_attempt_at=NOW),
    ),
    attempts_omitted=7,
    next_attempt_at=NOW + timedelta(microseconds=1),
    intervention_deadline=NOW + timedelta(days=30),
    interventions=(
        Intervention(
            action="resend",
            at=NOW,
            operator="li",
            reason="fixed",
            changes=(Change(field="target", before="a", after="b"),),
        ),
        Intervention(action="abandon", at=NOW),
    ),
    refused_interventions=(refusal(1),),
    reports=(Report(id="payment-1:report:1", type="x", at=NOW, problem="the id is taken"),),
    report_count=1,
    closed_at=NOW,
    complete=False,
)


@pytest.mark.parametrize("given", [state(), RICH], ids=["bare", "rich"])
def test_a_state_comes_back_from_json_as_it_was(given: NotificationState) -> None:
    for arrived in (through_temporal(given.to_json()), json.loads(json.dumps(given.to_json()))):
        assert NotificationState.model_validate(arrived) == given


def test_json_is_written_in_the_words_of_the_contract() -> None:
    written = RICH.to_json()
    assert written["status"] == "awaiting_intervention"
    assert written["reason"] == "exhausted"
    assert written["accepted_at"] == "2026-01-01T00:00:00Z"
    assert written["attempts"][0]["duration"] == 0.123456
    assert written["attempts"][1]["failure"] == "timeout"
    assert json.loads(json.dumps(written)) == written


@pytest.mark.parametrize(
    ("field", "value"),
    [("status", "lost"), ("reason", "bored"), ("accepted_at", "2026-01-01")],
)
def test_what_is_no_state_is_refused_by_name(field: str, value: str) -> None:
    with pytest.raises(InvalidInputError, match=field):
        state(**{field: value})


@pytest.mark.parametrize(
    "record",
    [
        state(),
        RICH,
        *RICH.attempts,
        *RICH.interventions,
        *RICH.interventions[0].changes,
        *RICH.refused_interventions,
        *RICH.reports,
        round_(),
    ],
    ids=lambda record: type(record).__name__,
)
def test_a_field_that_a_later_release_adds_is_passed_over(record: Record) -> None:
    for added in ("red", None, {"number": 1}):
        later = through_temporal({**record.to_json(), "colour": added})
        read = type(record).model_validate(later)
        assert read == record
        assert "colour" not in read.to_json()


def test_a_state_of_a_later_release_is_read_however_deep_its_new_fields_are() -> None:
    def later(value: Any) -> Any:
        if isinstance(value, dict):
            return {**{name: later(each) for name, each in value.items()}, "colour": "red"}
        return [later(each) for each in value] if isinstance(value, list) else value

    assert NotificationState.model_validate(through_temporal(later(RICH.to_json()))) == RICH


@pytest.mark.parametrize("model", [Notification, Resend, Abandon, Acknowledgement])
def test_what_people_write_is_held_to_the_fields_there_are(model: type[Model]) -> None:
    """Else a field that is misspelt would be without effect, and nobody told."""
    with pytest.raises(InvalidInputError, match="has no field 'colour'"):
        model.model_validate({"colour": "red"})


# Whether it fits into what Temporal takes at once.

TEMPORAL_TAKES = 2 * 1024 * 1024
A_MOMENT = timedelta(microseconds=123_456)  # a round second is shorter in JSON


def encoded(model: NotificationState | Notification) -> int:
    """The bytes of ``model`` as it goes to Temporal."""
    return len(json.dumps(model.to_json(), ensure_ascii=False, separators=(",", ":")).encode())


def largest_notification() -> Notification:
    empty = encoded(notification(body="", content_type="text/plain"))
    quotes, odd = divmod(MAX_ENCODED_BYTES - empty, 2)
    return notification(body="x" * odd + '"' * quotes, content_type="text/plain")


def longest_log(answer: bytes) -> list[Attempt]:
    rule = Acknowledgement(body_equals="😀" * 1024)
    judgement = judge_answer(rule, 200, answer, truncated=True)
    return [
        attempt(
            number,
            round=number,
            started_at=NOW + A_MOMENT,
            duration=timedelta(seconds=59) + A_MOMENT,
            explanation=judgement.explanation,
            excerpt=excerpt(answer),
            next_attempt_at=NOW + timedelta(days=number) + A_MOMENT,
        )
        for number in range(10**5, 10**5 + 600)
    ]


def largest_correction(number: int, text: str) -> Resend:
    """One that corrects everything that can be corrected, each field at its longest."""
    return Resend.model_validate(
        {
            "operator": text * 200,
            "reason": text * 500,
            "target": f"http://{number}.example/".ljust(2048, "\\"),
            "body": [f"{number}", "😀" * 90, "😀" * 90],
            "content_type": f'application/json; {number}="{"`" * 170}"',
            "headers": {f"{number}{'x' * 97}": "v", f"{number}{'y' * 97}": "v"},
            "retry": {"kind": "intervals", "intervals": [number + 0.123456] * 99},
            "acknowledgement": {"body_equals": f"{number}{'😀' * 1000}"},
            "expires_at": NOW + timedelta(days=number) + A_MOMENT,
        }
    )


def with_corrections(before: NotificationState, text: str) -> NotificationState:
    whole, one = before, notification()
    for number in range(100, 150):
        correction = largest_correction(number, text)
        other = check(correction, one, whole)
        intervention = Intervention(
            action="resend",
            at=NOW + A_MOMENT,
            operator=correction.operator,
            reason=correction.reason,
            changes=changes(one, other),
        )
        assert len(intervention.changes) == 7
        whole, one = whole.with_intervention(intervention), other
    return whole


def refused_fields(text: str) -> list[dict[str, Any]]:
    """What people may send that is refused at length."""
    long = text * 3000
    many_headers = {f"{long}{number}": number for number in range(100)}
    return [
        {f"{long}{number}": 1 for number in range(100)},
        {"headers": many_headers},
        {"headers": dict(list(many_headers.items())[:4]), "retry": {"kind": long}},
        {"headers": {long: "v"}},
        {"retry": long},
        {"retry": {"kind": "fixed", "interval": long, "maximum_attempts": long, "jitter": long}},
        {"acknowledgement": {"status": [long] * 100}},
        {"operator": long, "reason": long, "target": long, "content_type": long, "retry": long},
        {"body": [long, {long: long}], "content_type": "text/plain"},
        {"body": text * (1024 * 1024)},
        {"target": "http://a/".ljust(2048, "'"), "body": {"a": "\ud800", "b": long}},
    ]


def longest_refusal(text: str) -> str:
    problems = []
    for fields in refused_fields(text):
        with pytest.raises((InvalidInputError, InterventionRefusedError)) as refused:
            check(reception.intervention("resend", [fields]), notification(), state())
        problems.append(str(refused.value))
    return max(problems, key=lambda problem: len(json.dumps(problem, ensure_ascii=False).encode()))


def with_refusals(before: NotificationState, text: str) -> NotificationState:
    refusal = RefusedIntervention(signal="resend", at=NOW + A_MOMENT, problem=longest_refusal(text))
    whole = before
    for _ in range(50):
        whole = whole.with_refusal(refusal)
    return whole


@pytest.mark.parametrize("text", ["x", "支", "😀", "\x00"], ids=ascii)
def test_a_refusal_of_whatever_is_sent_stays_below_5_kb(text: str) -> None:
    assert len(json.dumps(longest_refusal(text), ensure_ascii=False).encode()) < 5_000


@pytest.mark.parametrize(
    "answer",
    [b'"' * 2000, b"\\" * 2000, b"\n" * 2000, b"\x00" * 2000, b"\xff" * 2000, "😀".encode() * 300],
    ids=["quotes", "backslashes", "line-breaks", "nul", "not-utf-8", "emoji"],
)
def test_the_longest_log_of_hostile_answers_fits_beside_the_largest_notification(
    answer: bytes,
) -> None:
    """Temporal takes 2 MiB at once, and a workflow that continues hands over both."""
    largest, full = largest_notification(), state().with_attempts(longest_log(answer))
    assert encoded(largest) == MAX_ENCODED_BYTES
    assert len(full.attempts) == 500
    assert encoded(largest) + encoded(full) < TEMPORAL_TAKES


@pytest.mark.parametrize("text", ["支", "😀", "\x00"], ids=["chinese", "emoji", "control"])
def test_a_state_with_everything_at_its_worst_fits_beside_the_largest_notification(
    text: str,
) -> None:
    full = state(explanation=text * 700).with_attempts(longest_log(b'"' * 2000))
    full = with_refusals(with_corrections(full, text), text)
    full = full.model_copy(update={"target": largest_correction(149, text).target})
    assert (len(full.interventions), len(full.refused_interventions)) == (30, 30)
    assert encoded(largest_notification()) + encoded(full) < TEMPORAL_TAKES


@pytest.mark.parametrize("answer", [b'"' * 2000, b"\x00" * 2000, "😀".encode() * 600])
def test_the_longest_story_fits_into_a_report(answer: bytes) -> None:
    """Else its workflow could not start it, and nobody would be told."""
    full = state(id="x" * 180, explanation="支" * 700, status=Status.AWAITING_INTERVENTION)
    log = longest_log(answer)
    told = report(full.with_attempts(log), "http://business.test/", "x" * 100, NOW)
    assert len(told.body_bytes) < MAX_BODY_BYTES / 2
