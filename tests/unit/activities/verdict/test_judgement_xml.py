"""The agreed texts in a body of XML."""

import pytest

from activities.verdict.judgement import Verdict
from tests.support.judging import ACKNOWLEDGED, RETRY, judged, rule

YES, NO = ACKNOWLEDGED, RETRY
WECHAT = b"<xml><return_code><![CDATA[SUCCESS]]></return_code></xml>"
DEEP = 8_700


@pytest.mark.parametrize(
    ("path", "body", "verdict"),
    [
        pytest.param("return_code", WECHAT, YES, id="wechat"),
        pytest.param(
            "return_code",
            b"<xml><return_code>SUCCESS</return_code></xml>",
            YES,
            id="wechat-without-cdata",
        ),
        pytest.param("return_code", WECHAT.replace(b"SUCCESS", b"FAIL"), NO, id="fail"),
        pytest.param("return_code", WECHAT.replace(b"SUCCESS", b"success"), NO, id="lower-case"),
        pytest.param("return_code", WECHAT.replace(b"SUCCESS", b"NO SUCCESS"), NO, id="longer"),
        pytest.param("xml/return_code", WECHAT, NO, id="the-root-is-not-named"),
        pytest.param("code", WECHAT, NO, id="missing"),
        pytest.param(".", WECHAT, NO, id="the-root-has-elements"),
        pytest.param(".", b"<code>SUCCESS</code>", YES, id="root"),
        pytest.param(".", b"<code/>", NO, id="root-empty"),
        pytest.param("a", b"<r>\n <a>\n\tSUCCESS\r\n</a>\n</r>", YES, id="space-around"),
        pytest.param("a", b"<r><a>SUC CESS</a></r>", NO, id="space-inside"),
        pytest.param("a", b"<r><a>&#83;UCCESS</a></r>", YES, id="character-reference"),
        pytest.param("a", b"<r><a>SUC<![CDATA[CESS]]></a></r>", YES, id="half-in-cdata"),
        pytest.param("a", b"<r><a>SUC<!-- no -->CESS</a></r>", YES, id="comment-in-the-text"),
        pytest.param("a", b"<r><a>SUCCESS<!-- no --> NOT</a></r>", NO, id="text-after-a-comment"),
        pytest.param("a", b"<r><a>SUC<?no?>CESS</a></r>", YES, id="instruction-in-the-text"),
        pytest.param(
            "a", b"<?xml-stylesheet href='x'?><r><a>SUCCESS</a></r>", YES, id="instruction-before"
        ),
        pytest.param("a", b"<r><!-- <a>SUCCESS</a> --></r>", NO, id="commented-out"),
        pytest.param("a", b"<r><![CDATA[<a>SUCCESS</a>]]></r>", NO, id="as-text"),
        pytest.param("a", b"<r a='SUCCESS'/>", NO, id="as-an-attribute"),
        pytest.param("a", b"<r><a x='1'>SUCCESS</a></r>", YES, id="beside-an-attribute"),
        pytest.param("a", b"<r><A>SUCCESS</A></r>", NO, id="another-name"),
        pytest.param("a", b"<r xmlns='urn:x'><a>SUCCESS</a></r>", YES, id="default-namespace"),
        pytest.param("a", b"<x:r xmlns:x='u'><x:a>SUCCESS</x:a></x:r>", YES, id="namespace"),
        pytest.param(
            "a", b"<r xmlns:x='u'><a>SUCCESS</a><x:a>NO</x:a></r>", NO, id="in-two-namespaces"
        ),
        pytest.param("a", b"<r><a>SUCCESS</a><a>SUCCESS</a></r>", NO, id="twice"),
        pytest.param("a", b"<r><a>SUCCESS</a><b><a>NO</a></b></r>", YES, id="elsewhere-too"),
        pytest.param("a", b"<r><b><a>SUCCESS</a></b></r>", NO, id="only-elsewhere"),
        pytest.param("a", b"<r><a>SUCCESS<b/></a></r>", NO, id="text-and-an-element"),
        pytest.param("a/b", b"<r><a><b>SUCCESS</b></a></r>", YES, id="nested"),
        pytest.param("a/b", b"<r><a/><a><b>SUCCESS</b></a></r>", NO, id="in-the-last-of-two"),
        pytest.param("a/b", b"<r><a><b>SUCCESS</b></a><a/></r>", NO, id="in-the-first-of-two"),
        pytest.param("a/b", b"<r><a><b>SUCCESS</b></a><c><a/></c></r>", YES, id="one-elsewhere"),
        pytest.param("a/b", b"<r><a><b>SUCCESS</b><b/></a></r>", NO, id="nested-twice"),
        pytest.param(
            "a/b", b"<r xmlns:x='u'><a><b>SUCCESS</b></a><x:a/></r>", NO, id="step-in-two-spaces"
        ),
        pytest.param("a/b/c", b"<r><a><b><c>SUCCESS</c></b></a></r>", YES, id="three-steps"),
        pytest.param("a/b/c", b"<r><a><b><c>SUCCESS</c></b><b/></a></r>", NO, id="middle-twice"),
        pytest.param(
            "a/b", b"<r><a><b>SUCCESS</b></a><a><b>NO</b></a></r>", NO, id="nested-in-each-of-two"
        ),
        pytest.param(
            "支/b-1.x", "<r><支><b-1.x>SUCCESS</b-1.x></支></r>".encode(), YES, id="names"
        ),
        pytest.param("a", b"\xef\xbb\xbf<r><a>SUCCESS</a></r>", YES, id="byte-order-mark"),
        pytest.param(
            "a", b"<?xml version='1.0' encoding='UTF-8'?><r><a>SUCCESS</a></r>", YES, id="utf-8"
        ),
        pytest.param("a", "<r><a>SUCCESS</a></r>".encode("utf-16"), YES, id="utf-16"),
        pytest.param(
            "a",
            "<?xml version='1.0' encoding='iso-8859-1'?><r x='é'><a>SUCCESS</a></r>".encode("l1"),
            YES,
            id="latin-1",
        ),
        pytest.param(
            "a",
            b"<r xmlns:xi='http://www.w3.org/2001/XInclude'>"
            b"<a><xi:include href='file:///etc/passwd' parse='text'/></a></r>",
            NO,
            id="xinclude-is-an-element-like-others",
        ),
        pytest.param("a", b"<r>" + b"<b/>" * 15_000 + b"<a>SUCCESS</a></r>", YES, id="many"),
        pytest.param(".", b"<a>" * DEEP + b"</a>" * DEEP, NO, id="deep"),
    ],
)
def test_an_element_is_looked_up_by_its_path(path: str, body: bytes, verdict: Verdict) -> None:
    judgement = judged(rule(xml_equals={path: "SUCCESS"}), 200, body)
    assert judgement.verdict is verdict
    assert judgement.unmet == (None if verdict is YES else f"xml_equals {path}")
    assert verdict is YES or repr(path) in judgement.explanation


@pytest.mark.parametrize("encoding", ["GBK", "gb2312", "gb18030", "Big5"])
def test_older_encodings_of_east_asia_are_read(encoding: str) -> None:
    for found, verdict in (("文件", YES), ("不", NO)):
        text = f'<?xml version="1.0" encoding="{encoding}" ?><xml><a>{found}</a></xml>'
        judgement = judged(rule(xml_equals={"a": "文件"}), 200, text.encode(encoding))
        assert judgement.verdict is verdict


@pytest.mark.parametrize(
    ("path", "body", "explanation"),
    [
        pytest.param(
            "a", b"<r><a>no</a></r>", "its XML has 'no' in 'a', not 'ok'", id="another-text"
        ),
        pytest.param("a", b"<r><a/></r>", "its XML has '' in 'a', not 'ok'", id="empty"),
        pytest.param("a", b"<r/>", "its XML has no element 'a'", id="missing"),
        pytest.param("a", b"<r><a/><a/></r>", "its XML has 2 elements 'a'", id="twice"),
        pytest.param(
            "head/state",
            b"<r><head><state>ok</state></head><head/></r>",
            "its XML has 2 elements 'head' on the way to 'head/state'",
            id="step-twice",
        ),
        pytest.param(
            "a/b/c",
            b"<r><a/></r>",
            "its XML has no element 'a/b' on the way to 'a/b/c'",
            id="step-missing",
        ),
        pytest.param(
            "a/b", b"<r><a><b/><b/><b/></a></r>", "its XML has 3 elements 'a/b'", id="three-times"
        ),
        pytest.param(
            "a", b"<r><a><b/></a></r>", "its XML has elements in 'a', not a text", id="elements"
        ),
        pytest.param(
            ".",
            b"<!DOCTYPE a><a/>",
            "its XML declares a document type, which is not read",
            id="document-type",
        ),
    ],
)
def test_a_missed_element_is_explained(path: str, body: bytes, explanation: str) -> None:
    judgement = judged(rule(xml_equals={path: "ok"}), 200, body)
    assert judgement.explanation == f"answered 200, but {explanation}"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<r><a/></r>", id="empty"),
        pytest.param(b"<r><a> \n</a></r>", id="space"),
        pytest.param(b"<r><a><!----></a></r>", id="comment"),
    ],
)
def test_an_empty_element_may_be_agreed(body: bytes) -> None:
    for agreed in ("", " ", "\n"):
        assert judged(rule(xml_equals={"a": agreed}), 200, body).verdict is ACKNOWLEDGED


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        pytest.param(b"<r><a>0</a></r>", YES, id="the-first"),
        pytest.param(b"<r><a> SUCCESS </a></r>", YES, id="the-second"),
        pytest.param(b"<r><a>1</a></r>", NO, id="neither"),
        pytest.param(b"<r><a>0</a><a>SUCCESS</a></r>", NO, id="both"),
        pytest.param(b"<r/>", NO, id="missing"),
    ],
)
def test_case_18_one_of_several_elements_acknowledges(body: bytes, verdict: Verdict) -> None:
    assert judged(rule(xml_equals={"a": ["0", "SUCCESS"]}), 200, body).verdict is verdict


def test_several_texts_are_explained() -> None:
    judgement = judged(rule(xml_equals={"a": ["0", "ok"]}), 200, b"<r><a>1</a></r>")
    assert judgement.explanation == (
        "answered 200, but its XML has '1' in 'a', not one of '0', 'ok'"
    )


def test_a_long_text_is_explained_in_one_line() -> None:
    name, text = "a" * 200, "\u202e" * 9000
    agreed = rule(xml_equals={name: text[:1024]})
    body = f"<r><{name}>{text}</{name}></r>".encode()
    assert judged(agreed, 200, body).verdict is RETRY


def test_all_elements_must_hold_and_the_first_unmet_is_named() -> None:
    agreed = rule(xml_equals={"a": "1", "b": "2"})
    assert judged(agreed, 200, b"<r><b>2</b><a>1</a></r>").verdict is ACKNOWLEDGED
    assert judged(agreed, 200, b"<r><b>2</b><a>0</a></r>").unmet == "xml_equals a"
    assert judged(agreed, 200, b"<r><a>1</a></r>").unmet == "xml_equals b"
