"""The explanation of an answer that came encoded, although that was not requested."""

import gzip
from typing import Any

import pytest

from tests.support.judging import ACKNOWLEDGED, RETRY, judged, rule

GZIPPED = gzip.compress(b"success", mtime=0)


@pytest.mark.parametrize(
    ("fields", "body", "problem"),
    [
        pytest.param({"body_equals": "success"}, GZIPPED, "the body is not 'success'", id="text"),
        pytest.param(
            {"body_equals": "success", "ignore_case_and_space": True},
            GZIPPED,
            "the body is not in UTF-8",
            id="text-that-is-folded",
        ),
        pytest.param({"json_equals": {"/a": 1}}, GZIPPED, "the body is not in UTF-8", id="json"),
        pytest.param(
            {"json_equals": {"/a": 1}},
            b'{"a":2}',
            "its JSON has 2 at '/a', not 1",
            id="json-that-is-not-encoded",
        ),
        pytest.param(
            {"xml_equals": {"a": "1"}},
            b"<r/>",
            "its XML has no element 'a'",
            id="xml-that-is-not-encoded",
        ),
        pytest.param(
            {"body_equals": "success"}, b"", "the body is empty, not 'success'", id="empty"
        ),
    ],
)
def test_the_encoding_explains_a_body_that_is_not_as_agreed(
    fields: dict[str, Any], body: bytes, problem: str
) -> None:
    judgement = judged(rule(**fields), 200, body, content_encoding="gzip")
    assert judgement.verdict is RETRY
    assert judgement.explanation == (
        f"answered 200, but {problem}; "
        "its Content-Encoding is 'gzip', although 'identity' was requested"
    )


@pytest.mark.parametrize(
    "content_encoding",
    [
        pytest.param(None, id="no-header"),
        pytest.param("", id="empty"),
        pytest.param(" ", id="space"),
        pytest.param("identity", id="identity"),
        pytest.param(" Identity ", id="identity-in-space"),
    ],
)
def test_without_an_encoding_the_header_is_not_mentioned(content_encoding: str | None) -> None:
    judgement = judged(rule(body_equals="ok"), 200, b"no", content_encoding=content_encoding)
    assert judgement.explanation == "answered 200, but the body is not 'ok'"


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"body_equals": "1"}, id="text"),
        pytest.param({"json_equals": {"": 1}}, id="json"),
        pytest.param({}, id="any-body"),
    ],
)
def test_a_body_as_agreed_acknowledges_with_any_header(fields: dict[str, Any]) -> None:
    for content_encoding in ("gzip", "utf-8", "none", "\x00", "x" * 8000):
        judgement = judged(rule(**fields), 200, b"1", content_encoding=content_encoding)
        assert judgement.verdict is ACKNOWLEDGED
        assert judgement.explanation == "acknowledged with 200"


@pytest.mark.parametrize("status", [202, 301, 404, 500])
def test_a_status_is_explained_without_the_encoding(status: int) -> None:
    agreed = rule(status=[200], pending=[202], body_equals="ok")
    judgement = judged(agreed, status, GZIPPED, content_encoding="gzip")
    assert "Content-Encoding" not in judgement.explanation


@pytest.mark.parametrize(
    "content_encoding",
    [
        pytest.param("x" * 8000, id="long"),
        pytest.param("\x1b[2J" * 9, id="control-characters"),
        pytest.param("\u202e" * 99, id="backwards"),
        pytest.param("'\"" * 99, id="quotes"),
    ],
)
def test_a_long_header_is_explained_in_one_line(content_encoding: str) -> None:
    agreed = rule(json_equals={"/" + "a" * 199: "\x00" * 1024})
    body = b'{"' + b"a" * 199 + b'":"' + b"\\u0000" * 9000 + b'"}'
    judgement = judged(agreed, 200, body, content_encoding=content_encoding)
    assert judgement.explanation.endswith(", although 'identity' was requested")
