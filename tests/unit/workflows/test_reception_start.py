"""The input of a workflow, well formed or not: a start or a continuation."""

from typing import Any

import pytest

from tests.support.samples import (
    NOW,
    UNREADABLE,
    WORKFLOW_ID,
    attempt,
    notification,
    notification_json,
    state,
    through_temporal,
)
from tidings.continuation import Continuation, Wishes
from tidings.errors import InvalidInputError
from tidings.notification import Notification
from workflows import reception

ORIGINAL = notification_json()


def start(*arguments: Any, workflow_id: str = WORKFLOW_ID) -> Notification:
    return reception.notification(arguments, workflow_id)


# A start.


def test_a_workflow_is_started_with_the_json_of_a_notification() -> None:
    original = notification(body={"a": [1.5, None]}, retry="wechat", expires_at=NOW)
    assert start(original.to_json()) == original
    assert start(through_temporal(original.to_json())) == original
    assert start({**ORIGINAL, "timeout": "PT5S"}) == notification(timeout=5)


@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [
        pytest.param([], "got 0", id="nothing"),
        pytest.param([ORIGINAL, {}], "got 2", id="two"),
        pytest.param([ORIGINAL, state().to_json()], "got 2", id="a-state-beside-it"),
        pytest.param(
            [{"notification": ORIGINAL, "state": state().to_json()}],
            "no field 'notification'",
            id="a-continuation",
        ),
        pytest.param([None], "None", id="null"),
        pytest.param([[]], "JSON object", id="list"),
        pytest.param([[ORIGINAL]], "JSON object", id="object-in-a-list"),
        pytest.param(["{}"], "JSON object", id="text"),
        pytest.param([5], "JSON object", id="number"),
        pytest.param([b"\x00"], "JSON object", id="bytes"),
        pytest.param([UNREADABLE], "the notification cannot be decoded: no JSON", id="unreadable"),
        pytest.param([{}], "Notification.id is missing", id="empty"),
        pytest.param([{**ORIGINAL, "id": None}], "Notification.id is None", id="null-id"),
        pytest.param([{**ORIGINAL, "colour": "red"}], "no field 'colour'", id="unknown-field"),
        pytest.param(
            [{**ORIGINAL, "retry": {"kind": "x"}}], "Notification.retry", id="bad-schedule"
        ),
        pytest.param([{**ORIGINAL, "target": {}}], "Notification.target", id="target-of-objects"),
        pytest.param([{**ORIGINAL, "id": "payment-2"}], "'notification:payment-2'", id="other-id"),
    ],
)
def test_a_malformed_start_is_refused_with_the_reason(arguments: list[Any], fragment: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        start(*arguments)
    assert fragment in str(refused.value)


@pytest.mark.parametrize(
    "workflow_id",
    ["payment-1", "notification:payment-2", "notification:PAYMENT-1", "Notification:payment-1", ""],
)
def test_a_workflow_with_another_id_is_refused_with_both(workflow_id: str) -> None:
    """Under another workflow id the same notification could be sent twice."""
    with pytest.raises(InvalidInputError) as refused:
        start(ORIGINAL, workflow_id=workflow_id)
    assert repr(WORKFLOW_ID) in str(refused.value)
    assert repr(workflow_id) in str(refused.value)


# A continuation.


def test_a_continued_run_has_all_that_was_handed_on() -> None:
    handed_on = Continuation(
        notification=notification(body=5),
        state=state(round=3, attempts=(attempt(1, excerpt="no"), attempt(2))),
        wishes=Wishes(resend=True, abandonment="no use", report=True),
    )
    assert reception.continuation(through_temporal([handed_on.to_json()])) == handed_on


def test_a_continued_run_accepts_fields_of_another_release() -> None:
    document = {
        "notification": {**ORIGINAL, "colour": "red"},
        "state": {**state().to_json(), "colour": "red"},
        "wishes": {"colour": "red"},
        "colour": "red",
    }
    handed_on = Continuation(notification=notification(), state=state())
    assert reception.continuation([document]) == handed_on


def test_a_run_that_temporal_repeats_has_no_continuation() -> None:
    """A run that a retry policy of the workflow repeats has the arguments of the start."""
    assert reception.continuation([ORIGINAL]) is None
    assert start(ORIGINAL) == notification()


STATE = state().to_json()


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="nothing"),
        pytest.param([UNREADABLE], id="unreadable"),
        pytest.param([None], id="null"),
        pytest.param([{}], id="empty"),
        pytest.param([{}, {}], id="two-empty"),
        pytest.param([{"notification": ORIGINAL}], id="no-state"),
        pytest.param([{"state": STATE}], id="no-notification"),
        pytest.param([{"notification": {}, "state": STATE}], id="empty-notification"),
        pytest.param([{"notification": ORIGINAL, "state": {}}], id="empty-state"),
        pytest.param([{"notification": ORIGINAL, "state": None}], id="null-state"),
        pytest.param([{"notification": ORIGINAL, "state": UNREADABLE}], id="unreadable-state"),
        pytest.param([{"notification": ORIGINAL, "state": STATE, "wishes": 5}], id="bad-wishes"),
        pytest.param([{"notification": ORIGINAL, "state": STATE}, {}], id="two"),
    ],
)
def test_a_malformed_continuation_is_refused(arguments: list[Any]) -> None:
    with pytest.raises(InvalidInputError):
        _ = reception.continuation(arguments) or start(*arguments)
