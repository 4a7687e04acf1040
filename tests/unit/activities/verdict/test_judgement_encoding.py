"""What is told of an answer that came encoded, though none was asked for."""

import gzip
from typing import Any

import pytest

from tests.support.judging import ACKNOWLEDGED, RETRY, judged, rule

GZIPPED = gzip.compress(b"success", mtime=0)


@pytest.mark.parametrize(
    ("fields", "body", "problem"),
    [
        ({"body_equals": "success"}, GZIPPED, "the body is not 'success'"),
        (
            {"body_equals": "success", "ignore_case_and_space": True},
            GZIPPED,
            "the body is not in UTF-8",
        ),
        ({"json_equals": {"/a": 1}}, GZIPPED, "the body is not in UTF-8"),
        ({"json_equals": {"/a": 1}}, b'{"a":2}', "its JSON has 2 at '/a', and not 1"),
        ({"xml_equals": {"a": "1"}}, b"<r/>", "its XML has no element 'a'"),
        ({"body_equals": "success"}, b"", "the body is empty, and not 'success'"),
    ],
)
def test_a_body_that_is_not_as_agreed_is_told_with_its_encoding(
    fields: dict[str, Any], body: bytes, problem: str
) -> None:
    judgement = judged(rule(**fields), 200, body, content_encoding="gzip")
    assert judgement.verdict is RETRY
    assert judgement.explanation == (
        f"answered 200, but {problem}; its Content-Encoding is 'gzip', and 'identity' was asked for"
    )


@pytest.mark.parametrize("content_encoding", [None, "", " ", "identity", " Identity "])
def test_a_body_that_is_not_encoded_is_told_without(content_encoding: str | None) -> None:
    judgement = judged(rule(body_equals="ok"), 200, b"no", content_encoding=content_encoding)
    assert judgement.explanation == "answered 200, but the body is not 'ok'"


@pytest.mark.parametrize("content_encoding", ["gzip", "utf-8", "none", "\x00", "x" * 8000])
@pytest.mark.parametrize(
    "fields", [{"body_equals": "1"}, {"json_equals": {"": 1}}, {"body_equals": None}]
)
def test_a_body_that_is_as_agreed_acknowledges_whatever_the_header_says(
    fields: dict[str, Any], content_encoding: str
) -> None:
    judgement = judged(rule(**fields), 200, b"1", content_encoding=content_encoding)
    assert judgement.verdict is ACKNOWLEDGED
    assert judgement.explanation == "acknowledged with 200"


@pytest.mark.parametrize("status", [202, 301, 404, 500])
def test_a_status_that_does_not_acknowledge_is_told_without(status: int) -> None:
    agreed = rule(status=[200], pending=[202], body_equals="ok")
    judgement = judged(agreed, status, GZIPPED, content_encoding="gzip")
    assert "Content-Encoding" not in judgement.explanation


@pytest.mark.parametrize("content_encoding", ["x" * 8000, "\x1b[2J" * 9, "\u202e" * 99, "'\"" * 99])
def test_the_header_is_told_in_a_line_however_long(content_encoding: str) -> None:
    agreed = rule(json_equals={"/" + "a" * 199: "\x00" * 1024})
    body = b'{"' + b"a" * 199 + b'":"' + b"\\u0000" * 9000 + b'"}'
    told = judged(agreed, 200, body, content_encoding=content_encoding).explanation
    assert told.endswith(", and 'identity' was asked for")
