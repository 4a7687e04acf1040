"""Rules whose parts contradict each other, so that a status or a body could never count."""

from typing import Any

import pytest

from tests.support.judging import rule_refusal
from tidings.fields.acknowledgement import Acknowledgement


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
