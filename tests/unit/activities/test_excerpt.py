"""The excerpt of an answer's body, as an attempt keeps it."""

import pytest

from activities.attempt import MAX_EXCERPT, excerpt


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param(b"", "", id="empty"),
        pytest.param(b"not ok", "not ok", id="text"),
        pytest.param("余额不足 😀".encode(), "余额不足 😀", id="chinese"),
        pytest.param(b"a\n\tb", "a\n\tb", id="line-break-and-tab"),
        pytest.param(b"a\r\nb", "a·\nb", id="carriage-return"),
        pytest.param(b"\x00\x07\x1b[31mred\x7f", "···[31mred·", id="control-characters"),
        pytest.param("\x9b31mred".encode(), "·31mred", id="control-character-of-one-byte"),
        pytest.param(b"\xff\xfe", "\ufffd\ufffd", id="not-utf-8"),
        pytest.param(b"\xed\xa0\x80", "\ufffd\ufffd\ufffd", id="surrogate"),
        pytest.param(b"\xef\xbb\xbfok", "·ok", id="byte-order-mark"),
        pytest.param("a\u202egpj.exe".encode(), "a·gpj.exe", id="text-that-runs-backwards"),
        pytest.param("a\u2028b\u200bc".encode(), "a·b·c", id="invisible"),
    ],
)
def test_an_excerpt_is_text_that_is_safe_to_show(body: bytes, text: str) -> None:
    assert excerpt(body) == text


@pytest.mark.parametrize(
    ("body", "header", "text"),
    [
        pytest.param("成功".encode("gbk"), "a/b; charset=GBK", "成功", id="gbk"),
        pytest.param("成功".encode("big5"), "a/b; charset=big5", "成功", id="big5"),
        pytest.param("成功".encode(), "a/b; charset=klingon", "成功", id="unknown"),
        pytest.param("成功".encode(), "a/b", "成功", id="undeclared"),
        pytest.param("\ufeff成功".encode(), "a/b; charset=gbk", "·成功", id="byte-order-mark"),
        pytest.param(b"\xff\xffok", "a/b; charset=gbk", "\ufffd\ufffdok", id="not-gbk"),
        pytest.param(
            "<?xml version='1.0' encoding='gbk'?><a>成功</a>".encode("gbk"),
            "text/xml",
            "<?xml version='1.0' encoding='gbk'?><a>成功</a>",
            id="xml-that-declares-itself",
        ),
    ],
)
def test_case_19_an_excerpt_is_read_as_declared(body: bytes, header: str, text: str) -> None:
    assert excerpt(body, header) == text


def test_an_excerpt_in_gbk_is_cut_at_1_kib_between_characters() -> None:
    text = excerpt(b"x" + "支".encode("gbk") * 5000, "a/b; charset=gbk")
    assert text == "x" + "支" * 341
    assert len(text.encode()) == MAX_EXCERPT


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"x" * 1025, id="one-byte-too-long"),
        pytest.param("支".encode() * 1000, id="3-byte-characters"),
        pytest.param(b"x" + "支".encode() * 1000, id="3-byte-characters-after-1-byte"),
        pytest.param("😀".encode() * 1000, id="4-byte-characters"),
        pytest.param(b"xx" + "é".encode() * 1000, id="2-byte-characters"),
        pytest.param(b"\x00" * 5000, id="control-characters"),
        pytest.param(b"\xff" * 5000, id="not-utf-8"),
        pytest.param(b"x" * 1023 + b"\x00", id="control-character-at-the-limit"),
    ],
)
def test_an_excerpt_is_cut_at_1_kib_between_characters(body: bytes) -> None:
    text = excerpt(body)
    assert MAX_EXCERPT - 4 < len(text.encode()) <= MAX_EXCERPT == 1024
    assert set(text) <= {*body.decode(errors="replace"), "·"}


def test_an_excerpt_of_exactly_1_kib_is_whole() -> None:
    assert excerpt(b"x" * 1024) == "x" * 1024


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param(b"x" * 1023 + "支".encode(), "x" * 1023, id="after-1-of-3-bytes"),
        pytest.param(b"x" * 1022 + "支".encode(), "x" * 1022, id="after-2-of-3-bytes"),
        pytest.param(b"x" * 1021 + "支".encode() + b"x", "x" * 1021 + "支", id="right-after-it"),
        pytest.param(b"x" * 1021 + "😀".encode(), "x" * 1021, id="after-3-of-4-bytes"),
        pytest.param(b"ok\xe6\x94", "ok\ufffd", id="divided-by-the-target-itself"),
        pytest.param(
            b"x" * 1021 + "😀".encode()[:3], "x" * 1021 + "\ufffd", id="divided-right-at-the-limit"
        ),
        pytest.param(b"x" * 1020 + b"\xff" * 4, "x" * 1020 + "\ufffd", id="never-a-character"),
    ],
)
def test_only_a_character_that_the_cut_divides_is_left_out(body: bytes, text: str) -> None:
    assert excerpt(body) == text
