"""A body that refuses or is pending, whatever the status; dtm's protocol is the example."""

import pytest

from activities.verdict.judgement import Judgement, Verdict
from tests.support.judging import ACKNOWLEDGED, HUGE, PENDING, REFUSED, RETRY, judged, rule
from tidings.fields.acknowledgement import Acknowledgement

DTM = rule(
    status=200,
    body_equals="SUCCESS",
    refused=409,
    refused_if={"body_equals": "FAILURE"},
    pending=425,
    pending_if={"body_equals": "ONGOING"},
)


@pytest.mark.parametrize(
    ("status", "body", "verdict", "unmet", "cause"),
    [
        pytest.param(200, b"SUCCESS", ACKNOWLEDGED, None, None, id="success"),
        pytest.param(200, b"FAILURE", REFUSED, "refused_if", "refused:body", id="failure"),
        pytest.param(200, b"ONGOING", PENDING, "pending_if", "pending:body", id="ongoing"),
        pytest.param(200, b"", RETRY, "body_equals", "body", id="nothing"),
        pytest.param(200, b"failure", RETRY, "body_equals", "body=failure", id="in-another-case"),
        pytest.param(409, b"", REFUSED, "status", "refused:409", id="409"),
        pytest.param(409, b"SUCCESS", REFUSED, "status", "refused:409", id="409-with-success"),
        pytest.param(409, b"ONGOING", REFUSED, "status", "refused:409", id="409-with-ongoing"),
        pytest.param(425, b"", PENDING, "status", "pending:425", id="425"),
        pytest.param(425, b"SUCCESS", PENDING, "status", "pending:425", id="425-with-success"),
        pytest.param(425, b"FAILURE", REFUSED, "refused_if", "refused:body", id="425-with-failure"),
        pytest.param(500, b"FAILURE", REFUSED, "refused_if", "refused:body", id="500-with-failure"),
        pytest.param(500, b"ONGOING", PENDING, "pending_if", "pending:body", id="500-with-ongoing"),
        pytest.param(500, b"SUCCESS", RETRY, "status", "answered:500", id="500-with-success"),
        pytest.param(
            302, b"FAILURE", REFUSED, "refused_if", "refused:body", id="redirect-with-failure"
        ),
        pytest.param(
            302, b"ONGOING", PENDING, "pending_if", "pending:body", id="redirect-with-ongoing"
        ),
        pytest.param(404, b"ONGOING", PENDING, "pending_if", "pending:body", id="404-with-ongoing"),
        pytest.param(410, b"ONGOING", PENDING, "pending_if", "pending:body", id="410-with-ongoing"),
        pytest.param(404, b"SUCCESS", REFUSED, "status", "refused:404", id="404-with-success"),
    ],
)
def test_case_18_dtm_says_it_by_status_or_body(
    status: int, body: bytes, verdict: Verdict, unmet: str | None, cause: str | None
) -> None:
    """A refusal counts first, then a pending answer, then an acknowledgement."""
    judgement = judged(DTM, status, body)
    assert (judgement.verdict, judgement.unmet, judgement.cause) == (verdict, unmet, cause)


BY_JSON = rule(
    json_equals={"/code": [0, 200]},
    refused_if={"json_equals": {"/code": ["FAIL", 9]}},
    pending_if={"json_equals": {"/state": ["QUEUED", "RUNNING"]}},
    retry=404,
)
BY_XML = rule(
    refused_if={"xml_equals": {"code": "FAIL"}},
    pending_if={"body_equals": "wait", "ignore_case_and_space": True},
)


@pytest.mark.parametrize(
    ("agreed", "status", "body", "verdict"),
    [
        pytest.param(BY_JSON, 200, b'{"code":9}', REFUSED, id="json-refuses"),
        pytest.param(BY_JSON, 200, b'{"code":0,"state":"QUEUED"}', PENDING, id="json-pending"),
        pytest.param(BY_JSON, 200, b'{"code":0,"state":"DONE"}', ACKNOWLEDGED, id="json-done"),
        pytest.param(
            BY_JSON, 200, b'{"code":9,"state":"RUNNING"}', REFUSED, id="json-refuses-and-pending"
        ),
        pytest.param(BY_JSON, 404, b'{"code":9}', REFUSED, id="json-refuses-in-404"),
        pytest.param(BY_JSON, 404, b'{"code":0}', RETRY, id="404-is-tried-again"),
        pytest.param(BY_XML, 200, b"<r><code>FAIL</code></r>", REFUSED, id="xml-refuses"),
        pytest.param(BY_XML, 200, b" Wait\n", PENDING, id="text-pending"),
        pytest.param(BY_XML, 200, b"<r><code>OK</code></r>", ACKNOWLEDGED, id="any-other-body"),
    ],
)
def test_case_18_a_body_refuses_or_is_pending(
    agreed: Acknowledgement, status: int, body: bytes, verdict: Verdict
) -> None:
    assert judged(agreed, status, body).verdict is verdict


@pytest.mark.parametrize(
    ("condition", "body", "content_type"),
    [
        pytest.param({"json_equals": {"/code": 1}}, b'{"code":1', None, id="broken-json"),
        pytest.param({"json_equals": {"/code": 1}}, b'{"code":1,"code":1}', None, id="name-twice"),
        pytest.param({"json_equals": {"/code": 1}}, b"\xff\xfe", None, id="not-utf-8"),
        pytest.param({"json_equals": {"/code": 1}}, b"", None, id="empty"),
        pytest.param({"xml_equals": {"a": "1"}}, b"<!DOCTYPE r><r><a>1</a></r>", None, id="xml"),
        pytest.param({"body_equals": "no"}, b"no", "a/b; charset=klingon", id="unknown-charset"),
        pytest.param(
            {"body_equals": "no", "json_equals": {"/a": 1}}, b"no", None, id="one-of-two-conditions"
        ),
    ],
)
def test_a_body_that_is_not_understood_has_no_meaning(
    condition: dict[str, object], body: bytes, content_type: str | None
) -> None:
    for field in ("refused_if", "pending_if"):
        agreed = rule(**{field: condition})
        assert judged(agreed, 200, body, content_type=content_type).verdict is ACKNOWLEDGED
        assert judged(agreed, 503, body, content_type=content_type).verdict is RETRY


def test_only_the_beginning_of_a_body_has_no_meaning() -> None:
    agreed = rule(refused_if={"body_equals": "x" * 1024})
    assert judged(agreed, 503, b"x" * 1024).verdict is REFUSED
    assert judged(agreed, 503, HUGE, truncated=True).verdict is RETRY


@pytest.mark.parametrize(
    ("status", "body", "explanation"),
    [
        pytest.param(
            200,
            b"FAILURE",
            "refused with 200 and the body that was agreed for a refusal",
            id="refused",
        ),
        pytest.param(
            500,
            b"ONGOING",
            "answered 500, with the body for: accepted, but not finished",
            id="pending",
        ),
    ],
)
def test_a_meaning_by_the_body_is_explained(status: int, body: bytes, explanation: str) -> None:
    verdict = REFUSED if body == b"FAILURE" else PENDING
    unmet = "refused_if" if body == b"FAILURE" else "pending_if"
    cause = "refused:body" if body == b"FAILURE" else "pending:body"
    assert judged(DTM, status, body) == Judgement(verdict, explanation, unmet, cause)
