import json
import math
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from tidings.acknowledgement import Acknowledgement
from tidings.errors import InvalidInputError
from tidings.notification import MAX_BODY_BYTES, MAX_ENCODED_BYTES, Notification
from tidings.retry import PRESETS, Exponential, FixedInterval

from .samples import NOW, TARGET, notification, notification_json, through_temporal

SECRET = "s3cr3t"
CALIFORNIA = timezone(timedelta(hours=-8))
LONGEST_HOST = ".".join(["x" * 63] * 3 + ["x" * 61])
assert len(LONGEST_HOST) == 253


def refusal(**fields: Any) -> str:
    with pytest.raises(InvalidInputError) as refused:
        notification(**fields)
    message = str(refused.value)
    assert len(message) < 1000
    return message


# The rule of each field.


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
        ("headers", {"X-Trace": "a b\tc", "authorization": "Bearer x", "x-empty": ""}),
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
        ("method", "GET", "'POST', 'PUT' or 'PATCH'"),
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
        ("content_type", "text/plain; charset=gbk", "UTF-8"),
        ("content_type", "text/plain;charset=gbk", "UTF-8"),
        ("content_type", 'text/plain; charset="gbk"', "UTF-8"),
        ("content_type", "text/plain; Charset=GBK", "UTF-8"),
        ("content_type", "text/plain; x=y; charset=iso-8859-1", "UTF-8"),
        ("content_type", "text/plain; charset=utf-16", "UTF-8"),
        ("content_type", "text/plain; charset=utf-8x", "UTF-8"),
        ("content_type", "application/json; charset=gbk", "UTF-8"),
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
        ("expires_at", "0001-01-01T00:00:00+08:00", "beyond the years"),
        ("expires_at", "9999-12-31T23:59:59-08:00", "beyond the years"),
        ("not_before", "0001-01-01T00:00:00+00:01", "beyond the years"),
        ("not_before", datetime.max.replace(tzinfo=CALIFORNIA), "beyond the years"),
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
        'text/plain; x="; charset=utf-8"; charset=gbk',
        "text/plain; charset=utf-8; charset=gbk",
    ],
)
def test_another_charset_is_refused_however_it_hides(content_type: str) -> None:
    refusal(content_type=content_type, body="支付")


def test_a_long_duration_is_told_to_the_second() -> None:
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
    assert "too long to show" in message or field in {"headers", "target"}  # concealed


def test_up_to_5_problems_are_told_and_the_others_counted() -> None:
    """What sends nonsense in bulk gets a line back, and a state that records it stays small."""
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


def test_every_problem_is_told_at_once() -> None:
    message = refusal(id="a b", timeout=0, retry="weixin", colour="red")
    for part in ("Notification.id", "Notification.timeout", "'weixin'", "no field 'colour'"):
        assert part in message


@pytest.mark.parametrize("field", ["Id", "signing-key", "retries", ""])
def test_an_unknown_field_is_refused_by_name(field: str) -> None:
    assert f"Notification has no field {field!r}" in refusal(**{field: 1})


@pytest.mark.parametrize("value", [None, [], "text", 5, {}, b"{}", {"x" * 5000: 1}])
def test_what_is_no_notification_at_all_is_refused_in_a_line(value: object) -> None:
    with pytest.raises(InvalidInputError) as refused:
        Notification.model_validate(value)
    assert "Notification" in str(refused.value)
    assert len(str(refused.value)) < 500


@pytest.mark.parametrize(
    "not_before",
    [
        NOW,
        NOW + timedelta(seconds=1),
        (NOW + timedelta(seconds=1)).astimezone(timezone(timedelta(hours=-8))),
    ],
)
def test_it_may_not_expire_before_it_is_due(not_before: datetime) -> None:
    message = refusal(not_before=not_before, expires_at=NOW)
    for part in (
        "expires_at",
        NOW.isoformat(),
        "not_before",
        not_before.astimezone(UTC).isoformat(),
    ):
        assert part in message


def test_it_may_expire_right_after_it_is_due_whatever_the_zones() -> None:
    due = NOW.astimezone(timezone(timedelta(hours=8)))
    given = notification(not_before=due, expires_at=NOW + timedelta(microseconds=1))
    assert given.not_before == NOW


# The hour that comes twice when summer time ends: 02:00 to 03:00 in Berlin on 25 October 2026.
REPEATED = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize("field", ["not_before", "expires_at"])
@pytest.mark.parametrize(
    ("moment", "in_utc"),
    [
        (REPEATED.replace(fold=0), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (REPEATED.replace(fold=1), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        (NOW.astimezone(CALIFORNIA), NOW),
        ("2026-01-01T08:00:00+08:00", NOW),
        ("2026-01-01T00:00:00Z", NOW),
    ],
    ids=["first", "second", "zone", "text-with-an-offset", "text"],
)
def test_a_moment_is_kept_in_utc_and_comes_back_as_it_was(
    field: str, moment: object, in_utc: datetime
) -> None:
    given = notification(**{field: moment})
    kept = getattr(given, field)
    assert kept == in_utc
    assert kept.utcoffset() == timedelta(0)
    assert kept.tzinfo is UTC
    for arrived in (through_temporal(given.to_json()), json.loads(json.dumps(given.to_json()))):
        assert Notification.model_validate(arrived) == given


def test_the_hour_that_comes_twice_is_ordered_as_it_comes() -> None:
    """The first 02:40 is before the second 02:30, whatever the clock on the wall says."""
    first = REPEATED.replace(minute=40, fold=0)
    second = REPEATED.replace(fold=1)
    assert notification(not_before=first, expires_at=second).expires_at == second.astimezone(UTC)
    assert "expires_at" in refusal(not_before=second, expires_at=first)


@pytest.mark.parametrize(
    "moment", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
)
def test_the_first_and_the_last_moment_of_the_calendar_are_taken(moment: datetime) -> None:
    given = notification(expires_at=moment)
    assert Notification.model_validate(through_temporal(given.to_json())) == given


def test_only_id_type_and_target_have_to_be_given() -> None:
    given = Notification(id="payment-1", type="payment.succeeded", target=TARGET)
    assert given.body is None
    assert given.method == "POST"
    assert given.retry == Exponential()
    assert given.acknowledgement == Acknowledgement()
    assert given.timeout == timedelta(seconds=10)
    assert given.intervention_timeout == timedelta(days=30)
    assert (given.not_before, given.expires_at) == (None, None)


def test_a_notification_does_not_change() -> None:
    given = notification()
    with pytest.raises(ValidationError, match="frozen"):
        given.id = "another"


def test_what_the_caller_does_later_to_what_it_gave_changes_nothing() -> None:
    body, headers = {"items": [1]}, {"x-trace": "1"}
    given = notification(body=body, headers=headers)
    body["items"].append(2)
    headers["x-evil"] = "a\r\nb"
    assert given == notification(body={"items": [1]}, headers={"x-trace": "1"})


def test_two_notifications_share_no_default() -> None:
    notification().headers["x-trace"] = "1"
    assert notification().headers == {}


# The target.


@pytest.mark.parametrize(
    ("target", "authority"),
    [
        ("http://orders.example.com", "orders.example.com:80"),
        ("https://orders.example.com/notify?a=b&c=%E6%94%AF", "orders.example.com:443"),
        ("https://Orders.Example.COM/Notify", "orders.example.com:443"),
        ("HTTPS://orders.example.com/", "orders.example.com:443"),
        ("https://orders.example.com:443/", "orders.example.com:443"),
        ("http://orders.example.com:8080?a=b", "orders.example.com:8080"),
        ("http://orders.example.com:65535/", "orders.example.com:65535"),
        ("http://localhost:1/", "localhost:1"),
        ("http://order_service:8000/", "order_service:8000"),
        ("http://127.0.0.1:8000/", "127.0.0.1:8000"),
        ("http://[::1]/", "[::1]:80"),
        ("http://[2001:DB8::1]:8080/", "[2001:db8::1]:8080"),
        ("http://xn--fiq228c.example/", "xn--fiq228c.example:80"),
        ("https://orders.example.com/@me?to=a@b.example", "orders.example.com:443"),
        ("https://orders.example.com/" + "x" * (2048 - 27), "orders.example.com:443"),
        (f"http://{'x' * 63}.example/", f"{'x' * 63}.example:80"),
        (f"http://{LONGEST_HOST}/", f"{LONGEST_HOST}:80"),
        (f"http://{LONGEST_HOST}.:8080/", f"{LONGEST_HOST}.:8080"),
        ("http://-a-._b_.0-9.example/", "-a-._b_.0-9.example:80"),
    ],
)
def test_a_target_is_kept_as_it_is_and_known_by_host_and_port(target: str, authority: str) -> None:
    given = notification(target=target)
    assert given.target == target
    assert given.authority == authority


@pytest.mark.parametrize(
    ("target", "rule"),
    [
        # Hosts that readers disagree on.
        ("http://good.example\\.evil.example/", "to some readers"),
        ("http://0x7f.1/", "127.0.0.1"),
        ("http://2130706433/", "127.0.0.1"),
        ("http://017700000001/", "127.0.0.1"),
        ("http://127.1/", "127.0.0.1"),
        ("http://127.1:80/", "127.0.0.1"),
        ("http://127.0.0.1./", "127.0.0.1"),
        ("http://0/", "0.0.0.0"),  # noqa: S104 -- a name, and refused
        ("http://%6c%6f%63%61%6c%68%6f%73%74/", "localhost"),
        ("http:orders.example.com/", "to some readers"),
        ("http:/orders.example.com/", "to some readers"),
        ("http:///orders.example.com/", "to some readers"),
        # What is no host and port.
        ("http://", "no URL"),
        ("http:///", "no URL"),
        ("http://[::1/", "no URL"),
        ("http://[::1]evil.example/", "no URL"),
        ("http://[fe80::1%25eth0]/", "no URL"),
        ("http://256.1.1.1/", "no URL"),
        ("http://orders.example.com:65536/", "no URL"),
        ("http://orders.example.com:-1/", "no URL"),
        ("http://orders.example.com:http/", "no URL"),
        ("http://a..example.com/", "1 to 63"),
        ("http://a..example.com:8080/", "1 to 63"),
        ("http://.example.com/", "1 to 63"),
        ("http://./", "1 to 63"),
        ("http://example.com../", "1 to 63"),
        (f"http://{'x' * 64}.example.com/", "1 to 63"),
        (f"http://example.{'x' * 64}/", "1 to 63"),
        (f"http://{LONGEST_HOST}x/", "253 in all"),
        (f"http://{LONGEST_HOST}x:8080/", "253 in all"),
        (f"http://{LONGEST_HOST}x./", "253 in all"),
        *((f"http://a{mark}b/", "letters, digits") for mark in "!$&'()*+,;=~`{}\""),
        ("http://[::1]:0/", "port 0"),
        # What is not http.
        ("ftp://orders.example.com/", "http:// or https://"),
        ("file:///etc/passwd", "http:// or https://"),
        ("ws://orders.example.com/", "http:// or https://"),
        ("orders.example.com/notify", "no URL"),
        ("//orders.example.com/", "no URL"),
        ("", "printable ASCII"),
        # What does not go over the wire as it is written.
        ("https://orders.example.com/#paid", "fragment"),
        ("https://orders.example.com/#", "fragment"),
        ("https://bücher.example/", "printable ASCII"),
        ("https://orders.example.com/支付", "printable ASCII"),
        (" https://orders.example.com/", "printable ASCII"),
        ("https://orders.example.com/ ", "printable ASCII"),
        ("https://orders.example.com/a b", "printable ASCII"),
        ("https://orders.example.com/\tb", "printable ASCII"),
        ("https://orders.example.com/\r\nhost: evil", "printable ASCII"),
        ("https://orders.example.com/\n", "printable ASCII"),
        ("https://orders.example.com/\x00", "printable ASCII"),
        ("https://orders.example.com/\x7f", "printable ASCII"),
        ("https://orders.example.com/\ud800", ""),
        ("https://orders.example.com/" + "x" * (2049 - 27), "2048"),
        (None, "None"),
        (5, "5"),
    ],
)
def test_a_target_that_could_mislead_or_fail_is_refused(target: object, rule: str) -> None:
    message = refusal(target=target)
    assert "Notification.target is " in message
    assert rule in message


@pytest.mark.parametrize("path", ["", "/", "/notify?a=b"])
def test_port_0_is_refused(path: str) -> None:
    assert "port 0" in refusal(target=f"http://orders.example.com:0{path}")


@pytest.mark.parametrize(
    "target",
    [
        f"http://{SECRET}@orders.example.com/",
        f"http://user:{SECRET}@orders.example.com/",
        f"http://:{SECRET}@orders.example.com/",
        f"http://good.example\\{SECRET}@evil.example/",
        f"http:user:{SECRET}@orders.example.com/",
        f"user:{SECRET}@orders.example.com",
        f"ftp://user:{SECRET}@orders.example.com/",
        f"http://user:{SECRET}@orders.example.com/ ",
        f"http://user:{SECRET}@orders.example.com/{'x' * 2048}",
        f"http://user:{SECRET}@orders.example.com:0/",
        [f"http://user:{SECRET}@orders.example.com/"],
        {"url": f"http://user:{SECRET}@orders.example.com/"},
        f"http://user:{SECRET}@orders.example.com/".encode() + b"\xff",
    ],
    ids=lambda target: ascii(target)[:50],
)
def test_a_target_that_may_hold_a_password_is_refused_and_not_told(target: object) -> None:
    message = refusal(target=target)
    assert "Notification.target: " in message
    assert SECRET not in message


@pytest.mark.parametrize("userinfo", ["user@", "user:password@", ":@", "@", "\\@"])
def test_a_user_or_password_is_refused(userinfo: str) -> None:
    assert "user or password" in refusal(target=f"http://{userinfo}orders.example.com/")


# Headers.


@pytest.mark.parametrize(
    "name",
    [
        "Host",
        "content-length",
        "Content-Type",
        "Transfer-Encoding",
        "connection",
        "Keep-Alive",
        "TE",
        "trailer",
        "upgrade",
        "Proxy-Authorization",
        "proxy-authenticate",
        "proxy-connection",
        "accept-encoding",
        "expect",
        "User-Agent",
        "Webhook-Id",
        "webhook-timestamp",
        "webhook-signature",
    ],
)
def test_a_header_that_is_not_the_senders_is_refused(name: str) -> None:
    message = refusal(headers={name: SECRET})
    assert "Notification.headers" in message
    assert repr(name) in message
    assert SECRET not in message


@pytest.mark.parametrize(
    ("headers", "fragment"),
    [
        pytest.param({"X-Key": SECRET, "x-key": "1"}, "'x-key' is given twice", id="twice"),
        pytest.param({"x-key": SECRET, "X-Key": "1"}, "'X-Key' is given twice", id="twice-too"),
        pytest.param({"x-key": f"{SECRET}\r\nx: y"}, "'x-key'", id="crlf"),
        pytest.param({"x-key": f"{SECRET}\n"}, "'x-key'", id="lf-at-the-end"),
        pytest.param({"x-key": f"{SECRET}\r"}, "'x-key'", id="cr-at-the-end"),
        pytest.param({"x-key": f" {SECRET}"}, "'x-key'", id="space-before"),
        pytest.param({"x-key": f"{SECRET}\t"}, "'x-key'", id="tab-after"),
        pytest.param({"x-key": f"{SECRET}\x00"}, "'x-key'", id="nul"),
        pytest.param({"x-key": f"{SECRET}é"}, "'x-key'", id="not-ascii"),
        pytest.param({"x-key": f"{SECRET}\ud800"}, "Notification.headers", id="surrogate"),
        pytest.param({"x-key": SECRET + "x" * 3997}, "4002", id="too-long"),
        pytest.param({"x key": SECRET}, "'x key'", id="space-in-a-name"),
        pytest.param({"": SECRET}, "''", id="empty-name"),
        pytest.param({"x-key\r\nx": SECRET}, r"'x-key\r\nx'", id="crlf-in-a-name"),
        pytest.param({"x-key\n": SECRET}, r"'x-key\n'", id="lf-after-a-name"),
        pytest.param({"x-key:": SECRET}, "'x-key:'", id="colon-in-a-name"),
        pytest.param({"schlüssel": SECRET}, "'schlüssel'", id="name-not-ascii"),
        pytest.param({"x" * 101: SECRET}, "header name", id="name-too-long"),
        pytest.param({"x-key": [SECRET]}, "Notification.headers.x-key", id="list"),
        pytest.param({"x-key": None, "x": SECRET}, "Notification.headers.x-key", id="none"),
        pytest.param({"x-key": SECRET, 5: "x"}, "Notification.headers.5", id="number-as-a-name"),
        pytest.param(SECRET, "Notification.headers", id="text"),
        pytest.param([SECRET], "Notification.headers", id="list-of-text"),
        pytest.param({f"x-{n}": SECRET for n in range(51)}, "50", id="51-of-them"),
    ],
)
def test_bad_headers_are_refused_without_telling_their_values(
    headers: object, fragment: str
) -> None:
    message = refusal(headers=headers)
    assert "Notification.headers" in message
    assert fragment in message
    assert SECRET not in message


# The body, and the bytes that are sent.

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
    """Every attempt sends what the first one sent, and what was signed."""
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
        pytest.param("a\ud800", r"the body 'a\ud800' cannot be sent: ", id="surrogate"),
        pytest.param({"\udfff": 1}, r"the body {'\udfff': 1} cannot be sent: ", id="in-a-name"),
        pytest.param([10**5000], "the body a number too long to show cannot be sent: ", id="huge"),
        pytest.param(
            {"text": "x" * 10**6 + "\ud800"}, "cannot be sent: 'utf-8' codec", id="long-text"
        ),
    ],
)
def test_a_body_that_cannot_be_sent_is_told_with_the_reason(body: object, fragment: str) -> None:
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
def test_a_body_of_exactly_the_limit_is_taken_and_one_byte_more_is_not(
    body: Any, content_type: str | None
) -> None:
    assert len(notification(body=body, content_type=content_type).body_bytes) == 1024 * 1024
    longer = {"a": body["a"] + "x"} if isinstance(body, dict) else body + "x"
    message = refusal(body=longer, content_type=content_type)
    assert "1,048,577 bytes" in message
    assert "1,048,576" in message


def test_a_body_whose_escapes_outgrow_what_temporal_takes_is_refused() -> None:
    empty = len(notification(body="", content_type="text/plain").model_dump_json())
    quotes, odd = divmod(MAX_ENCODED_BYTES - empty, 2)
    largest = "x" * odd + '"' * quotes
    taken = notification(body=largest, content_type="text/plain")
    assert len(taken.model_dump_json().encode()) == MAX_ENCODED_BYTES == 1_300_000
    message = refusal(body=largest + "x", content_type="text/plain")
    for part in ("escapes", "1,300,001", "1,300,000"):
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


# The whole.


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(notification(), id="as-little-as-possible"),
        pytest.param(
            notification(
                body={"z": ["支", 1.5, None], "a": {}},
                content_type="application/json",
                headers={"X-Trace": "1", "x-empty": ""},
                method="PUT",
                retry=FixedInterval(interval=1.5, maximum_attempts=3, jitter=0.5),
                acknowledgement=Acknowledgement(status=[204, 200], body_equals="ok"),
                timeout=timedelta(milliseconds=1500, microseconds=1),
                not_before=datetime(2026, 3, 1, 8, 0, 0, 1, tzinfo=timezone(timedelta(hours=8))),
                expires_at=datetime(2026, 3, 2, tzinfo=UTC),
                intervention_timeout=timedelta(days=3649, microseconds=1),
            ),
            id="everything",
        ),
        *(pytest.param(notification(retry=name), id=name) for name in PRESETS),
    ],
)
def test_a_notification_comes_back_from_json_as_it_was(given: Notification) -> None:
    """Sending it again is recognised by this."""
    for arrived in (through_temporal(given.to_json()), json.loads(json.dumps(given.to_json()))):
        read = Notification.model_validate(arrived)
        assert read == given
        assert read.to_json() == given.to_json()


@pytest.mark.parametrize(
    ("fields", "others", "names"),
    [
        pytest.param({}, {}, (), id="nothing"),
        pytest.param({"body": 1}, {"body": 1}, (), id="the-same"),
        pytest.param({"body": 1}, {"body": 1.0}, ("body",), id="whole-and-fraction"),
        pytest.param({"body": 1}, {"body": True}, ("body",), id="one-and-true"),
        pytest.param({"body": [0]}, {"body": [False]}, ("body",), id="zero-and-false"),
        pytest.param({"body": "1"}, {"body": 1}, ("body",), id="text-and-number"),
        pytest.param({"body": None}, {"body": ""}, ("body",), id="none-and-empty"),
        pytest.param({"body": [1, 2]}, {"body": [2, 1]}, ("body",), id="order-in-a-list"),
        pytest.param(
            {"body": {"a": {"b": 1, "c": 2}, "d": 3}},
            {"body": {"d": 3, "a": {"c": 2, "b": 1}}},
            (),
            id="order-in-an-object",
        ),
        pytest.param(
            {"headers": {"a": "1", "b": "2"}}, {"headers": {"b": "2", "a": "1"}}, (), id="headers"
        ),
        pytest.param(
            {"headers": {"a": "1"}}, {"headers": {"A": "1"}}, ("headers",), id="case-of-a-header"
        ),
        pytest.param({"retry": "wechat"}, {"retry": PRESETS["wechat"]}, (), id="preset"),
        pytest.param({"timeout": 5}, {"timeout": "PT5S"}, (), id="the-same-duration"),
        pytest.param(
            {"expires_at": NOW}, {"expires_at": "2026-01-01T08:00:00+08:00"}, (), id="zone"
        ),
        pytest.param(
            {"acknowledgement": {"status": [200, 204]}},
            {"acknowledgement": {"status": [204, 200]}},
            (),
            id="order-of-statuses",
        ),
        pytest.param(
            {"id": "a", "type": "a", "timeout": 1, "body": 1},
            {"id": "b", "type": "b", "timeout": 2, "body": 2},
            ("id", "type", "body", "timeout"),
            id="several-in-the-order-of-the-model",
        ),
    ],
)
def test_two_notifications_differ_in_what_their_json_differs_in(
    fields: dict[str, Any], others: dict[str, Any], names: tuple[str, ...]
) -> None:
    """The same id with other content is a conflict; Python alone takes 1 and true for equal."""
    one, other = notification(**fields), notification(**others)
    assert one.differences(other) == names
    assert other.differences(one) == names
    arrived = Notification.model_validate(through_temporal(other.to_json()))
    assert one.differences(arrived) == names


def test_durations_come_back_from_json_to_the_microsecond() -> None:
    for microseconds in (10_000, 333_333, 1_000_001, 59_999_999, 12_345_678):
        given = notification(
            timeout=timedelta(microseconds=microseconds),
            intervention_timeout=timedelta(days=3600, microseconds=microseconds),
        )
        assert Notification.model_validate(through_temporal(given.to_json())) == given


def test_json_has_the_names_and_units_of_the_contract() -> None:
    given = notification(
        body={"a": 1}, timeout=2.5, expires_at=NOW, intervention_timeout=timedelta(hours=1)
    )
    written = given.to_json()
    assert written["body"] == {"a": 1}
    assert written["timeout"] == 2.5
    assert written["intervention_timeout"] == 3600
    assert written["expires_at"] == "2026-01-01T00:00:00Z"
    assert written["retry"]["kind"] == "exponential"
    assert set(written) == set(Notification.model_fields)


def test_a_field_may_be_set_by_another_language_in_its_own_words() -> None:
    written = '{"id":"a","type":"t","target":"http://a/","timeout":"PT1M","retry":"wechat"}'
    given = Notification.model_validate(json.loads(written))
    assert given.timeout == timedelta(minutes=1)
    assert given.retry == PRESETS["wechat"]
