"""Texts that go out in the charset of their content type."""

from typing import Any

import pytest

from tests.support.samples import notification, refusal
from tidings.fields.charset import CODECS


@pytest.mark.parametrize(
    ("content_type", "body", "sent"),
    [
        pytest.param("text/plain; charset=gbk", "支付", b"\xd6\xa7\xb8\xb6", id="gbk"),
        pytest.param("text/xml;CHARSET=GB2312", "支付", b"\xd6\xa7\xb8\xb6", id="gb2312"),
        pytest.param('text/plain; charset="gb18030"', "😀", b"\x949\xfc6", id="gb18030"),
        pytest.param("text/plain; charset=big5", "付", b"\xa5I", id="big5"),
        pytest.param("text/plain; charset=Shift_JIS", "支", b"\x8ex", id="shift-jis"),
        pytest.param("text/plain; charset=euc-kr", "가", b"\xb0\xa1", id="euc-kr"),
        pytest.param("text/plain; charset=iso-8859-1", "é", b"\xe9", id="latin-1"),
        pytest.param("text/plain; charset=windows-1252", "€", b"\x80", id="windows-1252"),
        pytest.param("text/plain; charset=us-ascii", "a", b"a", id="ascii"),
        pytest.param("text/plain; charset=utf8", "支", "支".encode(), id="utf-8"),
        pytest.param("application/json; charset=gbk", {"a": "支"}, b'{"a":"\xd6\xa7"}', id="json"),
        pytest.param(
            'text/plain; x="; charset=utf-8"; charset=gbk', "支", b"\xd6\xa7", id="hidden"
        ),
    ],
)
def test_case_19_a_text_goes_out_in_its_charset(content_type: str, body: Any, sent: bytes) -> None:
    given = notification(body=body, content_type=content_type)
    assert given.body_bytes == sent
    assert given.request_content.content_type == content_type


@pytest.mark.parametrize("charset", CODECS)
def test_every_charset_is_read_as_it_is_written(charset: str) -> None:
    content = notification(body="Ok~ 1", content_type=f"text/plain; charset={charset}").body_bytes
    assert content.decode(CODECS[charset]) == "Ok~ 1"


@pytest.mark.parametrize(
    ("charset", "body", "problem"),
    [
        pytest.param("gbk", "支😀付", "gbk has no '😀' (U+1F600)", id="emoji"),
        pytest.param("GB2312", "鎔", "gb2312 has no '鎔' (U+9394)", id="rare"),
        pytest.param("us-ascii", "é", "us-ascii has no 'é' (U+00E9)", id="ascii"),
        pytest.param("shift_jis", "1¥", "shift_jis has no '¥' (U+00A5)", id="yen-as-backslash"),
        pytest.param("gbk", {"a": ["x", "😀"]}, "gbk has no '😀'", id="json"),
    ],
)
def test_case_19_a_character_that_does_not_fit_is_refused(
    charset: str, body: Any, problem: str
) -> None:
    kind = "text/plain" if isinstance(body, str) else "application/json"
    message = refusal(body=body, content_type=f"{kind}; charset={charset}")
    assert problem in message
    assert "choose utf-8 or gb18030" in message


@pytest.mark.parametrize("charset", ["utf-16", "utf-7", "cp037", "latin1", "hex", "x" * 90])
def test_case_19_an_unknown_charset_is_refused_with_the_list(charset: str) -> None:
    message = refusal(body="a", content_type=f"text/plain; charset={charset}")
    assert f"charset '{charset}'" in message
    for known in CODECS:
        assert known in message


def test_the_limit_counts_the_bytes_that_go_out() -> None:
    content_type = "text/plain; charset=gbk"
    assert len(notification(body="支" * 450_000, content_type=content_type).body_bytes) == 900_000
    assert "1,350,000 bytes" in refusal(body="支" * 450_000, content_type="text/plain")
