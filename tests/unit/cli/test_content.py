"""The content of a notification as ``state --sent`` prints it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.samples import notification
from tidings import Intervals, Notification, SentNotification
from tidings.cli import content


def lines(
    now: Notification, sent: Notification | None, *, changed: tuple[str, ...] = ()
) -> list[str]:
    found = SentNotification(id=now.id, now=now, sent=sent, changed=changed, complete=True)
    return content.lines(found)


def of(**fields: Any) -> list[str]:
    """The lines of one version."""
    sent = notification(**fields)
    first, *shown, last = lines(sent, sent)
    assert (first, last) == ("as it is now", "as it was sent: the same")
    return [each.removeprefix("  ") for each in shown]


def test_a_plain_one_has_a_line_for_each_field_with_a_value() -> None:
    assert of() == [
        "target: https://orders.example.com/notify",
        "method: POST",
        "retry: 8 attempts, after 10s 20s 40s 1m20s 2m40s 5m20s 10m40s, each ±10%",
        "acknowledgement: any 2xx",
        "timeout: 10s",
        "intervention_timeout: 30d",
    ]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"body": {"paid": "12,50 €"}}, ["body:", "  {", '    "paid": "12,50 €"', "  }"]),
        ({"body": [1, True]}, ["body:", "  [", "    1,", "    true", "  ]"]),
        ({"body": 0}, ["body: 0"]),
        ({"body": False}, ["body: false"]),
        ({"body": ""}, ["body: an empty text"]),
        ({"body": "支付成功"}, ["body: 支付成功"]),
        (
            {"body": "a=1\nb=2\n", "content_type": "text/plain"},
            ["body:", "  a=1", "  b=2", "  ", "content_type: text/plain"],
        ),
        (
            {"body_base64": b"\x00\x01", "content_type": "application/octet-stream"},
            ["body_base64: 2 bytes", "content_type: application/octet-stream"],
        ),
        ({"headers": {"X-Shop": "***"}}, ["headers: X-Shop: ***"]),
        (
            {"headers": {"X-Shop": "***", "X-Till": "***"}},
            ["headers:", "  X-Shop: ***", "  X-Till: ***"],
        ),
        (
            {"retry": {"kind": "fixed", "interval": 90, "maximum_attempts": 100}},
            ["retry: 100 attempts, 1m30s apart"],
        ),
        (
            {"retry": {"kind": "fixed", "interval": 90, "maximum_attempts": 1}},
            ["retry: 1 attempt"],
        ),
        ({"retry": Intervals(intervals=[15, 0.5])}, ["retry: 3 attempts, after 15s 0.5s"]),
        (
            {"acknowledgement": {"body_equals": "成功"}},
            ['acknowledgement: {"body_equals": "成功"}'],
        ),
        ({"signing_key": "orders"}, ["signing_key: orders"]),
        ({"report_to": "https://shop.example.com/"}, ["report_to: https://shop.example.com/"]),
    ],
)
def test_a_field_is_shown(fields: dict[str, Any], expected: list[str]) -> None:
    plain = of()
    assert [each for each in of(**fields) if each not in plain] == expected


def test_a_moment_is_shown_in_local_time() -> None:
    expires_at = datetime(2026, 11, 22, 8, tzinfo=UTC)
    local = expires_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    assert f"expires_at: {local}" in of(expires_at=expires_at)


def test_only_what_was_sent_otherwise_comes_a_second_time() -> None:
    sent = notification(body="old", expires_at=None)
    now = notification(body=None, expires_at=datetime(2026, 1, 1, tzinfo=UTC))
    shown = lines(now, sent, changed=sent.differences(now))
    beginning = shown.index("as it was sent, where that differs")
    assert shown[beginning:] == [
        "as it was sent, where that differs",
        "  body: old",
        "  expires_at: none",
    ]


def test_what_is_not_kept_any_more_is_told() -> None:
    assert lines(notification(), None)[-1] == (
        "as it was sent: Temporal does not keep that any more"
    )


def test_a_long_body_is_cut_and_says_how_much_is_left() -> None:
    shown = of(body="x" * (content.MAX_BODY + 1234), content_type="text/plain")
    body = shown.index("body:")
    assert shown[body + 1 : body + 3] == [
        f"  {'x' * content.MAX_BODY}",
        "  … 1,234 characters more, which --json shows",
    ]


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(0), "0s"),
        (timedelta(milliseconds=5), "0.005s"),
        (timedelta(seconds=90), "1m30s"),
        (timedelta(hours=24, minutes=4), "24h4m"),
        (timedelta(days=30), "30d"),
    ],
)
def test_a_duration_is_shown(length: timedelta, text: str) -> None:
    assert content.duration(length) == text
