"""A GET: its body is the parameters of the URL."""

from typing import Any

import pytest

from tests.support.samples import notification, refusal
from tidings.fields.form import MAX_URL

FORM = "application/x-www-form-urlencoded"


def url(target: str, body: Any, content_type: str | None = None) -> str:
    """The URL of a GET, which sends nothing else."""
    sent = notification(method="GET", target=target, body=body, content_type=content_type)
    assert sent.body_bytes == b""
    assert sent.request_content.content_type is None
    assert sent.target == target
    return sent.request_content.url


@pytest.mark.parametrize(
    ("body", "query"),
    [
        pytest.param(None, "", id="none"),
        pytest.param({}, "", id="empty"),
        pytest.param(
            {"trade_no": "1001", "money": "12.50"}, "?trade_no=1001&money=12.50", id="two"
        ),
        pytest.param({"b": 1, "a": 2}, "?b=1&a=2", id="in-their-order"),
        pytest.param({"a": "x y&z=/?#+%"}, "?a=x+y%26z%3D%2F%3F%23%2B%25", id="special-characters"),
        pytest.param({"支": "付"}, "?%E6%94%AF=%E4%BB%98", id="chinese"),
        pytest.param({"a": True, "b": False}, "?a=true&b=false", id="true-and-false"),
        pytest.param({"a": 2**64, "b": 1.0, "c": 12.5}, f"?a={2**64}&b=1.0&c=12.5", id="numbers"),
        pytest.param({"a": None, "b": ""}, "?b=", id="null-is-left-out"),
        pytest.param({"a": [1, "x", None, True]}, "?a=1&a=x&a=true", id="list-repeats-its-name"),
        pytest.param({"a": []}, "", id="empty-list"),
    ],
)
def test_case_17_the_body_of_a_get_is_its_query(body: Any, query: str) -> None:
    assert url("https://shop.example.com/notify", body) == f"https://shop.example.com/notify{query}"


@pytest.mark.parametrize(
    ("target", "whole"),
    [
        ("http://h.test/p?token=a%2Fb", "http://h.test/p?token=a%2Fb&n=1"),
        ("http://h.test/p?n=2", "http://h.test/p?n=2&n=1"),
        ("http://h.test/p?", "http://h.test/p?n=1"),
        ("http://h.test/p?a&", "http://h.test/p?a&n=1"),
        ("http://h.test/p?a=?", "http://h.test/p?a=?n=1"),
        ("http://h.test", "http://h.test?n=1"),
    ],
)
def test_case_17_a_query_that_is_there_comes_first(target: str, whole: str) -> None:
    assert url(target, {"n": 1}) == whole


def test_parameters_may_be_in_gbk() -> None:
    assert url("http://h.test/p", {"a": "支"}, f"{FORM}; charset=gbk") == "http://h.test/p?a=%D6%A7"


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        pytest.param({"body": "a=1"}, "body is 'a=1': parameters are an object", id="text"),
        pytest.param({"body": [1]}, "body is [1]: parameters are an object", id="list"),
        pytest.param({"body": 5}, "body is 5: parameters are an object", id="number"),
        pytest.param({"body": {"a": {"b": 1}}}, "body.a is {'b': 1}: a parameter is", id="object"),
        pytest.param({"body": {"a": [[1]]}}, "body.a is [[1]]: a parameter is", id="list-in-list"),
        pytest.param({"body": {"a": "\ud800"}}, r"body.a is '\ud800'", id="surrogate"),
        pytest.param({"body": {"a": 10**5000}}, "at most 4,300 digits", id="too-many-digits"),
        pytest.param(
            {"content_type": "application/json"},
            "content_type is 'application/json', but method is GET",
            id="content-type",
        ),
        pytest.param(
            {"body_base64": "AA==", "content_type": "a/b"},
            "method is GET, which sends no body; leave body_base64 out",
            id="bytes",
        ),
        pytest.param(
            {"body": {"a": "😀"}, "content_type": f"{FORM};charset=gbk"},
            "body.a is '😀': gbk has no '😀' (U+1F600)",
            id="not-in-its-charset",
        ),
    ],
)
def test_what_no_get_can_send_is_refused(fields: dict[str, Any], problem: str) -> None:
    message = refusal(method="GET", **fields)
    assert message.startswith("Notification: ")
    assert problem in message


def test_the_url_of_a_get_has_at_most_8000_bytes() -> None:
    target = "http://h.test/p?a=1"
    room = MAX_URL - len(f"{target}&b=")
    assert len(url(target, {"b": "x" * room})) == 8000
    message = refusal(method="GET", target=target, body={"b": "x" * (room + 1)})
    for part in ("target", "body", "8,001", "8,000", "POST"):
        assert part in message
