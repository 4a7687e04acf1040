"""The code of an answer whose body is not as agreed."""

from typing import Any, Final

import pytest

from tests.support.judging import RETRY, judged, rule

CODE: Final = {"json_equals": {"/code": ["SUCCESS", 0, True]}}
DEEP: Final = {"json_equals": {"/data/list/0": 1}}
ROOT: Final = {"json_equals": {"": "SUCCESS"}}
TWO: Final = {"json_equals": {"/a": 1, "/b": 2}}
CHINESE: Final = {"json_equals": {"/状态 1": "好"}}
XML: Final = {"xml_equals": {"head/return_code": "SUCCESS"}}
XML_ROOT: Final = {"xml_equals": {".": "SUCCESS"}}
TEXT: Final = {"body_equals": "success"}
FOLDED: Final = {"body_equals": "success", "ignore_case_and_space": True}
BOTH: Final = {"body_equals": '{"code":"SUCCESS"}', "json_equals": {"/code": "SUCCESS"}}

CAUSES: Final[dict[str, tuple[dict[str, Any], bytes, str]]] = {
    "json-text": (CODE, b'{"code":"FAIL"}', "body:/code=FAIL"),
    "json-number": (CODE, b'{"code":-404}', "body:/code=-404"),
    "json-fraction": (CODE, b'{"code":1.50}', "body:/code=1.5"),
    "json-large-fraction": (CODE, b'{"code":1e22}', "body:/code"),
    "json-text-as-a-number": (CODE, b'{"code":"0"}', "body:/code=0"),
    "json-false": (CODE, b'{"code":false}', "body:/code=false"),
    "json-null": (CODE, b'{"code":null}', "body:/code=null"),
    "json-list": (CODE, b'{"code":["FAIL"]}', "body:/code"),
    "json-object": (CODE, b'{"code":{"FAIL":1}}', "body:/code"),
    "json-empty-text": (CODE, b'{"code":""}', "body:/code"),
    "json-space-before": (CODE, b'{"code":" FAIL"}', "body:/code"),
    "json-sentence": (CODE, b'{"code":"unknown order 17"}', "body:/code"),
    "json-long-word": (CODE, b'{"code":"FAIL_FAIL_FAIL_17"}', "body:/code"),
    "json-person": (CODE, b'{"code":"li@example.com"}', "body:/code"),
    "json-quote": (CODE, b'{"code":"a\' OR \'a"}', "body:/code"),
    "json-chinese": (CODE, '{"code":"失败"}'.encode(), "body:/code"),
    "json-long-integer": (CODE, b'{"code":%b}' % (b"9" * 300), "body:/code"),
    "json-missing": (CODE, b"{}", "body:/code"),
    "json-deep": (DEEP, b'{"data":{"list":[2]}}', "body:/data/list/0=2"),
    "json-deep-missing": (DEEP, b'{"data":null}', "body:/data/list/0"),
    "json-root": (ROOT, b'"FAIL"', "body=FAIL"),
    "json-root-object": (ROOT, b"{}", "body"),
    "json-second-value": (TWO, b'{"a":1,"b":3}', "body:/b=3"),
    "json-chinese-place": (CHINESE, '{"状态 1":"NO"}'.encode(), "body:/___1=NO"),
    "json-broken": (CODE, b'{"code":"FAIL"', "body"),
    "json-not-utf-8": (CODE, b'{"code":"\xff"}', "body"),
    "json-empty-body": (CODE, b"", "body"),
    "json-page": (CODE, b"<html>no</html>", "body"),
    "xml-text": (
        XML,
        b"<r><head><return_code>\n FAIL </return_code></head></r>",
        "body:head/return_code=FAIL",
    ),
    "xml-empty": (XML, b"<r><head><return_code/></head></r>", "body:head/return_code"),
    "xml-missing": (XML, b"<r><head/></r>", "body:head/return_code"),
    "xml-missing-step": (XML, b"<r/>", "body:head/return_code"),
    "xml-twice": (
        XML,
        b"<r><head><return_code>A</return_code><return_code>B</return_code></head></r>",
        "body:head/return_code",
    ),
    "xml-elements": (
        XML,
        b"<r><head><return_code>FAIL<b/></return_code></head></r>",
        "body:head/return_code",
    ),
    "xml-root": (XML_ROOT, b"<code>FAIL</code>", "body:.=FAIL"),
    "xml-broken": (XML, b"<r>", "body"),
    "xml-document-type": (XML, b"<!DOCTYPE r><r/>", "body"),
    "xml-empty-body": (XML, b"", "body"),
    "text": (TEXT, b"fail", "body=fail"),
    "text-in-another-case": (TEXT, b"SUCCESS", "body=SUCCESS"),
    "text-with-a-line-break": (TEXT, b"fail\r\n", "body=fail"),
    "text-that-is-a-sentence": (TEXT, b"not now", "body"),
    "text-that-is-a-page": (TEXT, b"<html>fail</html>", "body"),
    "text-that-is-empty": (TEXT, b"", "body"),
    "text-that-is-space": (TEXT, b" \n", "body"),
    "text-not-utf-8": (TEXT, b"\xff", "body"),
    "text-in-chinese": (TEXT, "失败".encode(), "body"),
    "text-in-utf-16": (TEXT, "fail".encode("utf-16"), "body"),
    "text-with-a-nul": (TEXT, b"fail\0", "body"),
    "folded-text": (FOLDED, b" Fail\n", "body=Fail"),
    "folded-text-not-utf-8": (FOLDED, b"\xff", "body"),
    "text-before-json": (BOTH, b'{"code":"FAIL"}', "body"),
}
"""The agreed body, the body that came, and the code."""


@pytest.mark.parametrize(("agreed", "body", "cause"), CAUSES.values(), ids=CAUSES)
def test_a_body_that_is_not_as_agreed_has_a_code(
    agreed: dict[str, Any], body: bytes, cause: str
) -> None:
    judgement = judged(rule(**agreed), 200, body)
    assert (judgement.verdict, judgement.cause) == (RETRY, cause)


@pytest.mark.parametrize("agreed", [CODE, XML, TEXT, FOLDED], ids=["json", "xml", "text", "folded"])
def test_a_long_body_has_no_value_in_its_code(agreed: dict[str, Any]) -> None:
    assert judged(rule(**agreed), 200, b"fail", truncated=True).cause == "body"
    assert judged(rule(**agreed), 200, b"fail" * 9000).cause == "body"


@pytest.mark.parametrize(
    "declared", [pytest.param("klingon", id="unknown"), pytest.param("utf-8", id="wrong")]
)
def test_a_body_in_no_known_charset_has_no_value_in_its_code(declared: str) -> None:
    body = '{"code":"失败"}'.encode("gbk")
    judgement = judged(rule(**CODE), 200, body, content_type=f"a/b; charset={declared}")
    assert judgement.cause == "body"
