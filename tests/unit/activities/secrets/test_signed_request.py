"""The request of an attempt that is signed as an earlier system did."""

import hmac
from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from activities.attempt import prepare
from activities.execution import Execution, NoAnswer
from activities.request import signed_request
from activities.secrets.keyring import Keyring
from tests.support.keyrings import write
from tests.support.samples import NOW, notification, round_
from tests.support.signing_keys import hmac_signature
from tidings.state import FailureKind

TABLES = """
[header]
scheme = "hmac"
secret = "k"
header = "X-Sign"

[query]
scheme = "hmac"
secret = "k"
template = "{timestamp_ms}\\n{secret}"
encoding = "base64"
query = "sign"
timestamp_query = "timestamp"

[place]
scheme = "hmac"
secret = "k"
template = "{id} {method} {url} {body}"
header = "X-Sign"
"""


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return Keyring(write(tmp_path / "keyring.toml", TABLES))


def test_a_scheme_takes_the_place_of_standard_webhooks(keyring: Keyring) -> None:
    """The id and the time still go out, because a target recognizes a repetition by the id."""
    sent = notification(body={"城": 1}, signing_key="header", headers={"X-Trace": "1"})
    request = signed_request(sent, NOW, keyring)
    assert request.url == sent.target
    assert request.headers == {
        "X-Trace": "1",
        "Content-Type": "application/json",
        "webhook-id": sent.id,
        "webhook-timestamp": str(int(NOW.timestamp())),
        "X-Sign": hmac_signature("k", request.content),
    }


def test_a_signature_in_the_query_is_new_for_each_attempt(keyring: Keyring) -> None:
    sent = notification(target="http://127.0.0.1/robot?access_token=a%2Fb", signing_key="query")
    for moment in (NOW, NOW + timedelta(milliseconds=1)):
        request = signed_request(sent, moment, keyring)
        stamp = str(round(moment.timestamp() * 1000))
        digest = hmac.new(b"k", f"{stamp}\nk".encode(), "sha256").digest()
        query = urlsplit(request.url).query
        assert query.startswith("access_token=a%2Fb&")
        assert parse_qs(query) == {
            "access_token": ["a/b"],
            "timestamp": [stamp],
            "sign": [b64encode(digest).decode()],
        }
        assert "webhook-signature" not in request.headers


def test_id_method_and_url_are_those_of_the_request(keyring: Keyring) -> None:
    sent = notification(body="x", content_type="text/plain", method="PUT", signing_key="place")
    request = signed_request(sent, NOW, keyring)
    expected = hmac_signature("k", f"{sent.id} PUT {sent.target} x".encode())
    assert request.headers["X-Sign"] == expected


@pytest.mark.parametrize(
    ("fields", "detail"),
    [
        pytest.param(
            {"signing_key": "header", "headers": {"x-sign": "1"}},
            "nothing was sent: header 'X-Sign' is where the signing key puts its signature; "
            "leave it out of Notification.headers",
            id="header",
        ),
        pytest.param(
            {"signing_key": "query", "target": "http://127.0.0.1/?timestamp=1"},
            "nothing was sent: query parameter 'timestamp' is where the signing key puts its "
            "signature; leave it out of Notification.target",
            id="query",
        ),
    ],
)
def test_nothing_is_sent_if_the_place_is_taken(
    keyring: Keyring, fields: dict[str, Any], detail: str
) -> None:
    execution = Execution(round=round_(**fields), log=(), started_at=NOW)
    request = prepare(execution, keyring).request
    assert request == NoAnswer(kind=FailureKind.UNSIGNED, detail=detail)
