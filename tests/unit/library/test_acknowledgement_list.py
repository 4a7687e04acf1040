"""A list in a condition: one of several values."""

from typing import Any

import pytest

from tests.support.judging import rule_refusal
from tidings.fields.acknowledgement import Acknowledgement


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        pytest.param({"body_equals": ["b", "a"]}, ("a", "b"), id="sorted"),
        pytest.param({"body_equals": ["b", "a", "b"]}, ("a", "b"), id="each-once"),
        pytest.param({"body_equals": ("b", "a")}, ("a", "b"), id="tuple"),
        pytest.param({"body_equals": {"b", "a"}}, ("a", "b"), id="set"),
        pytest.param({"body_equals": ["a"]}, "a", id="one"),
        pytest.param({"body_equals": ["a", "a"]}, "a", id="twice-the-same"),
        pytest.param({"body_equals": ["", "a"]}, ("", "a"), id="with-the-empty-one"),
        pytest.param({"body_equals": list("jihgfedcba")}, tuple("abcdefghij"), id="ten"),
    ],
)
def test_a_list_means_one_of_its_texts(fields: dict[str, Any], kept: object) -> None:
    """The same rule is equal to itself in each form. A repeated send relies on that."""
    assert Acknowledgement.model_validate(fields).body_equals == kept
    in_xml = Acknowledgement.model_validate({"xml_equals": {"a": fields["body_equals"]}})
    assert in_xml.xml_equals == {"a": kept}


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        pytest.param([200, 0], (0, 200), id="numbers"),
        pytest.param([10, 9], (9, 10), id="sorted-as-numbers"),
        pytest.param(["x", 1, True, None], (None, True, 1, "x"), id="of-every-type"),
        pytest.param([1, True, "1"], (True, 1, "1"), id="1-is-not-true"),
        pytest.param([1, 1], 1, id="twice-the-same"),
        pytest.param([None], None, id="null"),
    ],
)
def test_a_list_means_one_of_its_json_values(value: object, kept: object) -> None:
    rule = Acknowledgement.model_validate({"json_equals": {"/a": value}})
    assert rule.json_equals is not None
    assert repr(rule.json_equals["/a"]) == repr(kept)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        pytest.param([], " is []: a list has 1 to 10 values; this one has 0", id="empty"),
        pytest.param(list("abcdefghijk"), "a list has 1 to 10 values; this one has 11", id="11"),
        pytest.param(["a", 5], " is ['a', 5]: item 2 of the list: only a text can be", id="number"),
        pytest.param(["a", None], "item 2 of the list: only a text can be compared", id="none"),
        pytest.param([["a"]], " is [['a']]: item 1 of the list: only a text", id="nested"),
        pytest.param(["x" * 1025], "item 1 of the list: a text has at most 1024", id="long"),
        pytest.param(["\ud800"], "surrogates not allowed", id="surrogate"),
        pytest.param({"a": 1}, " is {'a': 1}: only a text can be compared", id="object"),
        pytest.param(b"ok", " is b'ok': only a text can be compared", id="bytes"),
    ],
)
def test_a_bad_list_of_texts_is_refused(value: object, problem: str) -> None:
    places: dict[str, dict[str, Any]] = {
        "body_equals": {"body_equals": value},
        "xml_equals.a": {"xml_equals": {"a": value}},
        "refused_if.body_equals": {"refused_if": {"body_equals": value}},
    }
    for field, fields in places.items():
        message = rule_refusal(**fields)
        assert message.startswith(f"Acknowledgement.{field} is ")
        assert message.count("Acknowledgement") == 1
        assert problem in message


def test_a_huge_list_is_refused_at_once() -> None:
    assert "this one has 1000000" in rule_refusal(body_equals=["x"] * 10**6)
