"""The agreed text as the whole body."""

import pytest

from activities.verdict.judgement import Verdict
from tests.support.judging import ACKNOWLEDGED, HUGE, RETRY, judged, rule

MARK = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("agreed", "body", "verdict"),
    [
        pytest.param("success", b"success", ACKNOWLEDGED, id="exactly"),
        pytest.param("success", b"SUCCESS", RETRY, id="upper-case"),
        pytest.param("success", b"Success", RETRY, id="capital"),
        pytest.param("success", b"success\n", RETRY, id="line-break-after"),
        pytest.param("success", b" success", RETRY, id="space-before"),
        pytest.param("success", b'"success"', RETRY, id="quoted"),
        pytest.param("success", b"succes", RETRY, id="too-short"),
        pytest.param("success", b"successful", RETRY, id="too-long"),
        pytest.param("success", b"unsuccess", RETRY, id="within-a-word"),
        pytest.param("success", b"success\0", RETRY, id="nul-after"),
        pytest.param("success", b"", RETRY, id="empty"),
        pytest.param("success", HUGE, RETRY, id="huge"),
        pytest.param("success", MARK + b"success", RETRY, id="byte-order-mark"),
        pytest.param("success", "success".encode("utf-16"), RETRY, id="utf-16"),
        pytest.param("success", "success".encode("utf-16-le"), RETRY, id="utf-16-le"),
        pytest.param("success", "ｓuccess".encode(), RETRY, id="full-width"),  # noqa: RUF001
        pytest.param("ok", b"ok", ACKNOWLEDGED, id="ok"),
        pytest.param("ok", b"not ok", RETRY, id="not-ok"),
        pytest.param("ok", b"OK", RETRY, id="OK"),
        pytest.param("ok", b"ok, but", RETRY, id="longer"),
        pytest.param("ok", b"\xff\xfe", RETRY, id="not-utf-8"),
        pytest.param("ok", b"<html>ok</html>", RETRY, id="page"),
        pytest.param("", b"", ACKNOWLEDGED, id="an-empty-body-is-agreed"),
        pytest.param("", b"x", RETRY, id="an-empty-body-is-agreed-and-missed"),
        pytest.param("", b"\n", RETRY, id="a-line-break-is-not-empty"),
        pytest.param("收到", "收到".encode(), ACKNOWLEDGED, id="chinese"),
        pytest.param("收到", "收到".encode("gbk"), RETRY, id="chinese-in-gbk"),
        pytest.param("é", "é".encode("latin-1"), RETRY, id="latin-1"),
        pytest.param("é", "e\u0301".encode(), RETRY, id="composed-otherwise"),
        pytest.param("\ufeffok", MARK + b"ok", ACKNOWLEDGED, id="the-mark-is-agreed"),
    ],
)
def test_the_body_has_to_match_exactly(agreed: str, body: bytes, verdict: Verdict) -> None:
    judgement = judged(rule(body_equals=agreed), 200, body)
    assert judgement.verdict is verdict
    assert judgement.unmet == (None if verdict is ACKNOWLEDGED else "body_equals")


@pytest.mark.parametrize(
    ("agreed", "body", "verdict"),
    [
        pytest.param("success", b"success", ACKNOWLEDGED, id="exactly"),
        pytest.param("success", b"SUCCESS\n", ACKNOWLEDGED, id="upper-case-and-line-break"),
        pytest.param("success", b"Success", ACKNOWLEDGED, id="capital"),
        pytest.param("SUCCESS", b"success", ACKNOWLEDGED, id="lower-case"),
        pytest.param(" Success\n", b"success", ACKNOWLEDGED, id="space-in-the-rule"),
        pytest.param("success", b" \t\r\n success \r\n", ACKNOWLEDGED, id="space-around"),
        pytest.param("success", MARK + b"success", ACKNOWLEDGED, id="byte-order-mark"),
        pytest.param("success", MARK + b" Success\r\n", ACKNOWLEDGED, id="mark-and-space"),
        pytest.param("success", "\u3000success\u3000".encode(), ACKNOWLEDGED, id="wide-space"),
        pytest.param("é", "É".encode(), ACKNOWLEDGED, id="accent"),
        pytest.param("é", "E\u0301".encode(), RETRY, id="composed-otherwise"),
        pytest.param("Straße", b"STRASSE", ACKNOWLEDGED, id="sharp-s"),
        pytest.param("straße", b"STRASSE", ACKNOWLEDGED, id="case-of-two-letters"),
        pytest.param("收到", "收到\n".encode(), ACKNOWLEDGED, id="chinese"),
        pytest.param("", b" \n", ACKNOWLEDGED, id="empty"),
        pytest.param("ok", b"not ok", RETRY, id="not-ok"),
        pytest.param("ok", b"NOT OK", RETRY, id="NOT-OK"),
        pytest.param("ok", b"ok, but", RETRY, id="longer"),
        pytest.param("success", b"suc cess", RETRY, id="space-inside"),
        pytest.param("success", b'"success"', RETRY, id="quoted"),
        pytest.param("success", b"", RETRY, id="nothing"),
        pytest.param("success", b"success\0", RETRY, id="nul-after"),
        pytest.param("success", HUGE, RETRY, id="huge"),
        pytest.param("success", "success".encode("utf-16"), RETRY, id="utf-16"),
        pytest.param("收到", "收到".encode("gbk"), RETRY, id="gbk"),
        pytest.param("é", "é".encode("latin-1"), RETRY, id="latin-1"),
    ],
)
def test_case_and_space_may_be_ignored(agreed: str, body: bytes, verdict: Verdict) -> None:
    """The whole body is compared, so "not ok" is never "ok"."""
    judgement = judged(rule(body_equals=agreed, ignore_case_and_space=True), 200, body)
    assert judgement.verdict is verdict
    assert judgement.unmet == (None if verdict is ACKNOWLEDGED else "body_equals")


@pytest.mark.parametrize(
    ("relaxed", "body", "verdict"),
    [
        pytest.param(False, b"success", ACKNOWLEDGED, id="the-first"),
        pytest.param(False, b"SUCCESS", ACKNOWLEDGED, id="the-second"),
        pytest.param(False, b"Success", RETRY, id="between-them"),
        pytest.param(False, b"success SUCCESS", RETRY, id="both"),
        pytest.param(False, b"", RETRY, id="empty"),
        pytest.param(True, b"Success\n", ACKNOWLEDGED, id="case-ignored"),
        pytest.param(True, b"no success", RETRY, id="longer-with-case-ignored"),
    ],
)
def test_case_18_one_of_several_texts_acknowledges(
    relaxed: bool,  # noqa: FBT001
    body: bytes,
    verdict: Verdict,
) -> None:
    agreed = rule(body_equals=["success", "SUCCESS"], ignore_case_and_space=relaxed)
    assert judged(agreed, 200, body).verdict is verdict


def test_an_empty_body_may_be_one_of_several() -> None:
    agreed = rule(body_equals=["", "ok"])
    assert judged(agreed, 200, b"").verdict is ACKNOWLEDGED
    assert judged(agreed, 200, b"\n").verdict is RETRY


@pytest.mark.parametrize(
    ("fields", "body", "explanation"),
    [
        pytest.param(
            {"body_equals": ["success", "SUCCESS"]},
            b"fail",
            "the body is not one of 'SUCCESS', 'success'",
            id="one-of-several",
        ),
        pytest.param(
            {"body_equals": ["success", "ok"], "ignore_case_and_space": True},
            b"fail",
            "the body is not one of 'ok', 'success', even if case and space are ignored",
            id="one-of-several-with-case-ignored",
        ),
        pytest.param(
            {"body_equals": ["success", "ok"]},
            b"",
            "the body is empty, not one of 'ok', 'success'",
            id="empty",
        ),
        pytest.param({}, b"fail", "the body is not 'success'", id="exactly"),
        pytest.param(
            {"ignore_case_and_space": True},
            b"fail",
            "the body is not 'success', even if case and space are ignored",
            id="case-and-space-ignored",
        ),
        pytest.param(
            {"ignore_case_and_space": True}, b"\xff", "the body is not in UTF-8", id="not-utf-8"
        ),
    ],
)
def test_the_explanation_shows_the_agreed_text(
    fields: dict[str, object], body: bytes, explanation: str
) -> None:
    judgement = judged(rule(**{"body_equals": "success", **fields}), 200, body)
    assert judgement.explanation == f"answered 200, but {explanation}"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("支", id="chinese"),
        pytest.param("😀", id="emoji"),
        pytest.param("'", id="quotes"),
        pytest.param("\\", id="backslashes"),
        pytest.param("\n", id="line-breaks"),
        pytest.param("\x00", id="control-characters"),
        pytest.param("\u202e", id="backwards"),
    ],
)
def test_a_long_agreed_text_is_explained_in_one_line(text: str) -> None:
    for relaxed in (False, True):
        judgement = judged(
            rule(body_equals="x" + text * 1023, ignore_case_and_space=relaxed), 200, b"no"
        )
        assert judgement.verdict is RETRY


def test_ten_long_agreed_texts_are_explained_in_one_line() -> None:
    for relaxed in (False, True):
        texts = [f"{number}{'支' * 1023}" for number in range(10)]
        judgement = judged(rule(body_equals=texts, ignore_case_and_space=relaxed), 200, b"no")
        assert judgement.verdict is RETRY
