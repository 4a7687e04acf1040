"""The body of a notification, and the bytes that are sent."""

import json
import math
from typing import Any

import pytest

from tests.support.samples import (
    NOW,
    notification,
    refusal,
    through_temporal,
)
from tidings.fields.binary import MAX_BODY_BYTES
from tidings.notification import MAX_ENCODED_BYTES, Notification

BODIES: list[Any] = [
    {"order": "1001", "paid": "12.50"},
    {"z": 1, "a": 2, "m": {"y": 1, "b": 2}},
    {"收款": "支付宝", "emoji": "😀", "e": "é"},
    {"text": '\u2028\u2029 </script> "quoted" \\ / \x00 \x1f \x7f'},
    [0, -1, 1.0, 1.5, -0.0, 1e22, 1e-7, 5e-324, 1.7976931348623157e308, 0.1 + 0.2],
    [2**53 + 1, 2**64, -(2**70), 10**400],
    [None, True, False, "", [], {}],
    {"": {"": ""}},
    "just text",
    "",
    0,
    False,
    [],
    {},
    None,
]


@pytest.mark.parametrize("body", BODIES, ids=lambda body: repr(body)[:30])
def test_the_bytes_are_the_same_after_a_journey_through_temporal(body: Any) -> None:
    """Every attempt sends the same bytes, which are also the signed ones."""
    given = notification(body=body)
    for arrived in (through_temporal(given.to_json()), json.loads(json.dumps(given.to_json()))):
        read = Notification.model_validate(arrived)
        assert read == given
        assert read.body_bytes == given.body_bytes


@pytest.mark.parametrize(
    ("body", "content_type", "sent"),
    [
        pytest.param({"b": 1, "a": [1.5, None]}, None, b'{"b":1,"a":[1.5,null]}', id="object"),
        pytest.param({"支": "付"}, None, '{"支":"付"}'.encode(), id="chinese"),
        pytest.param("text", None, b'"text"', id="text-is-json-by-default"),
        pytest.param("", None, b'""', id="empty-text-is-json-by-default"),
        pytest.param("text", "text/plain", b"text", id="text"),
        pytest.param("", "text/plain", b"", id="empty-text"),
        pytest.param('{"a": 1}', "application/json", b'{"a": 1}', id="json-written-by-the-sender"),
        pytest.param("支付", "text/plain; charset=utf-8", "支付".encode(), id="chinese-text"),
        pytest.param("a=1&b=2", "application/x-www-form-urlencoded", b"a=1&b=2", id="form"),
        pytest.param([1], "application/json", b"[1]", id="json-by-name"),
        pytest.param([1], "Application/JSON; charset=utf-8", b"[1]", id="json-by-name-in-capitals"),
        pytest.param([1], "application/cloudevents+json", b"[1]", id="json-by-suffix"),
        pytest.param(None, None, b"", id="none"),
        pytest.param(None, "text/plain", b"", id="none-with-a-content-type"),
        pytest.param(False, None, b"false", id="false"),
        pytest.param(0, None, b"0", id="zero"),
    ],
)
def test_what_is_sent(body: Any, content_type: str | None, sent: bytes) -> None:
    assert notification(body=body, content_type=content_type).body_bytes == sent


@pytest.mark.parametrize("body", [{"a": 1}, [1], 5, True, 1.5])
@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "application/jsonl", "application/json5"]
)
def test_what_is_not_text_cannot_be_sent_as(body: Any, content_type: str) -> None:
    message = refusal(body=body, content_type=content_type)
    for part in ("body", "text", repr(content_type), type(body).__name__):
        assert part in message


def test_a_parameter_does_not_make_json_of_another_type() -> None:
    refusal(body={"a": 1}, content_type="application/xml;x=y+json")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(math.nan, id="nan"),
        pytest.param([math.inf], id="infinity"),
        pytest.param({"a": {"b": -math.inf}}, id="infinity-inside"),
        pytest.param(b"bytes", id="bytes"),
        pytest.param({1: 2}, id="number-as-a-name"),
        pytest.param((1, 2), id="tuple"),
        pytest.param({1, 2}, id="set"),
        pytest.param(NOW, id="datetime"),
        pytest.param([object()], id="object"),
    ],
)
def test_a_body_that_is_no_json_is_refused(body: object) -> None:
    assert "Notification.body" in refusal(body=body)


@pytest.mark.parametrize("content_type", [None, "text/plain"])
@pytest.mark.parametrize("body", ["a\ud800", {"\udfff": 1}, [["\ud83d"]]], ids=ascii)
def test_half_a_surrogate_pair_is_refused(body: object, content_type: str | None) -> None:
    refusal(body=body, content_type=content_type)


@pytest.mark.parametrize(
    ("body", "fragment"),
    [
        pytest.param("a\ud800", r"body is 'a\ud800': it has '\ud800', half of a", id="surrogate"),
        pytest.param({"\udfff": 1}, r"body.· is '\udfff': it has '\udfff', half", id="in-a-name"),
        pytest.param([10**5000], "body.0 is a number too long to show: an integer", id="huge"),
        pytest.param({"text": ["x" * 10**6 + "\ud800"]}, "body.text.0 is 'xxxxxx", id="long-text"),
        pytest.param(
            {"a": math.nan, "b": {"c": [-math.inf]}},
            "body.b.c.0 is -inf: JSON has no such number; write None or a string",
            id="no-number",
        ),
    ],
)
def test_a_body_that_cannot_be_sent_is_refused_with_the_reason(body: object, fragment: str) -> None:
    assert fragment in refusal(body=body)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param("x" * MAX_BODY_BYTES, "text/plain", id="text"),
        pytest.param("x" * (MAX_BODY_BYTES - 2), None, id="quoted-text"),
        pytest.param({"a": "x" * (MAX_BODY_BYTES - 8)}, None, id="object"),
        pytest.param("支" * (MAX_BODY_BYTES // 3) + "x", "text/plain", id="chinese"),
    ],
)
def test_a_body_has_at_most_1_mib(body: Any, content_type: str | None) -> None:
    assert len(notification(body=body, content_type=content_type).body_bytes) == 1024 * 1024
    longer = {"a": body["a"] + "x"} if isinstance(body, dict) else body + "x"
    message = refusal(body=longer, content_type=content_type)
    assert "1,048,577 bytes" in message
    assert "1,048,576" in message


def test_a_body_with_too_many_escapes_is_refused() -> None:
    empty = len(notification(body="", content_type="text/plain").model_dump_json())
    quotes, odd = divmod(MAX_ENCODED_BYTES - empty, 2)
    largest = "x" * odd + '"' * quotes
    taken = notification(body=largest, content_type="text/plain")
    assert len(taken.model_dump_json().encode()) == MAX_ENCODED_BYTES == 1_450_000
    message = refusal(body=largest + "x", content_type="text/plain")
    for part in ("escapes", "1,450,001", "1,450,000"):
        assert part in message


def nested(levels: int, *, mapping: bool) -> Any:
    value: Any = "core"
    for _ in range(levels):
        value = {"a": value} if mapping else [value]
    return value


@pytest.mark.parametrize("mapping", [True, False], ids=["objects", "lists"])
def test_a_body_nests_100_levels_and_no_more(mapping: bool) -> None:  # noqa: FBT001
    deepest = notification(body=nested(100, mapping=mapping))
    assert Notification.model_validate(through_temporal(deepest.to_json())) == deepest
    assert "100 levels" in refusal(body=nested(101, mapping=mapping))
    for levels in (250, 1000, 50_000):
        refusal(body=nested(levels, mapping=mapping))


def test_a_body_that_holds_itself_is_refused() -> None:
    body: list[Any] = []
    body.append(body)
    refusal(body=body)
