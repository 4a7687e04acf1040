"""The largest states, which have to fit into what Temporal accepts at once."""

import json
from datetime import timedelta
from typing import Any

import pytest

from activities.attempt import excerpt
from tests.support.judging import judged
from tests.support.samples import NOW, attempt, notification, state
from tidings.errors import InterventionRefusedError, InvalidInputError
from tidings.fields.acknowledgement import Acknowledgement
from tidings.fields.binary import MAX_BODY_BYTES
from tidings.intervention import Resend, changes, check
from tidings.notification import MAX_ENCODED_BYTES, Notification
from tidings.report import report
from tidings.state import (
    Attempt,
    Intervention,
    NotificationState,
    RefusedIntervention,
    Status,
)
from workflows import reception

TEMPORAL_TAKES = 2 * 1024 * 1024
A_MOMENT = timedelta(microseconds=123_456)  # a round second is shorter in JSON


def encoded(model: NotificationState | Notification) -> int:
    """The number of bytes of ``model`` on its way to Temporal."""
    return len(json.dumps(model.to_json(), ensure_ascii=False, separators=(",", ":")).encode())


def largest_notification() -> Notification:
    empty = encoded(notification(body="", content_type="text/plain"))
    quotes, odd = divmod(MAX_ENCODED_BYTES - empty, 2)
    return notification(body="x" * odd + '"' * quotes, content_type="text/plain")


def longest_log(answer: bytes) -> list[Attempt]:
    rule = Acknowledgement(body_equals="😀" * 1024)
    judgement = judged(rule, 200, answer, truncated=True)
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
    """A resend that corrects each field, and gives each its greatest length."""
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
        other = check(correction, one, whole, NOW)
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
    """Input that gets a long refusal."""
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
            check(reception.intervention("resend", [fields]), notification(), state(), NOW)
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
def test_the_longest_log_fits_beside_the_largest_notification(
    answer: bytes,
) -> None:
    """A workflow that continues as new hands over both at once."""
    largest, full = largest_notification(), state().with_attempts(longest_log(answer))
    assert encoded(largest) == MAX_ENCODED_BYTES
    assert len(full.attempts) == 500
    assert encoded(largest) + encoded(full) < TEMPORAL_TAKES


@pytest.mark.parametrize("text", ["支", "😀", "\x00"], ids=["chinese", "emoji", "control"])
def test_the_largest_state_fits_beside_the_largest_notification(
    text: str,
) -> None:
    full = state(explanation=text * 700).with_attempts(longest_log(b'"' * 2000))
    full = with_refusals(with_corrections(full, text), text)
    full = full.model_copy(update={"target": largest_correction(149, text).target})
    assert (len(full.interventions), len(full.refused_interventions)) == (30, 30)
    assert encoded(largest_notification()) + encoded(full) < TEMPORAL_TAKES


@pytest.mark.parametrize("answer", [b'"' * 2000, b"\x00" * 2000, "😀".encode() * 600])
def test_the_longest_story_fits_into_a_report(answer: bytes) -> None:
    """Otherwise its workflow could not start it, and the business system would get no report."""
    full = state(id="x" * 180, explanation="支" * 700, status=Status.AWAITING_INTERVENTION)
    log = longest_log(answer)
    largest = report(full.with_attempts(log), "http://business.test/", "x" * 100, now=NOW)
    assert len(largest.body_bytes) < MAX_BODY_BYTES / 2
