"""The input, the signals and the updates of a workflow, well formed or not."""

from datetime import timedelta
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload

from tests.support.samples import (
    NOW,
    SECRET,
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
from tidings.intervention import Abandon, Resend
from tidings.notification import Notification
from tidings.temporal.converter import DATA_CONVERTER
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
        wishes=Wishes(resend=True, abandonment="no use", report=True, spread=timedelta(hours=2)),
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


# A signal.


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="nothing"),
        pytest.param([None], id="null"),
        pytest.param([{}], id="empty"),
    ],
)
def test_a_signal_needs_no_argument(arguments: list[Any]) -> None:
    assert reception.intervention("resend", arguments) == Resend()
    assert reception.intervention("abandon", arguments) == Abandon()


def test_a_signal_may_bring_one_object() -> None:
    fields = {"operator": "li", "reason": "gone"}
    assert reception.intervention("abandon", [fields]) == Abandon(operator="li", reason="gone")
    resend = reception.intervention("resend", [{**fields, "body": None}])
    assert resend == Resend(operator="li", reason="gone", body=None)
    assert resend.to_json() == {**fields, "body": None}


def test_a_signal_is_checked_for_its_shape_only() -> None:
    """A replay must accept it too, although the policy has changed since."""
    headers = {"authorization": SECRET}
    resend = reception.intervention("resend", [{"headers": headers}])
    assert resend == Resend(headers=headers)


@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [
        pytest.param([{}, {}], "got 2", id="two"),
        pytest.param([None, None, None], "got 3", id="three-nulls"),
        pytest.param(["li"], "JSON object", id="text"),
        pytest.param(["li", "gone"], "got 2", id="by-position"),
        pytest.param([[]], "JSON object", id="list"),
        pytest.param([0], "JSON object", id="zero"),
        pytest.param([False], "JSON object", id="false"),
        pytest.param([b""], "JSON object", id="bytes"),
        pytest.param([UNREADABLE], "cannot be decoded: no JSON", id="unreadable"),
        pytest.param([{"operator": 5}], "operator is 5", id="wrong-type"),
        pytest.param([{"operator": "x" * 201}], "200", id="too-long"),
        pytest.param([{"who": "li"}], "no field 'who'", id="unknown-field"),
        pytest.param([{"action": "resend"}], "no field 'action'", id="an-update-as-a-signal"),
    ],
)
def test_a_malformed_signal_is_refused_with_the_reason(arguments: list[Any], fragment: str) -> None:
    for action in ("resend", "abandon"):
        with pytest.raises(InvalidInputError) as refused:
            reception.intervention(action, arguments)
        assert fragment in str(refused.value)


@pytest.mark.parametrize(
    "metadata",
    [
        pytest.param({"encoding": b"x" * 1_000_000}, id="encoding"),
        pytest.param(
            {"encoding": b"json/protobuf", "messageType": b"x" * 1_000_000}, id="protobuf"
        ),
    ],
)
def test_an_unreadable_payload_has_a_short_problem(metadata: dict[str, bytes]) -> None:
    """A state keeps the problems of 30 refused signals, and has to fit into Temporal's limit."""
    payload = Payload(metadata=metadata, data=b"{}")
    arguments = DATA_CONVERTER.payload_converter.from_payloads([payload])
    with pytest.raises(InvalidInputError) as refused:
        reception.intervention("resend", arguments)
    assert len(str(refused.value)) < 1000


def test_an_abandon_corrects_nothing() -> None:
    with pytest.raises(InvalidInputError, match="Abandon has no field 'target'"):
        reception.intervention("abandon", [{"target": "http://orders.example.com/"}])


# An update.


def test_an_update_names_its_action() -> None:
    fields = {"operator": "li", "reason": "gone"}
    resend = reception.update([{"action": "resend", **fields, "expires_at": None}])
    assert resend.to_json() == {**fields, "expires_at": None}
    assert isinstance(resend, Resend)
    assert reception.update([{"action": "abandon", **fields}]) == Abandon.model_validate(fields)


def test_an_update_does_not_change_its_argument() -> None:
    argument = {"action": "resend"}
    reception.update([argument])
    assert argument == {"action": "resend"}


@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [
        pytest.param([], "got 0", id="nothing"),
        pytest.param([{"action": "resend"}, {}], "got 2", id="two"),
        pytest.param(["resend"], "JSON object", id="text"),
        pytest.param([None], "JSON object", id="null"),
        pytest.param([UNREADABLE], "cannot be decoded: no JSON", id="unreadable"),
        pytest.param([{}], "resend, abandon; it is None", id="no-action"),
        pytest.param([{"action": "Resend"}], "resend, abandon; it is 'Resend'", id="capital"),
        pytest.param([{"action": "delete"}], "resend, abandon; it is 'delete'", id="unknown"),
        pytest.param([{"action": 5}], "resend, abandon; it is 5", id="number"),
        pytest.param([{"action": []}], "resend, abandon; it is []", id="list"),
        pytest.param([{"action": ["resend"]}], "it is ['resend']", id="action-in-a-list"),
        pytest.param([{"action": {"resend": 1}}], "it is {'resend': 1}", id="object"),
        pytest.param([{"action": "abandon", "body": 5}], "no field 'body'", id="not-its-field"),
        pytest.param(
            [{"action": "resend", "timeout": 5}], "no field 'timeout'", id="unknown-field"
        ),
        pytest.param([{"action": "resend", "operator": ""}], "operator", id="empty-operator"),
    ],
)
def test_a_malformed_update_is_refused_with_the_reason(arguments: list[Any], fragment: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        reception.update(arguments)
    assert fragment in str(refused.value)
