"""The codes of why an attempt was not acknowledged: their form, and the words for them."""

from itertools import product
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidings import Filter, InvalidInputError
from tidings.state import FailureKind, cause

ALONE: Final = {
    "connection_refused": "connection refused",
    "name_not_found": "host name not found",
    "tls": "no trusted TLS connection",
    "unreachable": "could not connect",
    "timeout": "timed out",
    "connection_lost": "connection lost",
    "not_http": "answer is not valid HTTP",
    "proxy": "proxy failed",
    "bad_target": "URL cannot be requested",
    "egress_refused": "address is not allowed",
    "unsigned": "signing key is missing",
    "internal": "failed on our side",
    "interrupted": "worker was lost",
    "expired": "expired",
}
WITH_DETAIL: Final = {
    "answered:500": "answered 500",
    "answered:302": "answered 302",
    "refused:404": "refused with 404",
    "refused:body": "refused by the body of the answer",
    "pending:202": "answered 202: accepted, but not finished",
    "pending:body": "answered: accepted, but not finished",
    "body": "answered without the agreed body",
    "body=FAIL": "answered FAIL",
    "body:/code": "answered without the agreed value at /code",
    "body:/code=FAIL": "answered FAIL at /code",
    "body:/code=-1.5": "answered -1.5 at /code",
    "body:.=FAIL": "answered FAIL at .",
    "body:return_code": "answered without the agreed value at return_code",
    "body:/=0": "answered 0 at /",
}
LATER: Final = {code: code for code in ("too_many", "paused:404", "paused:body", "paused=1")}
"""Codes that a later version may have."""
WORDS: Final = {**ALONE, **WITH_DETAIL, **LATER}


@pytest.mark.parametrize(("code", "words"), WORDS.items(), ids=WORDS)
def test_a_code_has_its_words(code: str, words: str) -> None:
    assert cause.words(code) == words


def test_no_code_is_renamed() -> None:
    """They are kept in states, and people search for them."""
    assert {**cause.WORDS} == ALONE
    assert [*cause.FAMILIES] == [
        "answered:<status>",
        "refused:<status>",
        "refused:body",
        "pending:<status>",
        "pending:body",
        "body",
        "body=<value>",
        "body:<place>",
        "body:<place>=<value>",
    ]


OF_FAILURE: Final = {
    FailureKind.TIMEOUT: "timeout",
    FailureKind.CONNECTION: "unreachable",
    FailureKind.PROTOCOL: "connection_lost",
    FailureKind.PROXY: "proxy",
    FailureKind.BAD_TARGET: "bad_target",
    FailureKind.EGRESS_REFUSED: "egress_refused",
    FailureKind.UNSIGNED: "unsigned",
    FailureKind.INTERNAL: "internal",
    FailureKind.INTERRUPTED: "interrupted",
}


@pytest.mark.parametrize("kind", FailureKind)
def test_a_failure_has_the_code_of_its_kind(kind: FailureKind) -> None:
    assert cause.of_failure(kind) == OF_FAILURE[kind]
    assert cause.of_failure(kind) in cause.WORDS


OF_BODY: Final[dict[str, tuple[str, str | None, str]]] = {
    "whole-body": ("", None, "body"),
    "text-of-the-body": ("", "FAIL", "body=FAIL"),
    "nothing-at-a-pointer": ("/code", None, "body:/code"),
    "text-at-a-pointer": ("/code", "FAIL", "body:/code=FAIL"),
    "number": ("/code", "-1.5", "body:/code=-1.5"),
    "constant": ("/data/ok", "false", "body:/data/ok=false"),
    "path-of-xml": ("head/state", "FAIL", "body:head/state=FAIL"),
    "root-of-xml": (".", "FAIL", "body:.=FAIL"),
    "kept-characters": ("/a-b_c.d~1e@f", "A-b_c.9", "body:/a-b_c.d~1e@f=A-b_c.9"),
    # Values that a code does not hold.
    "empty-value": ("/code", "", "body:/code"),
    "longest-value": ("/code", "x" * 16, f"body:/code={'x' * 16}"),
    "longer-value": ("/code", "x" * 17, "body:/code"),
    "sentence": ("/code", "not today", "body:/code"),
    "value-with-a-line-break": ("/code", "FAIL\n", "body:/code"),
    "value-with-a-quote": ("/code", "FAIL'", "body:/code"),
    "value-with-an-equals-sign": ("/code", "a=b", "body:/code"),
    "value-with-a-colon": ("/code", "a:b", "body:/code"),
    "value-with-an-exponent": ("/code", "1e+22", "body:/code"),
    "address": ("/code", "li@example.com", "body:/code"),
    "chinese-value": ("/code", "失败", "body:/code"),
    "arabic-digits": ("/code", "\u0661\u0662", "body:/code"),
    "wide-letters": ("/code", "\uff26", "body:/code"),
    "half-a-character": ("/code", "\ud800", "body:/code"),
    # Places that a code holds changed.
    "place-with-a-space": ("/a b", "x", "body:/a_b=x"),
    "place-with-a-quote": ("/a' OR 'a' = 'a", "x", "body:/a__OR__a_____a=x"),
    "place-with-signs-of-codes": ("/a=b:c", "x", "body:/a_b_c=x"),
    "place-with-a-line-break": ("/a\n", None, "body:/a_"),
    "chinese-place": ("/状态", "x", "body:/__=x"),
    "half-a-character-in-the-place": ("/\ud800", "x", "body:/_=x"),
    "longest-place": ("/" + "a" * 59, "x", f"body:/{'a' * 59}=x"),
    "longer-place": ("/" + "a" * 199, "x", f"body:/{'a' * 59}=x"),
}
"""Place, value, and code."""


@pytest.mark.parametrize(("place", "found", "code"), OF_BODY.values(), ids=OF_BODY)
def test_a_body_has_a_code(place: str, found: str | None, code: str) -> None:
    assert cause.of_body(place, found) == code


MEANT: Final[dict[str, tuple[str, str | None, bool]]] = {
    "same": ("timeout", "timeout", True),
    "another": ("timeout", "tls", False),
    "none": ("timeout", None, False),
    "beginning-of-a-word": ("connection", "connection_refused", False),
    "longer-word": ("connection_refused", "connection", False),
    "every-status": ("answered", "answered:500", True),
    "that-status": ("answered:500", "answered:500", True),
    "another-status": ("answered:500", "answered:503", False),
    "half-a-status": ("answered:5", "answered:500", False),
    "another-family": ("answered", "refused:404", False),
    "every-body": ("body", "body:/code=FAIL", True),
    "body-without-a-place": ("body", "body=FAIL", True),
    "body-without-anything": ("body", "body", True),
    "every-value": ("body:/code", "body:/code=FAIL", True),
    "no-value": ("body:/code", "body:/code", True),
    "that-value": ("body:/code=FAIL", "body:/code=FAIL", True),
    "another-value": ("body:/code=FAIL", "body:/code=ERROR", False),
    "longer-value": ("body:/code=FAIL", "body:/code=FAILED", False),
    "longer-place": ("body:/code", "body:/code2=FAIL", False),
    "deeper-place": ("body:/data", "body:/data/code=FAIL", False),
    "value-that-is-asked-for-and-missing": ("body:/code=FAIL", "body:/code", False),
    "refusal-by-any-means": ("refused", "refused:body", True),
    "upper-case": ("Timeout", "timeout", False),
}
"""The code that is asked for, that of a notification, and whether it is meant."""


@pytest.mark.parametrize(("wanted", "code", "is_meant"), MEANT.values(), ids=MEANT)
def test_a_code_without_its_detail_means_every_detail(
    wanted: str,
    code: str | None,
    is_meant: bool,  # noqa: FBT001
) -> None:
    assert cause.is_meant(wanted, code) is is_meant


def of_every_answer() -> list[str]:
    families = [name for name in cause.FAMILIES if name.endswith(":<status>")]
    verdicts = [name.partition(":")[0] for name in families]
    return [cause.of_status(*each) for each in product(verdicts, range(100, 1000))]


def test_every_code_can_be_asked_for() -> None:
    """None of its characters has a meaning in a query."""
    for code in (*WORDS, *of_every_answer(), *map(cause.of_failure, FailureKind)):
        assert Filter(cause=code).cause == code


@given(place=st.text(max_size=300), found=st.none() | st.text(max_size=20))
def test_whatever_a_target_answers_makes_a_code(place: str, found: str | None) -> None:
    code = cause.of_body(place, found)
    assert len(code) <= 82
    assert Filter(cause=code).cause == code
    assert cause.is_meant("body", code)
    assert cause.is_meant(code.partition("=")[0], code)
    assert cause.words(code).isprintable()
    assert cause.words(code).startswith("answered ")


@given(found=st.from_regex(r"[A-Za-z0-9_.\-]{1,16}", fullmatch=True))
def test_a_short_word_stands_in_the_code(found: str) -> None:
    assert cause.of_body("/code", found) == f"body:/code={found}"
    assert cause.words(cause.of_body("/code", found)) == f"answered {found} at /code"


@pytest.mark.parametrize(
    "wrong", ["", "a b", "a'", 'a"', "a`", "a\\", "a%", "a\n", "失败", "x" * 101], ids=ascii
)
def test_what_no_code_has_is_refused(wrong: str) -> None:
    with pytest.raises(InvalidInputError, match=r"^Filter\.cause"):
        Filter(cause=wrong)
