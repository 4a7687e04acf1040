import json
from datetime import timedelta
from typing import Any

import pytest

from tidings.acknowledgement import Acknowledgement
from tidings.errors import InterventionRefusedError, InvalidInputError
from tidings.intervention import Abandon, Resend, changes, check
from tidings.retry import PRESETS, Exponential
from tidings.state import Status, WaitReason

from .samples import NOW, TARGET, notification, state, through_temporal

ORIGINAL = notification(
    body={"order": "1001"},
    content_type="application/json",
    headers={"x-trace": "1"},
    retry="alipay",
    acknowledgement=Acknowledgement(body_equals="success"),
    expires_at=NOW,
)

CORRECTIONS: dict[str, Any] = {
    "target": "https://orders.example.com/v2",
    "body": {"order": "1002"},
    "content_type": "application/vnd.v2+json",
    "headers": {"x-trace": "2"},
    "retry": "wechat",
    "acknowledgement": {"status": [200]},
    "expires_at": (NOW + timedelta(days=1)).isoformat(),
}
RESETS: dict[str, Any] = {
    "body": None,
    "content_type": None,
    "headers": {},
    "retry": Exponential(),
    "acknowledgement": Acknowledgement(),
    "expires_at": None,
}


def resend(**fields: Any) -> Resend:
    return Resend.model_validate(fields)


# What a resend corrects.


@pytest.mark.parametrize(
    "fields", [{}, {"operator": "li", "reason": "endpoint fixed"}], ids=["nothing", "who-and-why"]
)
def test_a_resend_without_corrections_leaves_the_notification_as_it_is(
    fields: dict[str, Any],
) -> None:
    assert resend(**fields).corrected(ORIGINAL) == ORIGINAL


@pytest.mark.parametrize("field", CORRECTIONS)
def test_a_resend_corrects_what_it_is_given_and_nothing_else(field: str) -> None:
    corrected = resend(**{field: CORRECTIONS[field]}).corrected(ORIGINAL)
    assert getattr(corrected, field) != getattr(ORIGINAL, field)
    assert corrected == notification(**{**dict(ORIGINAL), field: CORRECTIONS[field]})


@pytest.mark.parametrize("field", RESETS)
def test_what_is_given_as_the_default_is_a_correction_too(field: str) -> None:
    corrected = resend(**{field: RESETS[field]}).corrected(ORIGINAL)
    assert getattr(corrected, field) == RESETS[field]
    assert getattr(ORIGINAL, field) != RESETS[field]


def test_all_at_once() -> None:
    assert resend(**CORRECTIONS).corrected(ORIGINAL) == notification(**CORRECTIONS)


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
        pytest.param({"content_type": "text/plain"}, "text where content_type", id="not-text"),
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
        ({"acknowledgement": {"status": [302]}}, "redirect"),
        ({"expires_at": "2026-01-01T00:00:00"}, "timezone"),
        ({"even_if_expired": "perhaps"}, "Resend.even_if_expired is 'perhaps'"),
        ({"id": "another"}, "Resend has no field 'id'"),
        ({"type": "another"}, "Resend has no field 'type'"),
        ({"timeout": 5}, "Resend has no field 'timeout'"),
    ],
)
def test_a_correction_that_breaks_a_rule_is_refused(fields: dict[str, Any], fragment: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        resend(**fields)
    assert fragment in str(refused.value)


def test_a_refused_header_is_not_told() -> None:
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
def test_a_resend_means_the_same_after_a_journey_through_temporal(given: Resend) -> None:
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
def test_an_abandon_is_told_in_a_sentence(abandon: Abandon, summary: str) -> None:
    assert abandon.summary == summary
    assert Abandon.model_validate(through_temporal(abandon.to_json())) == abandon


# Whether it makes sense.

OPEN = [Status.SCHEDULED, Status.DELIVERING, Status.AWAITING_INTERVENTION]
FINAL = [Status.DELIVERED, Status.ABANDONED]


def test_every_status_is_looked_at() -> None:
    assert {*OPEN, *FINAL} == set(Status)


@pytest.mark.parametrize("status", OPEN)
def test_an_open_notification_can_be_resent_and_abandoned(status: Status) -> None:
    now = state(status=status)
    assert check(Abandon(), ORIGINAL, now) == ORIGINAL
    assert check(Resend(), ORIGINAL, now) == ORIGINAL
    assert check(resend(body=5), ORIGINAL, now).body == 5


@pytest.mark.parametrize("status", FINAL)
@pytest.mark.parametrize("action", [Resend(), resend(even_if_expired=True), Abandon()])
def test_what_has_ended_can_be_neither_resent_nor_abandoned(
    status: Status, action: Resend | Abandon
) -> None:
    with pytest.raises(InterventionRefusedError) as refused:
        check(action, ORIGINAL, state(status=status))
    for part in ("'payment-1'", status.value):
        assert part in str(refused.value)


@pytest.mark.parametrize("status", OPEN)
def test_a_correction_of_the_whole_is_refused_as_an_intervention(status: Status) -> None:
    with pytest.raises(InterventionRefusedError, match=r"correction breaks a rule.*content_type"):
        check(resend(content_type="text/plain"), ORIGINAL, state(status=status))


LATER = NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("reason", "fields", "allowed"),
    [
        (WaitReason.EXPIRED, {}, False),
        (WaitReason.EXPIRED, {"target": "https://orders.example.com/v2"}, False),
        (WaitReason.EXPIRED, {"expires_at": NOW}, False),
        (WaitReason.EXPIRED, {"expires_at": LATER}, True),
        (WaitReason.EXPIRED, {"expires_at": None}, True),
        (WaitReason.EXPIRED, {"even_if_expired": True}, True),
        (WaitReason.EXHAUSTED, {}, True),
        (WaitReason.REFUSED, {}, True),
    ],
)
def test_what_has_expired_is_resent_only_on_purpose(
    reason: WaitReason,
    fields: dict[str, Any],
    allowed: bool,  # noqa: FBT001
) -> None:
    stuck = state(status=Status.AWAITING_INTERVENTION, reason=reason)
    if allowed:
        assert check(resend(**fields), ORIGINAL, stuck) == resend(**fields).corrected(ORIGINAL)
    else:
        with pytest.raises(InterventionRefusedError, match=r"expires_at.*even_if_expired"):
            check(resend(**fields), ORIGINAL, stuck)


def test_what_has_expired_can_be_abandoned() -> None:
    stuck = state(status=Status.AWAITING_INTERVENTION, reason=WaitReason.EXPIRED)
    assert check(Abandon(), ORIGINAL, stuck) == ORIGINAL


# What a person is shown of it.


def test_nothing_has_changed_between_a_notification_and_itself() -> None:
    assert changes(ORIGINAL, notification(**dict(ORIGINAL))) == ()


def test_each_change_is_shown_with_both_sides() -> None:
    after = resend(**CORRECTIONS).corrected(ORIGINAL)
    shown = {change.field: (change.before, change.after) for change in changes(ORIGINAL, after)}
    assert set(shown) == set(CORRECTIONS)
    assert shown["target"] == (TARGET, "https://orders.example.com/v2")
    assert shown["body"] == ("{'order': '1001'}", "{'order': '1002'}")
    assert shown["content_type"] == ("'application/json'", "'application/vnd.v2+json'")
    assert [side[2:12] for side in shown["expires_at"]] == ["026-01-01T", "026-01-02T"]
    assert "success" in shown["acknowledgement"][0]
    assert "200" in shown["acknowledgement"][1]


@pytest.mark.parametrize(
    ("headers", "before", "after"),
    [
        ({"authorization": "Bearer n3w"}, "{'authorization': '***'}", "{'authorization': '***'}"),
        ({}, "{'authorization': '***'}", "{}"),
        (
            {"authorization": "Bearer 0ld", "x-trace": "n3w"},
            "{'authorization': '***'}",
            "{'authorization': '***', 'x-trace': '***'}",
        ),
    ],
)
def test_header_values_are_masked(headers: dict[str, str], before: str, after: str) -> None:
    was = notification(headers={"authorization": "Bearer 0ld"})
    (change,) = changes(was, notification(headers=headers))
    assert (change.field, change.before, change.after) == ("headers", before, after)


@pytest.mark.parametrize(
    "body",
    ["x" * 100_000, "支" * 100_000, ["x"] * 10_000, {f"key-{n}": n for n in range(10_000)}],
    ids=["text", "chinese", "list", "object"],
)
def test_a_large_body_is_cut_to_what_a_person_needs_to_see(body: Any) -> None:
    (change,) = changes(notification(), notification(body=body))
    assert change.before == "None"
    assert len(change.after) < 200
    assert "..." in change.after


@pytest.mark.parametrize(
    ("before", "after"),
    [(1, True), (0, False), (1, 1.0), ({"a": [0]}, {"a": [False]}), (0.0, -0.0), (None, "")],
    ids=repr,
)
def test_what_only_python_takes_for_equal_is_a_change(before: Any, after: Any) -> None:
    """The target receives other bytes, so a person has to be shown that it was corrected."""
    (change,) = changes(notification(body=before), notification(body=after))
    assert (change.field, change.before, change.after) == ("body", repr(before), repr(after))


def test_the_order_of_names_in_an_object_is_no_change() -> None:
    assert changes(notification(body={"a": 1, "b": 2}), notification(body={"b": 2, "a": 1})) == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("body", ["支" * 90] * 9),
        ("body", {f"{n}" * 90: ["x" * 90] * 9 for n in range(9)}),
        ("body", "\x00" * 5000),
        ("body", 10**4000),
        ("headers", {f"{'x' * 90}{n}": "v" for n in range(50)}),
        ("retry", {"kind": "intervals", "intervals": [0.123456] * 99}),
        ("acknowledgement", {"status": list(range(200, 300)), "body_equals": "😀" * 1024}),
        ("content_type", f"application/json; x={'y' * 170}"),
    ],
)
def test_no_side_of_a_change_outgrows_a_line(field: str, value: Any) -> None:
    """A state holds many of them, and has to fit into what Temporal takes at once."""
    (change,) = changes(notification(), notification(**{field: value}))
    for side in (change.before, change.after):
        assert len(side) <= 121
        assert "\n" not in side


def test_a_preset_is_shown_as_its_schedule() -> None:
    (change,) = changes(notification(), notification(retry=PRESETS["unionpay"]))
    assert "exponential" in change.before
    assert "intervals" in change.after
