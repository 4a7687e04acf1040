"""What starts, signals and updates a workflow, well formed or not."""

from typing import Any

import pytest
from temporalio.api.common.v1 import Payload

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
from tidings.errors import InvalidInputError
from tidings.intervention import Abandon, Resend
from tidings.notification import Notification
from tidings.temporal.converter import DATA_CONVERTER
from workflows import reception

GIVEN = notification_json()


def accepted(*arguments: Any, workflow_id: str = WORKFLOW_ID) -> Notification:
    given, carried = reception.accepted(arguments, workflow_id, continued=False)
    assert carried is None
    return given


# A start.


def test_a_workflow_is_started_with_the_json_of_a_notification() -> None:
    given = notification(body={"a": [1.5, None]}, retry="wechat", expires_at=NOW)
    assert accepted(given.to_json()) == given
    assert accepted(through_temporal(given.to_json())) == given
    assert accepted({**GIVEN, "timeout": "PT5S"}) == notification(timeout=5)


@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [
        pytest.param([], "got 0", id="nothing"),
        pytest.param([GIVEN, {}], "got 2", id="two"),
        pytest.param([GIVEN, state().to_json()], "got 2", id="a-state-that-nobody-carried"),
        pytest.param([None], "None", id="null"),
        pytest.param([[]], "JSON object", id="list"),
        pytest.param([[GIVEN]], "JSON object", id="object-in-a-list"),
        pytest.param(["{}"], "JSON object", id="text"),
        pytest.param([5], "JSON object", id="number"),
        pytest.param([b"\x00"], "JSON object", id="bytes"),
        pytest.param([UNREADABLE], "the notification cannot be decoded: no JSON", id="unreadable"),
        pytest.param([{}], "Notification.id is missing", id="empty"),
        pytest.param([{**GIVEN, "id": None}], "Notification.id is None", id="null-id"),
        pytest.param([{**GIVEN, "colour": "red"}], "no field 'colour'", id="unknown-field"),
        pytest.param([{**GIVEN, "retry": {"kind": "x"}}], "Notification.retry", id="bad-schedule"),
        pytest.param([{**GIVEN, "target": {}}], "Notification.target", id="target-of-objects"),
        pytest.param([{**GIVEN, "id": "payment-2"}], "'notification:payment-2'", id="other-id"),
    ],
)
def test_a_malformed_start_is_refused_with_the_reason(arguments: list[Any], fragment: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        accepted(*arguments)
    assert fragment in str(refused.value)


@pytest.mark.parametrize(
    "workflow_id",
    ["payment-1", "notification:payment-2", "notification:PAYMENT-1", "Notification:payment-1", ""],
)
def test_a_workflow_with_another_id_is_refused_with_both(workflow_id: str) -> None:
    """Under another workflow id the same notification could be sent twice."""
    with pytest.raises(InvalidInputError) as refused:
        accepted(GIVEN, workflow_id=workflow_id)
    assert repr(WORKFLOW_ID) in str(refused.value)
    assert repr(workflow_id) in str(refused.value)


def test_a_workflow_that_continues_brings_its_state() -> None:
    carried = state(round=3, attempts=(attempt(1, excerpt="no"), attempt(2)))
    arguments = through_temporal([notification(body=5).to_json(), carried.to_json()])
    assert reception.accepted(arguments, WORKFLOW_ID, continued=True) == (
        notification(body=5),
        carried,
    )


def test_a_workflow_that_continues_without_a_state_starts_afresh() -> None:
    """A run that Temporal repeats by a retry policy of the workflow is continued in this way."""
    assert reception.accepted([GIVEN], WORKFLOW_ID, continued=True) == (notification(), None)


def test_a_fresh_start_of_what_continues_is_held_to_its_workflow_id() -> None:
    with pytest.raises(InvalidInputError, match="workflow id"):
        reception.accepted([GIVEN], "notification:payment-2", continued=True)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        [{}],
        [{}, {}],
        [GIVEN, {}],
        [{}, state().to_json()],
        [GIVEN, None],
        [GIVEN, UNREADABLE],
        [GIVEN, state().to_json(), {}],
    ],
)
def test_a_workflow_that_continues_with_anything_else_is_refused(arguments: list[Any]) -> None:
    with pytest.raises(InvalidInputError):
        reception.accepted(arguments, WORKFLOW_ID, continued=True)


# A signal.


@pytest.mark.parametrize("arguments", [[], [None], [{}]], ids=["nothing", "null", "empty"])
def test_a_signal_needs_no_argument(arguments: list[Any]) -> None:
    assert reception.intervention("resend", arguments) == Resend()
    assert reception.intervention("abandon", arguments) == Abandon()


def test_a_signal_may_bring_one_object() -> None:
    given = {"operator": "li", "reason": "gone"}
    assert reception.intervention("abandon", [given]) == Abandon(operator="li", reason="gone")
    resend = reception.intervention("resend", [{**given, "body": None}])
    assert resend == Resend(operator="li", reason="gone", body=None)
    assert resend.to_json() == {**given, "body": None}


@pytest.mark.parametrize("action", ["resend", "abandon"])
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
def test_a_malformed_signal_is_refused_with_the_reason(
    action: str, arguments: list[Any], fragment: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        reception.intervention(action, arguments)
    assert fragment in str(refused.value)


@pytest.mark.parametrize(
    "metadata",
    [
        {"encoding": b"x" * 1_000_000},
        {"encoding": b"json/protobuf", "messageType": b"x" * 1_000_000},
    ],
    ids=["encoding", "protobuf"],
)
def test_an_unreadable_payload_is_told_in_a_few_lines(metadata: dict[str, bytes]) -> None:
    """A state records what was refused, and 30 such would be more than Temporal takes."""
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
    given = {"operator": "li", "reason": "gone"}
    resend = reception.update([{"action": "resend", **given, "expires_at": None}])
    assert resend.to_json() == {**given, "expires_at": None}
    assert isinstance(resend, Resend)
    assert reception.update([{"action": "abandon", **given}]) == Abandon.model_validate(given)


def test_an_update_leaves_what_it_was_given_alone() -> None:
    given = {"action": "resend"}
    reception.update([given])
    assert given == {"action": "resend"}


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
