"""The start of a workflow: what the Web UI shows of a notification."""

from typing import Any

import pytest

from tests.support.samples import notification
from tidings.temporal.start import details


@pytest.mark.parametrize(
    ("body", "excerpt"),
    [
        ("x" * 2048, "x" * 2048),
        ("x" * 2049, f"{'x' * 2048}…"),
        ("支" * 683, f"{'支' * 682}…"),
        (f"x{'🎉' * 512}", f"x{'🎉' * 511}…"),
    ],
    ids=["fits", "a byte too many", "in a character", "in a pair"],
)
def test_the_page_shows_2_kib_of_a_body_in_whole_characters(body: str, excerpt: str) -> None:
    page = details(notification(body=body, content_type="text/plain"))
    assert page.splitlines()[-1].strip() == excerpt


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        pytest.param(
            {"method": "GET", "target": "http://h.test/p?a=1", "body": {"b": "支"}},
            ["GET http://h.test/p?a=1&b=%E6%94%AF", ""],
            id="get",
        ),
        pytest.param(
            {"body_base64": b"\x00" * 5000, "content_type": "application/x-protobuf"},
            [
                "POST http://h.test/",
                "content-type: application/x-protobuf",
                "",
                "5,000 bytes of binary",
            ],
            id="bytes",
        ),
        pytest.param(
            {"body_base64": b"x", "content_type": "text/plain"},
            ["POST http://h.test/", "content-type: text/plain", "", "1 byte of binary"],
            id="one-byte",
        ),
        pytest.param(
            {"body": "支付", "content_type": "text/plain; charset=gbk"},
            ["POST http://h.test/", "content-type: text/plain; charset=gbk", "", "支付"],
            id="gbk",
        ),
        pytest.param(
            {"body": {"a": 1}, "headers": {"X-Trace": "secret"}, "signing_key": "orders"},
            [
                "POST http://h.test/",
                "content-type: application/json",
                "X-Trace: ***",
                "webhook-signature: by the key orders",
                "",
                '{"a":1}',
            ],
            id="json",
        ),
        pytest.param({}, ["POST http://h.test/", ""], id="no-body"),
    ],
)
def test_the_page_shows_what_is_sent(fields: dict[str, Any], lines: list[str]) -> None:
    page = details(notification(**{"target": "http://h.test/", **fields}))
    assert [line.strip() for line in page.splitlines()] == lines


def test_the_cut_of_a_page_divides_no_character_of_gbk() -> None:
    page = details(notification(body="x" + "支" * 2000, content_type="text/plain;charset=gbk"))
    assert page.splitlines()[-1].strip() == "x" + "支" * 1023 + "…"
