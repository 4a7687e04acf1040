"""The rule of each field of a notification, and the message of its refusal."""

import math
from datetime import datetime, timedelta, timezone

import pytest

from tests.support.samples import CALIFORNIA, NOW, notification, notification_json, refusal
from tidings.errors import InvalidInputError
from tidings.fields.acknowledgement import Acknowledgement
from tidings.fields.retry import FixedInterval
from tidings.notification import Notification

CONCEALED = {"headers", "target", "report_to", "signing_key", "report_signing_key"}
"""Fields whose values may be secrets, and so stay out of messages."""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "a"),
        ("id", "Order_1/paid:2026-01-01"),
        ("id", "x" * 200),
        ("type", "paid"),
        ("type", "payment.refund-2.succeeded_late"),
        ("type", "x" * 200),
        ("method", "POST"),
        ("method", "PUT"),
        ("method", "PATCH"),
        ("method", "GET"),
        ("content_type", None),
        ("content_type", "application/json"),
        ("content_type", "application/vnd.api+json; charset=utf-8"),
        ("content_type", "application/x-www-form-urlencoded"),
        ("content_type", 'text/plain;charset="utf-8"'),
        ("content_type", "text/plain; CHARSET=UTF-8"),
        ("content_type", "text/plain; charset=utf8"),
        ("content_type", 'text/plain; charset="UTF8"; format=flowed'),
        ("content_type", 'multipart/related; type="text/xml"; start="<a b;c>"'),
        ("content_type", 'text/plain; x=""'),
        ("content_type", "text/plain;charset=gbk"),
        ("content_type", 'text/plain; charset="GBK"'),
        ("content_type", "text/plain; x=y; Charset=iso-8859-1"),
        ("content_type", "text/plain; charset=utf-8; charset=UTF-8"),
        ("expires_at", None),
        ("expires_at", NOW),
        ("expires_at", datetime(2026, 1, 1, 8, tzinfo=timezone(timedelta(hours=8)))),
        ("not_before", None),
        ("not_before", NOW),
        ("timeout", timedelta(milliseconds=10)),
        ("timeout", timedelta(seconds=60)),
        ("intervention_timeout", timedelta(microseconds=1)),
        ("intervention_timeout", timedelta(days=3650)),
        ("headers", {}),
        ("headers", {"X-Trace": "a b\tc", "X-Customer": "Li", "x-empty": ""}),
        ("headers", {f"x-{number}": "v" for number in range(50)}),
        ("headers", {"x" * 100: "v" * 4002}),
        ("retry", FixedInterval(interval=5, maximum_attempts=2)),
        ("acknowledgement", Acknowledgement(body_equals="success")),
    ],
)
def test_a_good_value_is_kept_as_given(field: str, value: object) -> None:
    assert getattr(notification(**{field: value}), field) == value


@pytest.mark.parametrize(
    ("field", "value", "fragment"),
    [
        ("id", "", "Notification.id is ''"),
        ("id", "x" * 201, "200"),
        ("id", "order.1", "Notification.id is 'order.1'"),
        ("id", "order 1", "Notification.id is 'order 1'"),
        ("id", "order-1\n", r"Notification.id is 'order-1\n'"),
        ("id", "支付", "Notification.id is '支付'"),
        ("id", 1001, "Notification.id is 1001"),
        ("id", None, "Notification.id is None"),
        ("type", "", "Notification.type is ''"),
        ("type", "paid.", "Notification.type is 'paid.'"),
        ("type", ".paid", "Notification.type is '.paid'"),
        ("type", "payment..paid", "Notification.type is 'payment..paid'"),
        ("type", "paid\n", r"Notification.type is 'paid\n'"),
        ("type", "it's", "Notification.type is"),
        ("type", "x" * 201, "200"),
        ("method", "HEAD", "'POST', 'PUT', 'PATCH' or 'GET'"),
        ("method", "post", "Notification.method is 'post'"),
        ("content_type", "", "Notification.content_type is ''"),
        ("content_type", "text", "Notification.content_type is 'text'"),
        ("content_type", "text/plain\r\nx: y", "Notification.content_type is"),
        ("content_type", "text/plain\n", "Notification.content_type is"),
        ("content_type", "text/plain; charset", "Notification.content_type is"),
        ("content_type", "text/" + "x" * 200, "200"),
        ("content_type", "text/plаin", "type/subtype"),  # noqa: RUF001 -- what is refused
        ("content_type", "文本/plain", "type/subtype"),
        ("content_type", "text/plain; x=é", "type/subtype"),
        ("content_type", 'text/plain; x="é"', "type/subtype"),
        ("content_type", 'text/plain; x="\n"', "type/subtype"),
        ("content_type", 'text/plain; x="', "type/subtype"),
        ("content_type", 'text/plain; x="a"b', "type/subtype"),
        ("content_type", 'text/plain; x="a\\""', "type/subtype"),
        ("content_type", "text/plain;", "type/subtype"),
        ("content_type", 'text/"plain"', "type/subtype"),
        ("content_type", "text/plain; charset=utf-16", "'utf-16', which is not known"),
        ("content_type", "text/plain; charset=utf-8x", "choose from ascii, big5, euc-jp"),
        ("content_type", "application/json; charset=cp037", "'cp037', which is not known"),
        ("timeout", 0, "Notification.timeout is"),
        ("timeout", 0.009, "Notification.timeout is"),
        ("timeout", -1, "Notification.timeout is -1 s: "),
        ("timeout", -0.5, "Notification.timeout is -0.5 s: "),
        ("timeout", timedelta(hours=1), "Notification.timeout is 3600 s: "),
        ("timeout", "PT90S", "Notification.timeout is "),
        ("timeout", 60.001, "1 minute"),
        ("timeout", "10", "Notification.timeout is '10'"),
        ("timeout", "-PT5S", "Notification.timeout is"),
        ("timeout", math.nan, "Notification.timeout is nan"),
        ("timeout", math.inf, "Notification.timeout is inf"),
        ("timeout", None, "Notification.timeout is None"),
        ("intervention_timeout", 0, "Notification.intervention_timeout is"),
        ("intervention_timeout", -1, "Notification.intervention_timeout is"),
        ("intervention_timeout", timedelta(days=3650, seconds=1), "3650 days"),
        ("not_before", datetime(2026, 1, 1), "timezone"),  # noqa: DTZ001 -- what is refused
        ("not_before", "2026-01-01T00:00:00", "Notification.not_before is '2026-01-01T00:00:00'"),
        ("expires_at", datetime(2026, 1, 1), "timezone"),  # noqa: DTZ001 -- what is refused
        ("expires_at", "2026-01-01", "Notification.expires_at is '2026-01-01'"),
        ("expires_at", "tomorrow", "Notification.expires_at is 'tomorrow'"),
        ("expires_at", math.inf, "Notification.expires_at is inf"),
        ("expires_at", "0001-01-01T00:00:00+08:00", "outside the years"),
        ("expires_at", "9999-12-31T23:59:59-08:00", "outside the years"),
        ("not_before", "0001-01-01T00:00:00+00:01", "outside the years"),
        ("not_before", datetime.max.replace(tzinfo=CALIFORNIA), "outside the years"),
        ("acknowledgement", None, "None"),
        ("acknowledgement", "success", "'success'"),
        ("headers", None, "Notification.headers"),
        ("headers", [["a", "b"]], "Notification.headers"),
    ],
)
def test_a_bad_value_is_refused_by_name(field: str, value: object, fragment: str) -> None:
    assert fragment in refusal(**{field: value})


@pytest.mark.parametrize(
    "content_type",
    [
        'text/plain; charset=" gbk"',
        'text/plain; charset="utf-8 gbk"',
        'text/plain; x="; charset=gbk"; charset=utf-16',
        "text/plain; charset=utf-8; charset=gbk",
        "text/plain; charset=gbk; charset=utf-16",
    ],
)
def test_an_unknown_charset_is_refused_however_it_hides(content_type: str) -> None:
    refusal(content_type=content_type, body="支付")


def test_a_long_duration_is_shown_to_the_second() -> None:
    assert "315360001 s" in refusal(intervention_timeout=timedelta(days=3650, seconds=1))


@pytest.mark.parametrize("field", ["id", "type", "target"])
def test_a_field_that_has_to_be_given_is_missed_by_name(field: str) -> None:
    fields = notification_json()
    del fields[field]
    with pytest.raises(InvalidInputError, match=f"Notification.{field} is missing"):
        Notification.model_validate(fields)


@pytest.mark.parametrize("field", Notification.model_fields)
@pytest.mark.parametrize("wrapped", [False, True], ids=["number", "in-a-list"])
def test_an_integer_too_long_to_spell_out_is_refused_in_words(
    field: str,
    wrapped: bool,  # noqa: FBT001
) -> None:
    huge = 10**5000
    message = refusal(**{field: [huge] if wrapped else huge})
    assert "Notification" in message or "Acknowledgement" in message
    assert "too long to show" in message or field in CONCEALED


def test_up_to_5_problems_are_listed_and_the_others_counted() -> None:
    """Much nonsense gets one line back, and a state that records it stays small."""
    five = dict.fromkeys("abcde", 1)
    message = refusal(**five)
    assert message.count("has no field") == 5
    assert "more" not in message
    message = refusal(**five, f=1)
    assert message.count("has no field") == 5
    assert message.endswith("; and 1 more")
    message = refusal(**{f"x-{number}": 1 for number in range(5000)})
    assert message.count("has no field") == 5
    assert message.endswith("; and 4995 more")


@pytest.mark.parametrize("text", ["x", "支", "😀", "'", "\\", "\n", "\x00"], ids=ascii)
def test_a_refusal_stays_short_whatever_it_is_about(text: str) -> None:
    long = text * 10_000
    for fields in (
        {"id": long, "type": long, "target": long, "content_type": long, "method": long},
        {"headers": {f"{long}{number}": number for number in range(100)}},
        {"headers": {long: "x"}},
        {"retry": long},
        {"retry": {"kind": long}},
        {"retry": {"kind": "fixed", long: 1, "interval": long}},
        {"acknowledgement": {"status": [long] * 100, "body_equals": [long], long: long}},
        {"timeout": long, "expires_at": long, "body": {long: object()}},
        {f"{long}{number}": 1 for number in range(100)},
    ):
        with pytest.raises(InvalidInputError) as refused:
            notification(**fields)
        assert len(str(refused.value)) < 2000


def test_every_problem_is_listed_at_once() -> None:
    message = refusal(id="a b", timeout=0, retry="weixin", colour="red")
    for part in ("Notification.id", "Notification.timeout", "'weixin'", "no field 'colour'"):
        assert part in message


@pytest.mark.parametrize("field", ["Id", "signing-key", "retries", ""])
def test_an_unknown_field_is_refused_by_name(field: str) -> None:
    assert f"Notification has no field {field!r}" in refusal(**{field: 1})


@pytest.mark.parametrize("value", [None, [], "text", 5, {}, b"{}", {"x" * 5000: 1}])
def test_what_is_not_a_notification_is_refused_in_a_line(value: object) -> None:
    with pytest.raises(InvalidInputError) as refused:
        Notification.model_validate(value)
    assert "Notification" in str(refused.value)
    assert len(str(refused.value)) < 500
