"""The agreed values in a body of JSON."""

from typing import Any

import pytest

from activities.verdict.judgement import Verdict
from tests.support.judging import ACKNOWLEDGED, HUGE, RETRY, judged, rule

YES, NO = ACKNOWLEDGED, RETRY
DEEP = 10_000
LONG = b'{"code":"ok","a":%b}'


@pytest.mark.parametrize(
    ("pointer", "wanted", "body", "verdict"),
    [
        pytest.param("/code", "SUCCESS", b'{"code":"SUCCESS"}', YES, id="text"),
        pytest.param("/code", "SUCCESS", b'\n{ "msg":1, "code" : "SUCCESS" }\r\n', YES, id="space"),
        pytest.param("/code", "SUCCESS", b'{"code":"success"}', NO, id="lower-case"),
        pytest.param("/code", "SUCCESS", b'{"code":"SUCCESS "}', NO, id="space-after"),
        pytest.param("/code", "SUCCESS", b'{"code":"NOT SUCCESS"}', NO, id="longer"),
        pytest.param("/code", "SUCCESS", b'{"code":["SUCCESS"]}', NO, id="in-a-list"),
        pytest.param("/code", "SUCCESS", b'{"code":null}', NO, id="null-in-place-of-text"),
        pytest.param("/code", "SUCCESS", b'{"Code":"SUCCESS"}', NO, id="another-name"),
        pytest.param("/code", "SUCCESS", b'{"data":{"code":"SUCCESS"}}', NO, id="deeper"),
        pytest.param("/code", "收到", b'{"code":"\\u6536\\u5230"}', YES, id="escaped"),
        pytest.param("/code", "收到", '{"code":"收到"}'.encode(), YES, id="chinese"),
        pytest.param("/code", "é", '{"code":"e\u0301"}'.encode(), NO, id="composed-otherwise"),
        # Numbers, booleans and null are what they are.
        pytest.param("/a", 0, b'{"a":0}', YES, id="zero"),
        pytest.param("/a", 0, b'{"a":-0}', YES, id="minus-zero"),
        pytest.param("/a", 0, b'{"a":0.0}', YES, id="zero-as-a-fraction"),
        pytest.param("/a", 1.0, b'{"a":1}', YES, id="one"),
        pytest.param("/a", 1, b'{"a":1e0}', YES, id="one-with-exponent"),
        pytest.param("/a", 1.5, b'{"a":1.5}', YES, id="fraction"),
        pytest.param("/a", 2**53 + 1, b'{"a":9007199254740993}', YES, id="integer-beyond-floats"),
        pytest.param("/a", 2**53 + 1, b'{"a":9007199254740992}', NO, id="its-neighbour"),
        pytest.param("/a", 0, b'{"a":"0"}', NO, id="zero-as-text"),
        pytest.param("/a", "0", b'{"a":0}', NO, id="text-as-zero"),
        pytest.param("/a", 0, b'{"a":false}', NO, id="zero-as-false"),
        pytest.param("/a", False, b'{"a":0}', NO, id="false-as-zero"),
        pytest.param("/a", False, b'{"a":false}', YES, id="false"),
        pytest.param("/a", True, b'{"a":true}', YES, id="true"),
        pytest.param("/a", True, b'{"a":1}', NO, id="true-as-one"),
        pytest.param("/a", 1, b'{"a":true}', NO, id="one-as-true"),
        pytest.param("/a", True, b'{"a":"true"}', NO, id="true-as-text"),
        pytest.param("/a", None, b'{"a":null}', YES, id="null"),
        pytest.param("/a", None, b"{}", NO, id="missing-is-not-null"),
        pytest.param("/a", None, b'{"a":0}', NO, id="zero-is-not-null"),
        pytest.param("/a", None, b'{"a":""}', NO, id="empty-is-not-null"),
        pytest.param("/a", "", b'{"a":""}', YES, id="empty-text"),
        # Pointers (RFC 6901).
        pytest.param("", "ok", b'"ok"', YES, id="whole-document"),
        pytest.param("", None, b"null", YES, id="whole-document-null"),
        pytest.param("", "ok", b'{"":"ok"}', NO, id="whole-document-is-an-object"),
        pytest.param("/", "ok", b'{"":"ok"}', YES, id="empty-name"),
        pytest.param("//a", "ok", b'{"":{"a":"ok"}}', YES, id="below-an-empty-name"),
        pytest.param("/a/b", 1, b'{"a":{"b":1}}', YES, id="nested"),
        pytest.param("/a~1b", 1, b'{"a/b":1}', YES, id="slash"),
        pytest.param("/a~0b", 1, b'{"a~b":1}', YES, id="tilde"),
        pytest.param("/~01", 1, b'{"~1":1}', YES, id="tilde-before-a-1"),
        pytest.param("/~01", 1, b'{"/":1}', NO, id="not-unescaped-twice"),
        pytest.param("/a/0", 1, b'{"a":[1,2]}', YES, id="first"),
        pytest.param("/a/1/b", 1, b'{"a":[2,{"b":1}]}', YES, id="second"),
        pytest.param("/10", 1, b"[0,0,0,0,0,0,0,0,0,0,1]", YES, id="eleventh"),
        pytest.param("/a/0", 1, b'{"a":{"0":1}}', YES, id="digit-as-a-name"),
        pytest.param("/a/00", 1, b'{"a":{"00":1}}', YES, id="zeros-as-a-name"),
        pytest.param("/a/2", 1, b'{"a":[1,1]}', NO, id="beyond-the-end"),
        pytest.param("/a/0", 1, b'{"a":[]}', NO, id="empty-list"),
        pytest.param("/a/01", 1, b'{"a":[1,1]}', NO, id="leading-zero"),
        pytest.param("/a/00", 1, b'{"a":[1,1]}', NO, id="leading-zero-of-zero"),
        pytest.param("/a/-", 1, b'{"a":[1]}', NO, id="minus"),
        pytest.param("/a/-1", 1, b'{"a":[1]}', NO, id="from-the-end"),
        pytest.param("/a/+0", 1, b'{"a":[1]}', NO, id="plus"),
        pytest.param("/a/", 1, b'{"a":[1]}', NO, id="empty-index"),
        pytest.param("/a/²", 1, b'{"a":[1,1,1]}', NO, id="superscript"),
        pytest.param("/a/\u0661", 1, b'{"a":[1,1]}', NO, id="arabic-digit"),
        pytest.param("/a/" + "9" * 190, 1, b'{"a":[1]}', NO, id="huge-index"),
        pytest.param("/a/0", "k", b'{"a":"kk"}', NO, id="into-a-text"),
        pytest.param("/a/b", 1, b'{"a":null}', NO, id="into-null"),
    ],
)
def test_a_value_is_looked_up_and_compared_as_json(
    pointer: str, wanted: Any, body: bytes, verdict: Verdict
) -> None:
    judgement = judged(rule(json_equals={pointer: wanted}), 200, body)
    assert judgement.verdict is verdict
    assert judgement.unmet == (None if verdict is YES else f"json_equals {pointer}")
    assert verdict is YES or repr(pointer)[:40] in judgement.explanation


@pytest.mark.parametrize(
    ("body", "fragment"),
    [
        pytest.param(b"", "the body is empty", id="empty"),
        pytest.param(b" \n", "not reliable JSON", id="blank"),
        pytest.param(b"SUCCESS", "not reliable JSON", id="text"),
        pytest.param(b"<html><body>502 Bad Gateway</body></html>", "not reliable JSON", id="page"),
        pytest.param(b'{"code":"ok"', "not reliable JSON", id="cut"),
        pytest.param(b'{"code":"o', "not reliable JSON", id="cut-in-a-text"),
        pytest.param(b'{"code":"ok"}{"code":"ok"}', "not reliable JSON", id="two-documents"),
        pytest.param(b'{"code":"ok"}\0', "not reliable JSON", id="nul-after"),
        pytest.param(b"{'code':'ok'}", "not reliable JSON", id="single-quotes"),
        pytest.param(b'{"code":"ok",}', "not reliable JSON", id="comma-at-the-end"),
        pytest.param(b'{"code":"ok"/**/}', "not reliable JSON", id="comment"),
        pytest.param(b'{"code":"ok","a":"\t"}', "not reliable JSON", id="tab-in-a-text"),
        pytest.param(b'{"code":"ok","a":01}', "not reliable JSON", id="leading-zero"),
        pytest.param(b'{"code":"ok","a":NaN}', "NaN", id="nan"),
        pytest.param(b'{"code":"ok","a":-Infinity}', "-Infinity", id="infinity"),
        pytest.param(b'{"code":"no","code":"ok"}', "'code' twice", id="twice"),
        pytest.param(b'{"code":"ok","code":"ok"}', "'code' twice", id="twice-the-same"),
        pytest.param(b'{"code":"ok","c\\u006fde":"no"}', "'code' twice", id="twice-if-unescaped"),
        pytest.param(b'{"code":"ok","a":[{"b":1,"b":2}]}', "'b' twice", id="twice-elsewhere"),
        pytest.param(b'{"code":"ok","a":1e999}', "number '1e999'", id="beyond-a-double"),
        pytest.param(b'{"code":"ok","a":-1e999}', "number '-1e999'", id="beyond-it-below-zero"),
        pytest.param(b'{"a":[{"b":1.8e308}],"code":"ok"}', "'1.8e308'", id="just-beyond-it"),
        pytest.param(LONG % (b"9" * 309), "too large for many readers", id="integer-beyond-it"),
        pytest.param(LONG % (b"9" * 5000), "too large for many readers", id="huge-integer"),
        pytest.param(LONG % (b"-" + b"9" * 60_000), "too large", id="hugest-integer"),
        pytest.param(LONG % b'"\\ud800"', r"'\ud800'", id="half-of-a-character"),
        pytest.param(LONG % b'"a\\uDE00\\ud83d"', r"'\ude00'", id="halves-in-the-wrong-order"),
        pytest.param(b'{"code":"ok","\\udfff":1}', r"'\udfff'", id="half-in-a-name"),
        pytest.param(b'{"a":[{"b":"\\ud83dx"}],"code":"ok"}', r"'\ud83d'", id="half-elsewhere"),
        pytest.param(b"[" * 61_440, "nests too deep", id="60-kib-of-lists"),
        pytest.param(b'{"a":' * 12_288, "nests too deep", id="60-kib-of-objects"),
        pytest.param(b"[" * DEEP + b"]" * DEEP, "nests too deep", id="deep-and-closed"),
        pytest.param(HUGE, "not reliable JSON", id="huge"),
        pytest.param('{"code":"ok"}'.encode("utf-16"), "UTF-8", id="utf-16"),
        pytest.param(
            '{"code":"ok"}'.encode("utf-16-le"), "not reliable JSON", id="utf-16-without-a-mark"
        ),
        pytest.param('{"code":"ok","a":"收到"}'.encode("gbk"), "UTF-8", id="gbk"),
        pytest.param('{"code":"ok","a":"é"}'.encode("latin-1"), "UTF-8", id="latin-1"),
        pytest.param(b'{"code":"ok","a":"\xed\xa0\x80"}', "UTF-8", id="surrogate"),
    ],
)
def test_unreliable_json_acknowledges_nothing(body: bytes, fragment: str) -> None:
    """If readers understand it differently, nobody knows what the target meant."""
    judgement = judged(rule(json_equals={"/code": "ok"}), 200, body)
    assert (judgement.verdict, judgement.unmet) == (RETRY, "json_equals")
    assert fragment in judgement.explanation


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'\xef\xbb\xbf{"code":"ok"}', id="byte-order-mark"),
        pytest.param(b'{"code":"ok","a":[1.7e308,-1.7e308]}', id="the-largest-numbers"),
        pytest.param(LONG % (b"1" + b"0" * 308), id="the-longest-integer"),
        pytest.param(LONG % b"1e-999", id="a-number-next-to-zero"),
        pytest.param(LONG % (b"0." + b"3" * 60_000), id="a-long-fraction"),
        pytest.param(LONG % '"😀"'.encode(), id="a-character-of-two-halves"),
        pytest.param(LONG % b'"\\ud83d\\ude00"', id="both-halves-of-a-character"),
        pytest.param(LONG % b'"\\\\ud800"', id="the-text-of-an-escape"),
        pytest.param(LONG % b'"\\u0000\\uffff"', id="noncharacters"),
        pytest.param(b'{"code":"ok","a":' + b"[" * 100 + b"]" * 100 + b"}", id="100-lists"),
        pytest.param(b'{"code":"ok","a":[{"a":1},{"a":2}]}', id="a-name-in-several-objects"),
        pytest.param(b'{"code":"ok"}' + b" " * 60_000, id="60-kb-of-space"),
    ],
)
def test_other_values_make_no_difference(body: bytes) -> None:
    assert judged(rule(json_equals={"/code": "ok"}), 200, body).verdict is ACKNOWLEDGED


@pytest.mark.parametrize(
    ("wanted", "body", "explanation"),
    [
        pytest.param("ok", b'{"a":"no"}', "its JSON has 'no' at '/a', not 'ok'", id="another"),
        pytest.param(1, b'{"a":true}', "its JSON has true at '/a', not 1", id="another-type"),
        pytest.param(1, b"[]", "its JSON has nothing at '/a'", id="missing"),
    ],
)
def test_a_missed_value_is_explained(wanted: Any, body: bytes, explanation: str) -> None:
    judgement = judged(rule(json_equals={"/a": wanted}), 200, body)
    assert judgement.explanation == f"answered 200, but {explanation}"


def test_a_number_that_is_too_large_is_explained() -> None:
    judgement = judged(rule(json_equals={"/code": "ok"}), 200, LONG % (b"9" * 5000))
    beginning, _, number = judgement.explanation.partition(" the number ")
    assert beginning == "answered 200, but the body is not reliable JSON: it has"
    assert number.startswith("'999")
    assert number.endswith("999', which is too large for many readers")


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        pytest.param(b'{"code":0}', YES, id="the-first"),
        pytest.param(b'{"code":200}', YES, id="the-second"),
        pytest.param(b'{"code":2e2}', YES, id="the-second-as-a-fraction"),
        pytest.param(b'{"code":null}', YES, id="null"),
        pytest.param(b'{"code":"0"}', NO, id="as-text"),
        pytest.param(b'{"code":false}', NO, id="false-is-not-0"),
        pytest.param(b'{"code":[0,200]}', NO, id="the-list-itself"),
        pytest.param(b"{}", NO, id="missing"),
    ],
)
def test_case_18_one_of_several_json_values_acknowledges(body: bytes, verdict: Verdict) -> None:
    assert judged(rule(json_equals={"/code": [0, 200, None]}), 200, body).verdict is verdict


def test_several_values_are_explained() -> None:
    agreed = rule(json_equals={"/code": [200, "ok", None, True]})
    assert judged(agreed, 200, b'{"code":404}').explanation == (
        "answered 200, but its JSON has 404 at '/code', not one of null, true, 200, 'ok'"
    )
    assert judged(agreed, 200, b"").explanation == (
        "answered 200, but the body is empty, not {'/code': (None, True, 200, 'ok')}"
    )


def test_ten_long_values_are_explained_in_one_line() -> None:
    texts = [f"{number}{'支' * 1023}" for number in range(10)]
    body = b'{"' + b"a" * 199 + b'":"' + b"\\u0000" * 9000 + b'"}'
    assert judged(rule(json_equals={"/" + "a" * 199: texts}), 200, body).verdict is RETRY


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(b'"' + b"\\u0000" * 9000 + b'"', id="control-characters"),
        pytest.param(b'"' + b"'" * 60_000 + b'"', id="quotes"),
        pytest.param(b"[" + b"0," * 9 + b"0]", id="list"),
    ],
)
def test_a_long_value_is_explained_in_one_line(found: bytes) -> None:
    agreed = rule(json_equals={"/" + "a" * 199: "\x00" * 1024})
    judgement = judged(agreed, 200, b'{"' + b"a" * 199 + b'":' + found + b"}")
    assert judgement.verdict is RETRY


def test_all_values_must_hold_and_the_first_unmet_is_named() -> None:
    agreed = rule(json_equals={"/a": 1, "/b": 2, "/c": 3})
    assert judged(agreed, 200, b'{"c":3,"b":2,"a":1}').verdict is ACKNOWLEDGED
    assert judged(agreed, 200, b'{"a":1,"b":0,"c":0}').unmet == "json_equals /b"
    assert judged(agreed, 200, b'{"a":1,"b":2}').unmet == "json_equals /c"
