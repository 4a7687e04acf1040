"""The changes of a correction, as a person sees them."""

from typing import Any

import pytest

from tests.support.corrections import CORRECTIONS, ORIGINAL
from tests.support.samples import TARGET, notification
from tidings.intervention import Resend, changes


def test_nothing_has_changed_between_a_notification_and_itself() -> None:
    assert changes(ORIGINAL, notification(**dict(ORIGINAL))) == ()


def test_each_change_is_shown_with_both_sides() -> None:
    after = Resend.model_validate(CORRECTIONS).corrected(ORIGINAL)
    shown = {change.field: (change.before, change.after) for change in changes(ORIGINAL, after)}
    assert set(shown) == set(CORRECTIONS)
    assert shown["signing_key"] == ("'orders-1'", "'orders-2'")
    assert shown["target"] == (TARGET, "https://orders.example.com/v2")
    assert shown["body"] == ("{'order': '1001'}", "{'order': '1002'}")
    assert shown["content_type"] == ("'application/json'", "'application/vnd.v2+json'")
    assert [side[2:12] for side in shown["expires_at"]] == ["026-01-01T", "026-01-02T"]
    assert "success" in shown["acknowledgement"][0]
    assert "200" in shown["acknowledgement"][1]
    assert shown["method"] == ("'PATCH'", "'PUT'")
    assert shown["timeout"] == ("20.0", "5.0")
    assert shown["report_to"][1] == "'https://business.example.com/v2'"


@pytest.mark.parametrize(
    ("headers", "before", "after"),
    [
        ({"x-customer": "n3w"}, "{'x-customer': '***'}", "{'x-customer': '***'}"),
        ({}, "{'x-customer': '***'}", "{}"),
        (
            {"x-customer": "0ld", "x-trace": "n3w"},
            "{'x-customer': '***'}",
            "{'x-customer': '***', 'x-trace': '***'}",
        ),
    ],
)
def test_header_values_are_masked(headers: dict[str, str], before: str, after: str) -> None:
    was = notification(headers={"x-customer": "0ld"})
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
def test_values_that_only_python_finds_equal_are_a_change(before: Any, after: Any) -> None:
    """The target receives other bytes, so a person has to see the correction."""
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
    """A state holds many of them, and has to fit into what Temporal accepts at once."""
    (change,) = changes(notification(), notification(**{field: value}))
    for side in (change.before, change.after):
        assert len(side) <= 121
        assert "\n" not in side


def test_a_preset_is_shown_as_its_schedule() -> None:
    shown = {
        change.field: (change.before, change.after)
        for change in changes(notification(), notification(retry="unionpay"))
    }
    assert set(shown) == {"retry", "acknowledgement"}
    assert "exponential" in shown["retry"][0]
    assert "intervals" in shown["retry"][1]
    assert "'status': [200]" in shown["acknowledgement"][1]
