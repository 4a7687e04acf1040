"""The signals and the update of a workflow, well formed or not."""

from typing import Any

import pytest
from temporalio.api.common.v1 import Payload

from tests.support.samples import (
    SECRET,
    UNREADABLE,
)
from tidings.errors import InvalidInputError
from tidings.intervention import Abandon, Correct, Resend
from tidings.temporal.converter import DATA_CONVERTER
from workflows import reception

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
    for action in ("resend", "correct", "abandon"):
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


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="nothing"),
        pytest.param([{"operator": "li"}], id="no-field"),
    ],
)
def test_a_correct_needs_something_to_correct(arguments: list[Any]) -> None:
    with pytest.raises(InvalidInputError, match="it corrects nothing; set at least one of target"):
        reception.intervention("correct", arguments)


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
    correct = reception.update([{"action": "correct", **fields, "timeout": 5}])
    assert correct == Correct(operator="li", reason="gone", timeout=5)


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
        pytest.param([{}], "resend, correct, abandon; it is None", id="no-action"),
        pytest.param(
            [{"action": "Resend"}], "resend, correct, abandon; it is 'Resend'", id="capital"
        ),
        pytest.param(
            [{"action": "delete"}], "resend, correct, abandon; it is 'delete'", id="unknown"
        ),
        pytest.param([{"action": 5}], "resend, correct, abandon; it is 5", id="number"),
        pytest.param([{"action": []}], "resend, correct, abandon; it is []", id="list"),
        pytest.param([{"action": ["resend"]}], "it is ['resend']", id="action-in-a-list"),
        pytest.param([{"action": {"resend": 1}}], "it is {'resend': 1}", id="object"),
        pytest.param([{"action": "abandon", "body": 5}], "no field 'body'", id="not-its-field"),
        pytest.param([{"action": "resend", "colour": 5}], "no field 'colour'", id="unknown-field"),
        pytest.param([{"action": "resend", "operator": ""}], "operator", id="empty-operator"),
    ],
)
def test_a_malformed_update_is_refused_with_the_reason(arguments: list[Any], fragment: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        reception.update(arguments)
    assert fragment in str(refused.value)
