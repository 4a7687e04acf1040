"""The rule on which answers acknowledge: its bounds and its JSON."""

import json
import time
from datetime import timedelta
from itertools import repeat

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


def test_json_writes_ranges_and_counts_in_seconds() -> None:
    rule = Acknowledgement(status=[200, "202-204"], pending=201, refused="500-501")
    assert rule.to_json() == {
        "status": [200, "202-204"],
        "body_equals": None,
        "ignore_case_and_space": False,
        "json_equals": None,
        "xml_equals": None,
        "pending": [201],
        "pending_if": None,
        "pending_interval": 60,
        "refused": ["500-501"],
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
