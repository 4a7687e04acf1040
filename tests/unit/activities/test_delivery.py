"""What is kept of an answer, and which headers a request has."""

from datetime import datetime, timedelta, timezone

import pytest

from activities.attempt import MAX_EXCERPT, excerpt
from activities.request import headers
from activities.secrets.keyring import Keyring
from tests.support.samples import NOW, notification

# What is kept of an answer.


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param(b"", "", id="empty"),
        pytest.param(b"not ok", "not ok", id="text"),
        pytest.param("余额不足 😀".encode(), "余额不足 😀", id="chinese"),
        pytest.param(b"a\n\tb", "a\n\tb", id="line-break-and-tab"),
        pytest.param(b"a\r\nb", "a·\nb", id="carriage-return"),
        pytest.param(b"\x00\x07\x1b[31mred\x7f", "···[31mred·", id="control-characters"),
        pytest.param("\x9b31mred".encode(), "·31mred", id="control-character-of-one-byte"),
        pytest.param(b"\xff\xfe", "\ufffd\ufffd", id="not-utf-8"),
        pytest.param(b"\xed\xa0\x80", "\ufffd\ufffd\ufffd", id="surrogate"),
        pytest.param(b"\xef\xbb\xbfok", "·ok", id="byte-order-mark"),
        pytest.param("a\u202egpj.exe".encode(), "a·gpj.exe", id="text-that-runs-backwards"),
        pytest.param("a\u2028b\u200bc".encode(), "a·b·c", id="invisible"),
    ],
)
def test_an_excerpt_is_text_that_is_safe_to_show(body: bytes, text: str) -> None:
    assert excerpt(body) == text


@pytest.mark.parametrize(
    "body",
    [
        b"x" * 1025,
        "支".encode() * 1000,
        b"x" + "支".encode() * 1000,
        "😀".encode() * 1000,
        b"xx" + "é".encode() * 1000,
        b"\x00" * 5000,
        b"\xff" * 5000,
        b"x" * 1023 + b"\x00",
    ],
    ids=lambda body: ascii(body[:5]),
)
def test_an_excerpt_is_cut_to_1_kib_and_never_within_a_character(body: bytes) -> None:
    text = excerpt(body)
    assert MAX_EXCERPT - 4 < len(text.encode()) <= MAX_EXCERPT == 1024
    assert set(text) <= {*body.decode(errors="replace"), "·"}


def test_an_excerpt_of_exactly_1_kib_is_whole() -> None:
    assert excerpt(b"x" * 1024) == "x" * 1024


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param(b"x" * 1023 + "支".encode(), "x" * 1023, id="after-1-of-3-bytes"),
        pytest.param(b"x" * 1022 + "支".encode(), "x" * 1022, id="after-2-of-3-bytes"),
        pytest.param(b"x" * 1021 + "支".encode() + b"x", "x" * 1021 + "支", id="right-after-it"),
        pytest.param(b"x" * 1021 + "😀".encode(), "x" * 1021, id="after-3-of-4-bytes"),
        pytest.param(b"ok\xe6\x94", "ok\ufffd", id="divided-by-the-target-itself"),
        pytest.param(
            b"x" * 1021 + "😀".encode()[:3], "x" * 1021 + "\ufffd", id="divided-right-at-the-limit"
        ),
        pytest.param(b"x" * 1020 + b"\xff" * 4, "x" * 1020 + "\ufffd", id="never-a-character"),
    ],
)
def test_only_a_character_that_the_cut_divides_is_left_out(body: bytes, text: str) -> None:
    assert excerpt(body) == text


# What is sent along.

NO_KEYS = Keyring(None)


def test_an_attempt_names_the_notification_and_its_own_time() -> None:
    moment = (NOW + timedelta(milliseconds=1999)).astimezone(timezone(timedelta(hours=8)))
    assert headers(notification(body=5), moment, NO_KEYS) == {
        "content-type": "application/json",
        "webhook-id": "payment-1",
        "webhook-timestamp": "1767225601",
    }


@pytest.mark.parametrize("moment", [NOW, NOW + timedelta(days=3)])
def test_the_id_stays_the_same_whenever_it_is_sent(moment: datetime) -> None:
    assert headers(notification(), moment, NO_KEYS)["webhook-id"] == "payment-1"


@pytest.mark.parametrize(
    ("body", "content_type", "sent"),
    [
        ({"a": 1}, None, "application/json"),
        ("text", None, "application/json"),
        ("", None, "application/json"),
        (0, None, "application/json"),
        ("text", "text/plain; charset=utf-8", "text/plain; charset=utf-8"),
        ("", "text/plain", "text/plain"),
        (None, None, None),
        (None, "text/plain", None),
    ],
)
def test_a_body_has_a_content_type_and_no_body_has_none(
    body: object, content_type: str | None, sent: str | None
) -> None:
    given = notification(body=body, content_type=content_type)
    assert headers(given, NOW, NO_KEYS).get("content-type") == sent


def test_the_senders_headers_go_along_and_stay_as_they_are() -> None:
    given = notification(headers={"X-Trace": "1", "X-Customer": "Li"})
    sent = headers(given, NOW, NO_KEYS)
    assert sent["X-Trace"] == "1"
    assert sent["X-Customer"] == "Li"
    assert given.headers == {"X-Trace": "1", "X-Customer": "Li"}
