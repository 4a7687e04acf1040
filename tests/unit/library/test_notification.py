"""A notification as a whole: defaults, JSON, and that it does not change."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError

from tests.support.samples import (
    NOW,
    TARGET,
    notification,
    through_temporal,
)
from tidings.fields.acknowledgement import Acknowledgement
from tidings.fields.preset import PRESETS
from tidings.fields.retry import Exponential, FixedInterval
from tidings.notification import Notification


def test_only_id_type_and_target_have_to_be_given() -> None:
    given = Notification(id="payment-1", type="payment.succeeded", target=TARGET)
    assert given.body is None
    assert given.method == "POST"
    assert given.retry == Exponential()
    assert given.acknowledgement == Acknowledgement()
    assert given.timeout == timedelta(seconds=10)
    assert given.intervention_timeout == timedelta(days=30)
    assert (given.not_before, given.expires_at) == (None, None)


def test_a_notification_does_not_change() -> None:
    given = notification()
    with pytest.raises(ValidationError, match="frozen"):
        given.id = "another"


def test_a_later_change_of_the_input_changes_nothing() -> None:
    body, headers = {"items": [1]}, {"x-trace": "1"}
    given = notification(body=body, headers=headers)
    body["items"].append(2)
    headers["x-evil"] = "a\r\nb"
    assert given == notification(body={"items": [1]}, headers={"x-trace": "1"})


def test_two_notifications_share_no_default() -> None:
    notification().headers["x-trace"] = "1"
    assert notification().headers == {}


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(notification(), id="as-little-as-possible"),
        pytest.param(
            notification(
                body={"z": ["支", 1.5, None], "a": {}},
                content_type="application/json",
                headers={"X-Trace": "1", "x-empty": ""},
                method="PUT",
                retry=FixedInterval(interval=1.5, maximum_attempts=3, jitter=0.5),
                acknowledgement=Acknowledgement(status=[204, 200], body_equals="ok"),
                timeout=timedelta(milliseconds=1500, microseconds=1),
                not_before=datetime(2026, 3, 1, 8, 0, 0, 1, tzinfo=timezone(timedelta(hours=8))),
                expires_at=datetime(2026, 3, 2, tzinfo=UTC),
                intervention_timeout=timedelta(days=3649, microseconds=1),
            ),
            id="everything",
        ),
        *(pytest.param(notification(retry=name), id=name) for name in PRESETS),
    ],
)
def test_a_notification_comes_back_from_json_as_it_was(given: Notification) -> None:
    """A repeated send is recognized by this."""
    for arrived in (through_temporal(given.to_json()), json.loads(json.dumps(given.to_json()))):
        read = Notification.model_validate(arrived)
        assert read == given
        assert read.to_json() == given.to_json()


@pytest.mark.parametrize(
    ("fields", "others", "names"),
    [
        pytest.param({}, {}, (), id="nothing"),
        pytest.param({"body": 1}, {"body": 1}, (), id="the-same"),
        pytest.param({"body": 1}, {"body": 1.0}, ("body",), id="whole-and-fraction"),
        pytest.param({"body": 1}, {"body": True}, ("body",), id="one-and-true"),
        pytest.param({"body": [0]}, {"body": [False]}, ("body",), id="zero-and-false"),
        pytest.param({"body": "1"}, {"body": 1}, ("body",), id="text-and-number"),
        pytest.param({"body": None}, {"body": ""}, ("body",), id="none-and-empty"),
        pytest.param({"body": [1, 2]}, {"body": [2, 1]}, ("body",), id="order-in-a-list"),
        pytest.param(
            {"body": {"a": {"b": 1, "c": 2}, "d": 3}},
            {"body": {"d": 3, "a": {"c": 2, "b": 1}}},
            (),
            id="order-in-an-object",
        ),
        pytest.param(
            {"headers": {"a": "1", "b": "2"}}, {"headers": {"b": "2", "a": "1"}}, (), id="headers"
        ),
        pytest.param(
            {"headers": {"a": "1"}}, {"headers": {"A": "1"}}, ("headers",), id="case-of-a-header"
        ),
        pytest.param({"retry": "wechat"}, PRESETS["wechat"].fields, (), id="preset"),
        pytest.param({"timeout": 5}, {"timeout": "PT5S"}, (), id="the-same-duration"),
        pytest.param(
            {"expires_at": NOW}, {"expires_at": "2026-01-01T08:00:00+08:00"}, (), id="zone"
        ),
        pytest.param(
            {"acknowledgement": {"status": [200, 204]}},
            {"acknowledgement": {"status": [204, 200]}},
            (),
            id="order-of-statuses",
        ),
        pytest.param(
            {"id": "a", "type": "a", "timeout": 1, "body": 1},
            {"id": "b", "type": "b", "timeout": 2, "body": 2},
            ("id", "type", "body", "timeout"),
            id="several-in-the-order-of-the-model",
        ),
    ],
)
def test_notifications_differ_in_what_their_json_differs_in(
    fields: dict[str, Any], others: dict[str, Any], names: tuple[str, ...]
) -> None:
    """The same id with other content is a conflict. In Python, 1 and true are equal."""
    one, other = notification(**fields), notification(**others)
    assert one.differences(other) == names
    assert other.differences(one) == names
    arrived = Notification.model_validate(through_temporal(other.to_json()))
    assert one.differences(arrived) == names


def test_durations_come_back_from_json_to_the_microsecond() -> None:
    for microseconds in (10_000, 333_333, 1_000_001, 59_999_999, 12_345_678):
        given = notification(
            timeout=timedelta(microseconds=microseconds),
            intervention_timeout=timedelta(days=3600, microseconds=microseconds),
        )
        assert Notification.model_validate(through_temporal(given.to_json())) == given


def test_json_has_the_names_and_units_of_the_contract() -> None:
    given = notification(
        body={"a": 1}, timeout=2.5, expires_at=NOW, intervention_timeout=timedelta(hours=1)
    )
    written = given.to_json()
    assert written["body"] == {"a": 1}
    assert written["timeout"] == 2.5
    assert written["intervention_timeout"] == 3600
    assert written["expires_at"] == "2026-01-01T00:00:00Z"
    assert written["retry"]["kind"] == "exponential"
    assert set(written) == set(Notification.model_fields)


def test_a_field_may_be_set_by_another_language_in_its_own_words() -> None:
    written = '{"id":"a","type":"t","target":"http://a/","timeout":"PT1M","retry":"wechat"}'
    given = Notification.model_validate(json.loads(written))
    assert given.timeout == timedelta(minutes=1)
    assert given.retry == PRESETS["wechat"].schedule
