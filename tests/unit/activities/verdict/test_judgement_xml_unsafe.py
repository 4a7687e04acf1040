"""Bodies that are no XML, or XML that harms a parser."""

import warnings

import pytest

from tests.support.judging import HUGE, RETRY, judged, rule

BOMB = b'<!DOCTYPE a [<!ENTITY a "ok">' + b"".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">'.encode()
    for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)


def declared(encoding: str) -> bytes:
    return f"<?xml version='1.0' encoding='{encoding}'?><a>ok</a>".encode()


@pytest.mark.parametrize(
    ("body", "fragment"),
    [
        pytest.param(b"", "the body is empty", id="empty"),
        pytest.param(b" \n", "no element found", id="blank"),
        pytest.param(b"ok", "syntax error", id="text"),
        pytest.param(HUGE, "syntax error", id="huge"),
        pytest.param(b'{"a":"ok"}', "not readable XML", id="json"),
        pytest.param(b"<a>ok", "no element found", id="cut"),
        pytest.param(b"<a>ok</b>", "mismatched tag", id="mismatched"),
        pytest.param(b"<a>ok</a><a>ok</a>", "junk", id="two-documents"),
        pytest.param(b"<a>ok</a>no", "junk", id="text-after"),
        pytest.param(b"<a b='1' b='2'>ok</a>", "duplicate attribute", id="attribute-twice"),
        pytest.param(b"<x:a>ok</x:a>", "unbound prefix", id="unknown-prefix"),
        pytest.param(b"<a>ok&amp</a>", "not readable XML", id="ampersand"),
        pytest.param(b"<a>&nbsp;ok</a>", "undefined entity", id="entity-of-html"),
        pytest.param(b"<a>&" + b"x" * 60_000 + b";</a>", "undefined entity", id="long-entity"),
        pytest.param(b"<a>ok&#0;</a>", "not readable XML", id="reference-to-nul"),
        pytest.param(b"<a>ok\0</a>", "not readable XML", id="nul"),
        pytest.param(b"<a>\xff</a>", "not readable XML", id="not-utf-8"),
        pytest.param("<a>收到</a>".encode("gbk"), "not readable XML", id="undeclared-gbk"),
        pytest.param("<a>ok</a>".encode("utf-32"), "not readable XML", id="utf-32"),
        pytest.param(
            declared("gbk") + b"\xff\xff", "not readable XML", id="declared-gbk-that-is-not"
        ),
        pytest.param(declared("klingon"), "'klingon', which is not read", id="klingon"),
        pytest.param(declared("x" * 60_000), "which is not read", id="long-encoding"),
        pytest.param("<a>ok</a>".encode("utf-16-le"), "NUL", id="utf-16-unmarked"),
        pytest.param(declared("utf-16"), "not readable XML", id="declared-utf-16-that-is-not"),
        pytest.param(declared("hex"), "not readable XML", id="a-codec-that-is-not-text"),
        pytest.param(declared("undefined"), "not readable XML", id="codec-that-always-fails"),
        pytest.param(declared("unicode_escape"), "not readable XML", id="codec-that-warns"),
        pytest.param(b"<a>" * 20_480, "no element found", id="60-kib-of-elements"),
        pytest.param(b"<!DOCTYPE html><html><body>ok</body></html>", "document type", id="page"),
        pytest.param(b"<html><body><br>ok</body></html>", "mismatched tag", id="sloppy-page"),
        pytest.param(b"<!DOCTYPE a><a>ok</a>", "document type", id="document-type-alone"),
        pytest.param(b"<!DOCTYPE a SYSTEM 'http://a/a.dtd'><a>ok</a>", "document type", id="dtd"),
        pytest.param(BOMB + b"]><a>&j;</a>", "document type", id="billion-laughs"),
        pytest.param(
            b"<!DOCTYPE a [<!ENTITY x '" + b"x" * 30_000 + b"'>]><a>" + b"&x;" * 9_000 + b"</a>",
            "document type",
            id="quadratic-blowup",
        ),
        pytest.param(
            b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
            "document type",
            id="external-entity",
        ),
        pytest.param(
            b"<!DOCTYPE a [<!ENTITY % x SYSTEM 'http://a/x.dtd'> %x;]><a>ok</a>",
            "document type",
            id="parameter-entity",
        ),
        pytest.param(
            "<!DOCTYPE a [<!ENTITY x 'ok'>]><a>&x;</a>".encode("utf-16"),
            "document type",
            id="document-type-in-utf-16",
        ),
    ],
)
def test_unsafe_xml_acknowledges_nothing(body: bytes, fragment: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        judgement = judged(rule(xml_equals={".": "ok"}), 200, body)
    assert (judgement.verdict, judgement.unmet) == (RETRY, "xml_equals")
    assert fragment in judgement.explanation
