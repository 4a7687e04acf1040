"""Resend, correct and abandon: corrections, rules and JSON."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.support.corrections import CORRECTIONS, ORIGINAL
from tests.support.samples import NOW, notification, through_temporal
from tidings.errors import InvalidInputError
from tidings.fields.acknowledgement import Acknowledgement
from tidings.fields.preset import PRESETS
from tidings.fields.retry import Exponential
from tidings.intervention import CORRECTABLE, Abandon, Correct, Resend

RESETS: dict[str, Any] = {
    "body": None,
    "content_type": None,
    "headers": {},
    "retry": Exponential(),
    "acknowledgement": Acknowledgement(),
    "expires_at": None,
    "signing_key": None,
    "method": "POST",
    "timeout": timedelta(seconds=10),
}


def resend(**fields: Any) -> Resend:
    return Resend.model_validate(fields)


# What a resend corrects.


@pytest.mark.parametrize(
    "fields", [{}, {"operator": "li", "reason": "endpoint fixed"}], ids=["nothing", "who-and-why"]
)
def test_a_resend_without_corrections_changes_nothing(
    fields: dict[str, Any],
) -> None:
    assert resend(**fields).corrected(ORIGINAL) == ORIGINAL


@pytest.mark.parametrize("field", CORRECTIONS)
def test_a_resend_corrects_what_it_is_given_and_nothing_else(field: str) -> None:
    corrected = resend(**{field: CORRECTIONS[field]}).corrected(ORIGINAL)
    assert getattr(corrected, field) != getattr(ORIGINAL, field)
    given = getattr(resend(**CORRECTIONS), field)
    assert corrected == notification(**{**dict(ORIGINAL), field: given})


def test_every_correctable_field_is_tried() -> None:
    assert {*CORRECTIONS, "not_before", "body_base64"} == set(CORRECTABLE)


@pytest.mark.parametrize("field", CORRECTIONS)
def test_a_correct_corrects_as_a_resend_does(field: str) -> None:
    correct = Correct.model_validate({field: CORRECTIONS[field]})
    assert correct.corrected(ORIGINAL) == resend(**correct.to_json()).corrected(ORIGINAL)
    assert through_temporal(correct.to_json()) == correct.to_json()


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"operator": "li", "reason": "why"}, id="who-and-why"),
        pytest.param({"only_if": {"status": "scheduled"}, "batch": "b"}, id="a-condition"),
    ],
)
def test_a_correct_that_corrects_nothing_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError, match="it corrects nothing; set at least one of target"):
        Correct.model_validate(fields)


@pytest.mark.parametrize("field", RESETS)
def test_what_is_given_as_the_default_is_a_correction_too(field: str) -> None:
    corrected = resend(**{field: RESETS[field]}).corrected(ORIGINAL)
    assert getattr(corrected, field) == RESETS[field]
    assert getattr(ORIGINAL, field) != RESETS[field]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        pytest.param("x" * 1_048_577, "1,048,577 bytes, and the limit is 1,048,576", id="long"),
        pytest.param({"n": "x" * 3_900_000}, "the limit is 1,450,000", id="beyond-temporal's"),
        pytest.param("\x01" * 400_000, "2,400,", id="long-by-its-escapes"),
        pytest.param("\ud800", "half of a surrogate pair", id="no-unicode"),
        pytest.param({"\udfff": 1}, "half of a surrogate pair", id="no-unicode-in-a-name"),
        pytest.param(10**5000, "at most 4,300 digits", id="a-number-too-long"),
    ],
)
def test_a_body_that_cannot_be_sent_is_refused_at_once(body: Any, problem: str) -> None:
    with pytest.raises(InvalidInputError, match=problem):
        resend(body=body)


def test_a_body_of_just_the_limit_may_be_text() -> None:
    assert resend(body="x" * 1_048_576).body == "x" * 1_048_576


def test_all_at_once() -> None:
    schedule = PRESETS[CORRECTIONS["retry"]].schedule
    expected = notification(**{**CORRECTIONS, "retry": schedule})
    assert resend(**CORRECTIONS).corrected(ORIGINAL) == expected


@pytest.mark.parametrize(
    ("fields", "expires_at"),
    [
        pytest.param({}, NOW, id="neither"),
        pytest.param({"even_if_expired": True}, None, id="even-if-expired"),
        pytest.param({"even_if_expired": False}, NOW, id="not-even-if-expired"),
        pytest.param(
            {"even_if_expired": True, "expires_at": NOW + timedelta(days=1)},
            NOW + timedelta(days=1),
            id="a-new-expiry-counts-for-more",
        ),
    ],
)
def test_even_if_expired_takes_the_expiry_away(fields: dict[str, Any], expires_at: object) -> None:
    assert resend(**fields).corrected(ORIGINAL).expires_at == expires_at


@pytest.mark.parametrize(
    ("fields", "fragment"),
    [
        pytest.param({"content_type": "text/plain"}, "text if content_type", id="not-text"),
        pytest.param({"target": None}, "Notification.target", id="no-target"),
        pytest.param({"body": "x" * (1024 * 1024 + 1)}, "1,048,577", id="too-large"),
    ],
)
def test_the_corrected_whole_has_to_keep_the_rules(fields: dict[str, Any], fragment: str) -> None:
    with pytest.raises(InvalidInputError, match=fragment):
        resend(**fields).corrected(ORIGINAL)


def test_a_correction_may_not_expire_it_before_it_is_due() -> None:
    scheduled = notification(not_before=NOW)
    with pytest.raises(InvalidInputError, match="not_before"):
        resend(expires_at=NOW).corrected(scheduled)


@pytest.mark.parametrize(
    ("fields", "fragment"),
    [
        ({"operator": ""}, "Resend.operator is ''"),
        ({"operator": "x" * 201}, "200"),
        ({"reason": ""}, "Resend.reason is ''"),
        ({"reason": "x" * 501}, "500"),
        ({"target": "ftp://orders.example.com"}, "Resend.target is 'ftp://orders.example.com'"),
        ({"headers": {"host": "x"}}, "'host'"),
        ({"retry": "weixin"}, "'weixin'"),
        ({"retry": None}, "Resend.retry is None"),
        ({"headers": None}, "Resend.headers"),
        ({"signing_key": "orders/1"}, "Resend.signing_key: "),
        ({"report_signing_key": "orders/1"}, "Resend.report_signing_key: "),
        ({"report_to": "ftp://business.example.com"}, "Resend.report_to is 'ftp://business.ex"),
        ({"method": "DELETE"}, "Resend.method is 'DELETE'"),
        ({"only_if": {"status": "lost"}}, "Resend.only_if.status.0 is 'lost'"),
        ({"only_if": {"where": "StartTime > '2026'"}}, "only_if has a where"),
        ({"not_before": NOW}, "Resend has no field 'not_before'"),
        ({"intervention_timeout": 5}, "Resend has no field 'intervention_timeout'"),
        ({"acknowledgement": {"status": [302]}}, "redirect"),
        ({"expires_at": "2026-01-01T00:00:00"}, "timezone"),
        ({"even_if_expired": "perhaps"}, "Resend.even_if_expired is 'perhaps'"),
        ({"id": "another"}, "Resend has no field 'id'"),
        ({"type": "another"}, "Resend has no field 'type'"),
        ({"timeout": 0}, "Resend.timeout is 0 s"),
        ({"timeout": 61}, "Resend.timeout is 61 s"),
    ],
)
def test_a_correction_that_breaks_a_rule_is_refused(fields: dict[str, Any], fragment: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        resend(**fields)
    assert fragment in str(refused.value)


def test_the_value_of_a_refused_header_is_not_shown() -> None:
    with pytest.raises(InvalidInputError) as refused:
        resend(headers={"authorization": "Bearer s3cr3t\r\n"})
    assert "s3cr3t" not in str(refused.value)


# How it crosses borders.


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"body": None},
        {"content_type": None, "expires_at": None, "operator": None},
        {"headers": {}},
        {"even_if_expired": False},
        {"body": {"b": 1, "a": None}},
        {"operator": "李", "reason": "已修复"},
    ],
)
def test_json_holds_exactly_what_was_given(fields: dict[str, Any]) -> None:
    assert resend(**fields).to_json() == fields


@pytest.mark.parametrize(
    "given",
    [resend(), resend(**CORRECTIONS), resend(**RESETS), resend(even_if_expired=True, reason="now")],
)
def test_a_resend_means_the_same_after_temporal(given: Resend) -> None:
    for arrived in (through_temporal(given.to_json()), json.loads(json.dumps(given.to_json()))):
        read = Resend.model_validate(arrived)
        assert read == given
        assert read.model_fields_set == given.model_fields_set
        assert read.corrected(ORIGINAL) == given.corrected(ORIGINAL)


@pytest.mark.parametrize(
    ("abandon", "summary"),
    [
        (Abandon(), "abandoned"),
        (Abandon(operator="li"), "abandoned by li"),
        (Abandon(reason="order cancelled"), "abandoned: order cancelled"),
        (Abandon(operator="li", reason="order cancelled"), "abandoned by li: order cancelled"),
    ],
)
def test_an_abandon_has_a_summary(abandon: Abandon, summary: str) -> None:
    assert abandon.summary == summary
    assert Abandon.model_validate(through_temporal(abandon.to_json())) == abandon
