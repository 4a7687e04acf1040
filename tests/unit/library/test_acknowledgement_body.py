"""The conditions on a body: texts, JSON pointers and element paths."""

import math
from datetime import timedelta
from typing import Any

import pytest

from tests.support.judging import rule_refusal
from tidings.errors import InvalidInputError
from tidings.fields.acknowledgement import Acknowledgement
from tidings.fields.body_condition import BodyCondition


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        pytest.param({"body_equals": "x" * 1025}, "1024", id="long-body"),
        pytest.param({"body_equals": 5}, ".body_equals is 5", id="number-body"),
        pytest.param({"body_equals": "\ud800"}, ".body_equals is '\\ud800'", id="surrogate"),
        pytest.param({"body": "ok"}, " has no field 'body'", id="unknown-field"),
        pytest.param(
            {"ignore_case_and_space": "perhaps", "body_equals": "ok"},
            ".ignore_case_and_space is 'perhaps'",
            id="perhaps",
        ),
        pytest.param({"pending_interval": 0}, ".pending_interval is 0 s", id="no-interval"),
        pytest.param({"pending_interval": -1}, ".pending_interval is -1 s", id="negative-interval"),
        pytest.param({"pending_interval": "1m"}, ".pending_interval is '1m'", id="interval-text"),
        pytest.param({"pending_interval": None}, ".pending_interval is None", id="interval-none"),
        pytest.param(
            {"pending_interval": timedelta(days=365, seconds=1)},
            ".pending_interval is 31536001 s",
            id="interval-long",
        ),
        pytest.param({"json_equals": {}}, ".json_equals is {}: Dictionary", id="no-pointer"),
        pytest.param({"json_equals": "ok"}, ".json_equals is 'ok': ", id="json-text"),
        pytest.param({"json_equals": [["/a", 1]]}, ".json_equals is [", id="json-list"),
        pytest.param(
            {"json_equals": {f"/{number}": 1 for number in range(11)}}, "at most 10", id="11-values"
        ),
        pytest.param({"xml_equals": {}}, ".xml_equals is {}: Dictionary", id="no-element"),
        pytest.param({"xml_equals": "ok"}, ".xml_equals is 'ok': ", id="xml-text"),
        pytest.param({"xml_equals": {"a": 1}}, ".xml_equals.a is 1: ", id="xml-number"),
        pytest.param({"xml_equals": {"a": None}}, ".xml_equals.a is None: ", id="xml-none"),
        pytest.param({"xml_equals": {"a": "x" * 1025}}, "1024", id="xml-long"),
        pytest.param(
            {"xml_equals": {f"a{number}": "" for number in range(11)}}, "at most 10", id="11-paths"
        ),
    ],
)
def test_a_bad_condition_is_refused_by_name(fields: dict[str, Any], message: str) -> None:
    assert rule_refusal(**fields).startswith("Acknowledgement")
    assert message in rule_refusal(**fields)


@pytest.mark.parametrize(
    "pointer",
    ["", "/", "//", "/code", "/data/0/state", "/a~0b~1c", "/支付", "/a b", "/-", "/" + "x" * 199],
)
def test_a_json_pointer_may_read(pointer: str) -> None:
    rule = Acknowledgement.model_validate({"json_equals": {pointer: 1}})
    assert rule.json_equals == {pointer: 1}


@pytest.mark.parametrize(
    ("pointer", "fragment"),
    [
        ("code", "a JSON pointer begins with '/'; did you mean '/code'?"),
        ("code/", "did you mean '/code/'?"),
        ("$.code", "did you mean '/$.code'?"),
        ("#/code", "a JSON pointer begins with '/'"),
        ("x" * 300, "a JSON pointer begins with '/'"),
        (" /code", "a JSON pointer begins with '/'"),
        ("/~", "is '/~': String should match"),
        ("/~2", "is '/~2': String should match"),
        ("/a~", "is '/a~': String should match"),
        ("/a\n", r"is '/a\n': String should match"),
        ("/a\x00b", r"is '/a\x00b': String should match"),
        ("/" + "x" * 200, "at most 200"),
        (0, "is 0: "),
        (None, "is None: "),
    ],
)
def test_a_bad_json_pointer_is_refused(pointer: object, fragment: str) -> None:
    message = rule_refusal(json_equals={pointer: 1})
    assert message.startswith("Acknowledgement.json_equals.")
    assert fragment in message


@pytest.mark.parametrize(
    "value", [None, True, False, 0, 1, 1.0, -0.0, 2**64 - 1, 1 - 2**64, 1e308, "", "1", "x" * 1024]
)
def test_a_json_value_is_kept_as_it_is(value: object) -> None:
    rule = Acknowledgement.model_validate({"json_equals": {"/a": value}})
    assert rule.json_equals is not None
    assert repr(rule.json_equals["/a"]) == repr(value)


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ([[1]], "is [[1]]: item 1 of the list: only a text, a number, true, false and null"),
        ([1, {}], "is [1, {}]: item 2 of the list: only a text, a number"),
        ([], "is []: a list has 1 to 10 values; this one has 0"),
        (list(range(11)), "a list has 1 to 10 values; this one has 11"),
        ([math.nan], "item 1 of the list: a number has to be finite"),
        ({"b": 1}, "is {'b': 1}: only a text"),
        (b"ok", "is b'ok': only a text"),
        (timedelta(1), "only a text"),
        (math.nan, "is nan: a number has to be finite"),
        (-math.inf, "is -inf: a number has to be finite"),
        (2**64, "is 18446744073709551616: an integer has at most 64 bits"),
        pytest.param(10**5000, "too long to show: an integer has at most 64 bits", id="huge"),
        ("x" * 1025, "a text has at most 1024 characters"),
        ("\ud800", "surrogates not allowed"),
    ],
)
def test_an_incomparable_value_is_refused_in_one_sentence(value: object, rule: str) -> None:
    message = rule_refusal(json_equals={"/a": value})
    assert message.startswith("Acknowledgement.json_equals./a is ")
    assert message.count("Acknowledgement") == 1
    assert rule in message


@pytest.mark.parametrize(
    "path", [".", "return_code", "_a", "head/state", "a-1.b/C", "支付/结果", "x" * 200]
)
def test_an_element_path_may_read(path: str) -> None:
    rule = Acknowledgement.model_validate({"xml_equals": {path: "ok"}})
    assert rule.xml_equals == {path: "ok"}


@pytest.mark.parametrize(
    "path",
    [
        *("", "/", "/a", "a/", "a//b", "./a", "..", "a/.", "x:a", "{urn:x}a", "a[1]", "@a", "*"),
        *("1a", "-a", "a b", "a\n", "a\x00", "x" * 201, "a/1", 0, None),
    ],
)
def test_a_bad_element_path_is_refused(path: object) -> None:
    message = rule_refusal(xml_equals={path: "ok"})
    assert message.startswith("Acknowledgement.xml_equals.")
    assert f" is {path!r}: "[:40] in message
    assert "String should" in message or "valid string" in message


# A meaning by the body.


@pytest.mark.parametrize("field", ["refused_if", "pending_if"])
@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        pytest.param({}, " is {}: it has no condition; give body_equals, json_equals", id="empty"),
        pytest.param(
            {"ignore_case_and_space": True},
            " is {'ignore_case_and_space': True}: ignore_case_and_space needs a body_equals",
            id="nothing-to-compare",
        ),
        pytest.param(
            {"json_equals": {"/a": 1}, "xml_equals": {"a": "1"}},
            "a body is not JSON and XML at once",
            id="json-and-xml",
        ),
        pytest.param({"status": 200}, " has no field 'status'", id="status"),
        pytest.param(
            {"json_equals": {"a": 1}}, ".json_equals.a.[key] is 'a': a JSON", id="pointer"
        ),
        pytest.param({"json_equals": {}}, ".json_equals is {}: Dictionary", id="no-pointer"),
        pytest.param("FAILURE", " is 'FAILURE': Input should be a valid dictionary", id="text"),
        pytest.param(409, " is 409: Input should be a valid dictionary", id="status-alone"),
        pytest.param([], " is []: Input should be a valid dictionary", id="list"),
    ],
)
def test_a_bad_meaning_by_the_body_is_refused(field: str, condition: object, problem: str) -> None:
    message = rule_refusal(**{field: condition})
    assert message.startswith(f"Acknowledgement.{field}")
    assert problem in message


def test_a_condition_alone_is_refused_in_its_own_name() -> None:
    with pytest.raises(InvalidInputError, match=r"^BodyCondition: it has no condition; give body_"):
        BodyCondition()
