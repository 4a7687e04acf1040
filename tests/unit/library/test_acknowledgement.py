"""The rule on which answers acknowledge: its bounds and its JSON."""

import json
import time
from datetime import timedelta
from itertools import repeat
from typing import Any

import pytest

from tests.support.judging import rule_refusal
from tests.support.samples import through_temporal
from tidings.fields.acknowledgement import Acknowledgement
from tidings.fields.body_condition import BodyCondition

DEFAULT = Acknowledgement()
STATUS_SETS = ["status", "pending", "refused", "retry"]
ERRORS = tuple(range(400, 600))


@pytest.mark.parametrize("field", STATUS_SETS)
@pytest.mark.parametrize(
    ("given", "statuses"),
    [
        pytest.param([204, 200], (200, 204), id="sorted"),
        pytest.param([200, 200], (200,), id="each-once"),
        pytest.param({204, 200}, (200, 204), id="set"),
        pytest.param((204, 200), (200, 204), id="tuple"),
        pytest.param(range(200, 205), (200, 201, 202, 203, 204), id="range-of-5"),
        pytest.param([200, 299, 400, 599], (200, 299, 400, 599), id="bounds"),
        pytest.param(200, (200,), id="number"),
        pytest.param("200", (200,), id="text"),
        pytest.param("200-204", (200, 201, 202, 203, 204), id="range-in-words"),
        pytest.param("200-200", (200,), id="range-of-one"),
        pytest.param([200, "202-204"], (200, 202, 203, 204), id="number-and-range"),
        pytest.param(["203-204", "200", "202-203"], (200, 202, 203, 204), id="overlapping-ranges"),
        pytest.param("400-599", ERRORS, id="long-range"),
        pytest.param(None, None, id="none"),
    ],
)
def test_statuses_are_kept_sorted_each_once(field: str, given: object, statuses: object) -> None:
    """The same rule is equal to itself in each form. A repeated send relies on that."""
    other = {} if field == "status" else {"status": [250]}
    assert getattr(Acknowledgement.model_validate({**other, field: given}), field) == statuses


@pytest.mark.parametrize("field", STATUS_SETS)
@pytest.mark.parametrize(
    ("given", "fragment"),
    [
        pytest.param("2xx", " is '2xx': a range of statuses reads '200-299'", id="2xx"),
        pytest.param(["2xx"], " is ['2xx']: a range of statuses reads '200-299'", id="2xx-inside"),
        pytest.param("", " is '': a range of statuses reads", id="empty-text"),
        pytest.param("200-", " is '200-': a range of statuses reads", id="open-range"),
        pytest.param(" 200", " is ' 200': a range of statuses reads", id="space"),
        pytest.param("200\n", r" is '200\n': a range of statuses reads", id="line-break"),
        pytest.param("200,204", " is '200,204': a range of statuses reads", id="comma"),
        pytest.param("٢٠٠", "a range of statuses reads", id="arabic-digits"),
        pytest.param("204-200", "204-200 is empty: it ends before it begins", id="backwards"),
        pytest.param("100-200", " is '100-200': the statuses of an answer go from 200", id="low"),
        pytest.param("500-600", " is '500-600': the statuses of an answer go from", id="high"),
        pytest.param([199], ".0 is 199: Input should be greater than or equal to 200", id="199"),
        pytest.param([200, 600], ".1 is 600: Input should be less than or equal to 599", id="600"),
        pytest.param(-200, ".0 is -200", id="negative"),
        pytest.param([200.5], ".0 is 200.5", id="fraction"),
        pytest.param([None], ".0 is None", id="none-inside"),
        pytest.param([[200]], ".0 is [200]", id="list-inside"),
        pytest.param([True], ".0 is True", id="boolean-inside"),
        pytest.param(True, ".0 is True", id="boolean"),
        pytest.param([], " is []: it holds no status", id="empty"),
        pytest.param({}, " is {}: statuses are written as", id="empty-object"),
        pytest.param({"200": 1}, " is {'200': 1}: statuses are written as 200, '200-299'", id="o"),
        pytest.param(b"200", " is b'200': statuses are written as", id="bytes"),
        pytest.param(200.0, " is 200.0: statuses are written as", id="float"),
        pytest.param([200] * 401, "at most 400", id="401-of-them"),
        pytest.param(["200-599", "200"], "at most 400", id="more-than-there-are"),
        pytest.param(10**5000, "too long to show", id="huge"),
    ],
)
def test_a_bad_status_is_refused(field: str, given: object, fragment: str) -> None:
    message = rule_refusal(**{field: given})
    assert message.startswith(f"Acknowledgement.{field}")
    assert fragment in message


@pytest.mark.parametrize("given", [["200-599"] * 200_000, repeat("200-599"), repeat(200)])
def test_millions_of_statuses_are_refused_at_once(given: object) -> None:
    """Temporal accepts so many, and a workflow reads them, which must not stand still."""
    began = time.perf_counter()
    assert "at most 400" in rule_refusal(status=given)
    assert time.perf_counter() - began < 1


# What cannot be meant.


@pytest.mark.parametrize(
    ("fields", "fragments"),
    [
        *(
            pytest.param(
                {"status": [200, status]},
                ["Acknowledgement: status holds", f"{status}, a redirect"],
                id=f"redirect-{status}",
            )
            for status in (300, 302, 399)
        ),
        pytest.param({"status": "200-399"}, ["status holds 300, a redirect"], id="redirects"),
        pytest.param(
            {"status": [200, 202], "pending": [202]}, ["202 is in status and in pending"], id="s-p"
        ),
        pytest.param(
            {"status": [404], "refused": "400-499"}, ["404 is in status and in refused"], id="s-r"
        ),
        pytest.param(
            {"pending": [409, 410], "refused": [410]},
            ["410 is in pending and in refused"],
            id="p-r",
        ),
        pytest.param(
            {"status": [404], "retry": [404]}, ["404 is in status and in retry"], id="s-again"
        ),
        pytest.param(
            {"retry": "400-409", "pending": 409}, ["409 is in retry and in pending"], id="again-p"
        ),
        pytest.param(
            {"retry": [429, 404], "refused": "400-499"},
            ["404 is in retry and in refused"],
            id="again-r",
        ),
        pytest.param({"retry": "200-299"}, ["no status is left"], id="all-again"),
        pytest.param({"pending": "200-299"}, ["no status is left", "status"], id="all-pending"),
        pytest.param({"refused": "200-299"}, ["no status is left"], id="all-refused"),
        pytest.param(
            {"pending": "200-250", "refused": "251-299"}, ["no status is left"], id="together-all"
        ),
        pytest.param(
            {"ignore_case_and_space": True}, ["ignore_case_and_space", "body_equals"], id="alone"
        ),
        pytest.param(
            {"ignore_case_and_space": True, "json_equals": {"/a": 1}},
            ["ignore_case_and_space", "body_equals"],
            id="not-for-json",
        ),
        pytest.param(
            {"json_equals": {"/a": 1}, "xml_equals": {"a": "1"}},
            ["json_equals or xml_equals"],
            id="json-and-xml",
        ),
        pytest.param(
            {"status": [204], "body_equals": "x"}, ["204", "body_equals"], id="body-of-no-content"
        ),
        pytest.param(
            {"status": [204], "body_equals": ["x", "y"]}, ["204"], id="bodies-of-no-content"
        ),
        pytest.param(
            {"status": [204, 204], "body_equals": "x"}, ["204"], id="body-of-no-content-twice"
        ),
        pytest.param(
            {"status": 204, "json_equals": {"/a": 1}}, ["204", "json_equals"], id="json-of-204"
        ),
        pytest.param(
            {"status": "204", "xml_equals": {"a": ""}}, ["204", "xml_equals"], id="xml-of-204"
        ),
    ],
)
def test_a_rule_that_could_not_work_is_refused(
    fields: dict[str, Any], fragments: list[str]
) -> None:
    message = rule_refusal(**fields)
    assert message.startswith("Acknowledgement: ")
    for fragment in fragments:
        assert fragment in message


FAILURE = {"body_equals": "FAILURE"}


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        pytest.param(
            {"body_equals": "FAILURE", "refused_if": FAILURE},
            "each body that acknowledges meets refused_if, which counts first",
            id="the-same-text",
        ),
        pytest.param(
            {"body_equals": ["ok"], "pending_if": {"body_equals": ["ok", "wait"]}},
            "each body that acknowledges meets pending_if, which counts first",
            id="one-of-several",
        ),
        pytest.param(
            {
                "body_equals": "OK",
                "refused_if": {"body_equals": " ok", "ignore_case_and_space": True},
            },
            "each body that acknowledges meets refused_if, which counts first",
            id="in-another-case",
        ),
        pytest.param(
            {
                "json_equals": {"/code": 0, "/state": "done"},
                "refused_if": {"json_equals": {"/code": [0.0, 1]}},
            },
            "each body that acknowledges meets refused_if, which counts first",
            id="json",
        ),
        pytest.param(
            {"pending_if": {"xml_equals": {"a": "1 "}}, "refused_if": {"xml_equals": {"a": "1"}}},
            "each body that meets pending_if meets refused_if, which counts first",
            id="xml",
        ),
    ],
)
def test_a_body_that_could_never_count_is_refused(fields: dict[str, Any], problem: str) -> None:
    assert rule_refusal(**fields) == f"Acknowledgement: {problem}"


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"refused_if": FAILURE}, id="any-other-body-acknowledges"),
        pytest.param({"body_equals": ["ok", "FAILURE"], "refused_if": FAILURE}, id="one-is-left"),
        pytest.param({"body_equals": "failure", "refused_if": FAILURE}, id="another-case"),
        pytest.param(
            {
                "body_equals": "FAILURE",
                "ignore_case_and_space": True,
                "refused_if": FAILURE,
            },
            id="more-than-exactly-this",
        ),
        pytest.param(
            {"json_equals": {"/a": True}, "refused_if": {"json_equals": {"/a": 1}}},
            id="true-is-not-1",
        ),
        pytest.param(
            {"json_equals": {"/a": 1}, "refused_if": {"json_equals": {"/a": 1, "/b": 2}}},
            id="two-conditions",
        ),
        pytest.param(
            {"json_equals": {"/a": [1, 2]}, "refused_if": {"json_equals": {"/a": 1}}},
            id="one-value-is-left",
        ),
        pytest.param({"refused_if": FAILURE, "pending_if": {"body_equals": "wait"}}, id="both"),
    ],
)
def test_bodies_with_several_meanings_may_be_agreed(fields: dict[str, Any]) -> None:
    agreed = Acknowledgement.model_validate(fields)
    assert agreed.model_fields_set == set(fields)


# How it is written.


@pytest.mark.parametrize(
    "rule",
    [
        DEFAULT,
        Acknowledgement(status=[404, 200]),
        Acknowledgement(status=404),
        Acknowledgement(status="200-204"),
        Acknowledgement(body_equals="x" * 1024),
        Acknowledgement(body_equals="Ok", ignore_case_and_space=True),
        Acknowledgement(status=range(200, 300), body_equals=""),
        Acknowledgement(status=[200, 204], body_equals="x"),
        Acknowledgement(status=[204], body_equals=""),
        Acknowledgement(status=[204]),
        Acknowledgement(status=[200], json_equals={"/a": None, "/b": True, "/c": 1, "/d": 1.0}),
        Acknowledgement(json_equals={"": "支", "/a~0~1b": 2**64 - 1, "/c": -1.5e300}),
        Acknowledgement(xml_equals={".": "", "支/b-1.c": " ok\n"}),
        Acknowledgement(pending=[202], pending_interval=0.5, refused=["500-503", 429]),
        Acknowledgement(pending="300-599", pending_interval=timedelta(days=365)),
        Acknowledgement(status=[204], body_equals=["", "x"]),
        Acknowledgement(retry=[404, "409-410"], refused=408),
        Acknowledgement(body_equals=["success", "SUCCESS"], ignore_case_and_space=False),
        Acknowledgement(json_equals={"/a": [None, True, 1, 1.5, "x"], "/b": 0}),
        Acknowledgement(xml_equals={"a": ["0", ""], ".": "x"}),
        Acknowledgement(
            refused_if=BodyCondition(body_equals=["NO", "FAILURE"], ignore_case_and_space=True),
            pending_if=BodyCondition(json_equals={"/state": ["QUEUED", 1]}),
        ),
    ],
)
def test_a_rule_comes_back_from_json_as_it_was(rule: Acknowledgement) -> None:
    for written in (json.loads(json.dumps(rule.to_json())), through_temporal(rule.to_json())):
        read = Acknowledgement.model_validate(written)
        assert read == rule
        assert repr(read) == repr(rule)  # in which 1, 1.0 and true differ


def test_json_spells_out_each_status_and_counts_in_seconds() -> None:
    rule = Acknowledgement(status=[200, "202-204"], pending=201, refused="500-501")
    assert rule.to_json() == {
        "status": [200, 202, 203, 204],
        "body_equals": None,
        "ignore_case_and_space": False,
        "json_equals": None,
        "xml_equals": None,
        "pending": [201],
        "pending_if": None,
        "pending_interval": 60,
        "refused": [500, 501],
        "refused_if": None,
        "retry": None,
    }


@pytest.mark.parametrize("field", STATUS_SETS)
def test_the_schema_lets_statuses_be_written_in_each_way(field: str) -> None:
    choices = Acknowledgement.model_json_schema()["properties"][field]["anyOf"]
    assert [choice["type"] for choice in choices] == ["array", "integer", "string", "null"]
    one, several = choices[0]["items"]["anyOf"]
    assert one == {"type": "integer"}
    assert several == {"type": "string", "pattern": "^([0-9]{3})(?:-([0-9]{3}))?$"}
