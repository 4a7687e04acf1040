"""Bodies in the charset that their header declares."""

import pytest

from activities.verdict.judgement import Verdict
from tests.support.judging import ACKNOWLEDGED, RETRY, judged, rule
from tidings.fields.charset import CODECS

TEXT = rule(body_equals="成功")
RELAXED = rule(body_equals="成功", ignore_case_and_space=True)
JSON = rule(json_equals={"/message": "成功"})
XML = rule(xml_equals={"message": "成功"})
BODIES = {
    "text": (TEXT, "成功"),
    "folded-text": (RELAXED, " 成功\n"),
    "json": (JSON, '{"message":"成功"}'),
    "xml": (XML, "<r><message>成功</message></r>"),
}


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        pytest.param("text/html; charset=GBK", "gbk", id="gbk"),
        pytest.param("text/html;charset=gb2312", "gb2312", id="gb2312"),
        pytest.param("text/html; charset=gb18030", "gb18030", id="gb18030"),
        pytest.param("text/html; charset=Big5", "big5", id="big5"),
        pytest.param('text/html; charset="gbk"', "gbk", id="quoted"),
        pytest.param("text/html; charset='gbk'", "gbk", id="in-single-quotes"),
        pytest.param("text/html; Charset = GBK ; x=y", "gbk", id="space-and-case"),
        pytest.param('text/html; a="; charset=big5"; charset=gbk', "gbk", id="not-in-a-quote"),
        pytest.param("text/html; charset=gbk; charset=GBK", "gbk", id="twice-the-same"),
        pytest.param("charset=big5; charset=gbk", "gbk", id="type-that-looks-like-it"),
        pytest.param("text/html; charset=UTF-8", "utf-8", id="utf-8"),
        pytest.param("text/html; charset=utf8", "utf-8", id="utf8"),
        pytest.param("text/html; charset=", "utf-8", id="empty"),
        pytest.param('text/html; charset=""', "utf-8", id="empty-quote"),
        pytest.param("text/html; charsets=gbk", "utf-8", id="another-parameter"),
        pytest.param("text/html", "utf-8", id="no-charset"),
        pytest.param("", "utf-8", id="empty-header"),
        pytest.param(None, "utf-8", id="no-header"),
    ],
)
def test_case_19_a_body_is_read_as_its_header_declares(
    kind: str, header: str | None, encoding: str
) -> None:
    agreed, text = BODIES[kind]
    assert judged(agreed, 200, text.encode(encoding), content_type=header).verdict is ACKNOWLEDGED
    other = "gbk" if encoding == "utf-8" else "utf-8"
    assert judged(agreed, 200, text.encode(other), content_type=header).verdict is RETRY


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize(
    ("header", "quoted"),
    [
        pytest.param("a/b; charset=klingon", "klingon", id="klingon"),
        pytest.param("a/b; charset=utf-7", "utf-7", id="utf-7"),
        pytest.param("a/b; charset=utf-16", "utf-16", id="utf-16"),
        pytest.param("a/b; charset=hex", "hex", id="a-codec-that-is-not-text"),
        pytest.param("a/b; charset=unicode_escape", "unicode_escape", id="codec-that-warns"),
        pytest.param("a/b; charset=gbk, c/d", "gbk, c/d", id="two-headers"),
        pytest.param("a/b; charset=gbk; charset=utf-8", "gbk and utf-8", id="two-charsets"),
        pytest.param("a/b; charset=" + "x" * 60_000, "x" * 40, id="long"),
        pytest.param("a/b; charset=\x1b[2J\u202e", "·[2j·", id="control-characters"),
        pytest.param("a/b; charset=\x00", "·", id="nul"),
    ],
)
def test_an_unknown_charset_acknowledges_nothing(kind: str, header: str, quoted: str) -> None:
    agreed, text = BODIES[kind]
    judgement = judged(agreed, 200, text.encode(), content_type=header)
    assert judgement.verdict is RETRY
    assert judgement.explanation == (
        f"answered 200, but its Content-Type declares the charset '{quoted}', which is not read"
    )
    assert judgement.unmet in {"body_equals", "json_equals", "xml_equals"}


def test_an_unknown_charset_does_not_matter_to_a_status() -> None:
    header = "text/html; charset=klingon"
    assert judged(rule(), 200, b"ok", content_type=header).verdict is ACKNOWLEDGED
    assert judged(rule(body_equals="ok"), 404, b"ok", content_type=header).unmet == "status"


@pytest.mark.parametrize(
    ("kind", "problem"),
    [
        pytest.param("text", "the body is not '成功'", id="text"),
        pytest.param("folded-text", "the body is not in GBK", id="folded-text"),
        pytest.param("json", "the body is not in GBK", id="json"),
        pytest.param("xml", "the body is not readable XML: ", id="xml"),
    ],
)
def test_a_body_in_another_charset_is_explained(kind: str, problem: str) -> None:
    agreed, _ = BODIES[kind]
    judgement = judged(agreed, 200, b"\xff\xff", content_type="a/b; charset=gbk")
    assert judgement.explanation.startswith(f"answered 200, but {problem}")


def test_a_server_that_declares_gb2312_sends_gbk() -> None:
    """Browsers read it so, and the names of people need it."""
    body = "朱镕基".encode("gbk")
    header = "text/html; charset=gb2312"
    assert (
        judged(rule(body_equals="朱镕基"), 200, body, content_type=header).verdict is ACKNOWLEDGED
    )


def test_a_byte_order_mark_counts_before_the_header() -> None:
    body = '\ufeff{"message":"成功"}'.encode()
    assert judged(JSON, 200, body, content_type="a/b; charset=gbk").verdict is ACKNOWLEDGED


@pytest.mark.parametrize(
    ("declared", "header", "verdict"),
    [
        pytest.param("gbk", None, ACKNOWLEDGED, id="document-alone"),
        pytest.param("gbk", "text/xml; charset=utf-8", ACKNOWLEDGED, id="another-header"),
        pytest.param("gbk", "text/xml; charset=klingon", ACKNOWLEDGED, id="unknown-header"),
        pytest.param("utf-8", "text/xml; charset=gbk", RETRY, id="document-is-wrong"),
    ],
)
def test_xml_says_itself_what_it_is(declared: str, header: str | None, verdict: Verdict) -> None:
    """Many servers add a charset without a look at the document."""
    text = f"<?xml version='1.0' encoding='{declared}'?><r><message>成功</message></r>"
    assert judged(XML, 200, text.encode("gbk"), content_type=header).verdict is verdict


def test_every_charset_that_is_read_has_a_codec() -> None:
    for name in CODECS:
        header = f"text/plain; charset={name.upper()}"
        assert judged(rule(body_equals="ok"), 200, b"ok", content_type=header).verdict is (
            ACKNOWLEDGED
        )
