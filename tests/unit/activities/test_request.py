"""The request of an attempt: its headers, and its bytes, which are signed and sent."""

import hmac
from base64 import b64decode, b64encode
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from activities.request import Request, signed_request
from activities.secrets.keyring import Keyring
from tests.support.samples import NOW, TARGET, notification, round_, through_temporal
from tests.support.signing_keys import HMAC_KEY
from tidings.fields import content
from tidings.notification import Notification
from tidings.round import Round

NO_KEYS = Keyring(None)
FORM = "application/x-www-form-urlencoded"


def headers(sent: Notification, moment: datetime = NOW) -> dict[str, str]:
    return dict(signed_request(sent, moment, NO_KEYS).headers)


def test_an_attempt_names_the_notification_and_its_own_time() -> None:
    moment = (NOW + timedelta(milliseconds=1999)).astimezone(timezone(timedelta(hours=8)))
    assert headers(notification(body=5), moment) == {
        "Content-Type": "application/json",
        "webhook-id": "payment-1",
        "webhook-timestamp": "1767225601",
    }


@pytest.mark.parametrize(
    "moment",
    [pytest.param(NOW, id="at-once"), pytest.param(NOW + timedelta(days=3), id="days-later")],
)
def test_the_id_is_the_same_at_every_attempt(moment: datetime) -> None:
    assert headers(notification(), moment)["webhook-id"] == "payment-1"


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        pytest.param({"a": 1}, None, "application/json", id="object"),
        pytest.param("text", None, "application/json", id="json-text"),
        pytest.param("", None, "application/json", id="empty-json-text"),
        pytest.param(0, None, "application/json", id="zero"),
        pytest.param("text", "text/plain; charset=utf-8", "text/plain; charset=utf-8", id="text"),
        pytest.param("", "text/plain", "text/plain", id="empty-text"),
        pytest.param("支", "text/plain; charset=gbk", "text/plain; charset=gbk", id="gbk"),
        pytest.param({"a": 1}, FORM, FORM, id="form"),
        pytest.param(None, None, None, id="no-body"),
        pytest.param(None, "text/plain", None, id="no-body-of-a-type"),
    ],
)
def test_only_a_body_has_a_content_type(
    body: object, content_type: str | None, expected: str | None
) -> None:
    sent = notification(body=body, content_type=content_type)
    assert headers(sent).get("Content-Type") == expected


def test_the_headers_of_the_sender_go_along_unchanged() -> None:
    sent = notification(headers={"X-Trace": "1", "X-Customer": "Li"})
    assert headers(sent).items() >= {("X-Trace", "1"), ("X-Customer", "Li")}
    assert sent.headers == {"X-Trace": "1", "X-Customer": "Li"}


@pytest.fixture
def encodings(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The bodies of all encodings of a content."""
    results: list[bytes] = []
    encode = content.encoded

    def counted(**fields: Any) -> content.Content:
        encoded = encode(**fields)
        results.append(encoded.body)
        return encoded

    monkeypatch.setattr(content, "encoded", counted)
    return results


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"body": {"城": "鄭州 🀄", "paid": 12.50}}, id="json"),
        pytest.param({"body": "鄭州\r\n", "content_type": "text/plain"}, id="text"),
        pytest.param({}, id="no-body"),
    ],
)
def test_the_signed_bytes_are_the_sent_bytes_encoded_once(
    table: Path, encodings: list[bytes], fields: dict[str, Any]
) -> None:
    """The worker reads the round from Temporal once for each attempt."""
    stored = through_temporal(round_(signing_key="orders", **fields))
    encodings.clear()
    sent = Round.model_validate(stored).notification
    request = signed_request(sent, datetime.now().astimezone(), Keyring(table))
    assert len(encodings) == 1
    assert request.content is encodings[0]
    Webhook(HMAC_KEY).verify(request.content, dict(request.headers), json_parse=False)


# Other contents than JSON and UTF-8.


def verified(table: Path, **fields: Any) -> Request:
    """The request of a signed notification, whose signature a receiver has verified."""
    sent = notification(signing_key="orders", **fields)
    request = signed_request(sent, NOW, Keyring(table))
    signed = f"payment-1.{int(NOW.timestamp())}.".encode() + request.content
    secret = b64decode(HMAC_KEY.removeprefix("whsec_"))
    expected = b64encode(hmac.digest(secret, signed, "sha256")).decode()
    assert f"v1,{expected}" in request.headers["webhook-signature"].split()
    return request


def test_case_17_a_get_signs_the_empty_body(table: Path) -> None:
    request = verified(table, method="GET", body={"a": 1, "b": "支 付"})
    assert (request.method, request.content) == ("GET", b"")
    assert request.url == f"{TARGET}?a=1&b=%E6%94%AF+%E4%BB%98"
    assert "Content-Type" not in request.headers


@pytest.mark.parametrize(
    ("fields", "content_"),
    [
        pytest.param({"body_base64": b"\x1f\x8b\x00\xff"}, b"\x1f\x8b\x00\xff", id="bytes"),
        pytest.param({"body_base64": ""}, b"", id="no-bytes"),
    ],
)
def test_case_25_the_signature_is_over_the_bytes(
    table: Path, fields: dict[str, Any], content_: bytes
) -> None:
    request = verified(table, content_type="application/x-protobuf", **fields)
    assert request.content == content_
    assert request.headers["Content-Type"] == "application/x-protobuf"


@pytest.mark.parametrize(
    "content_type", ["text/plain; charset=gbk", "application/json;charset=gbk"]
)
def test_case_19_the_signature_is_over_gbk(table: Path, content_type: str) -> None:
    request = verified(table, body="支付", content_type=content_type)
    assert request.content == "支付".encode("gbk")
