"""Forms: a body that is an object, sent as application/x-www-form-urlencoded."""

from typing import Any

import pytest

from tests.support.samples import notification, refusal

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("body", "content_type", "sent"),
    [
        pytest.param({"order": "1001", "paid": "12.50"}, FORM, b"order=1001&paid=12.50", id="two"),
        pytest.param({"a": "支 付"}, FORM, b"a=%E6%94%AF+%E4%BB%98", id="chinese"),
        pytest.param(
            {"a": "支"}, f"{FORM}; charset=utf-8", b"a=%E6%94%AF", id="chinese-in-utf-8-by-name"
        ),
        pytest.param({"a": "支"}, f"{FORM}; charset=GBK", b"a=%D6%A7", id="chinese-in-gbk"),
        pytest.param({"a": [1, 2, True, "x"]}, FORM, b"a=1&a=2&a=true&a=x", id="list"),
        pytest.param({"a": None, "b": 1.0}, FORM, b"b=1.0", id="null-is-left-out"),
        pytest.param({}, FORM, b"", id="empty"),
        pytest.param(None, FORM, b"", id="none"),
        pytest.param({"a": "1"}, FORM.upper(), b"a=1", id="type-in-capitals"),
        pytest.param("a=1&b=%D6%A7+x", FORM, b"a=1&b=%D6%A7+x", id="text-as-it-is"),
        pytest.param('{"a": 1}', FORM, b'{"a": 1}', id="any-text-as-it-is"),
    ],
)
def test_case_17_an_object_is_sent_as_a_form(body: Any, content_type: str, sent: bytes) -> None:
    assert notification(body=body, content_type=content_type).body_bytes == sent


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        pytest.param([["a", 1]], "body is [['a', 1]]: parameters are an object", id="pairs"),
        pytest.param(5, "body is 5: parameters are an object", id="number"),
        pytest.param({"a": {"b": 1}}, "body.a is {'b': 1}: a parameter is text", id="object"),
        pytest.param({"a": [{"b": 1}]}, "body.a is [{'b': 1}]: a parameter is text", id="nested"),
        pytest.param({"\ud800": 1}, "half of a surrogate pair", id="surrogate"),
        pytest.param({"a": ["x" * 1024 * 1024]}, "1,048,578 bytes", id="too-long"),
    ],
)
def test_what_is_no_form_is_refused(body: Any, problem: str) -> None:
    assert problem in refusal(body=body, content_type=FORM)
