"""Signatures in the schemes of earlier systems: known answers, and the form of each."""

import copy
import hmac
import pickle
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote_plus, urlsplit

import pytest

from activities.secrets.hmac_table import parse_hmac
from activities.secrets.signature import Message, Signature
from tests.support.signing_keys import MARKER

BODY: Final = b'{"test": 2432232314}'
MOMENT: Final = datetime.fromtimestamp(1614265330, UTC) + timedelta(milliseconds=250)
URL: Final = "https://orders.example.com/notify?shop=1"

SLACK_BODY: Final = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
    b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
    b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
    b"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121"
    b".803a0bc887a14d10d2c447fce8b6703c"
)
GITHUB: Final = {
    "secret": "It's a Secret to Everybody",
    "header": "X-Hub-Signature-256",
    "prefix": "sha256=",
}
SLACK: Final = {
    "secret": "8f742231b10e8888abcd99yyyzzz85a5",
    "template": "v0:{timestamp}:{body}",
    "header": "X-Slack-Signature",
    "prefix": "v0=",
    "timestamp_header": "X-Slack-Request-Timestamp",
}
STRIPE: Final = {
    "secret": "whsec_test_secret",
    "template": "{timestamp}.{body}",
    "header": "Stripe-Signature",
    "prefix": "t={timestamp},v1=",
}
SHOPIFY: Final = {"secret": "secret", "encoding": "base64", "header": "X-Shopify-Hmac-SHA256"}
DINGTALK: Final = {
    "secret": "SECtest",
    "template": "{timestamp_ms}\n{secret}",
    "encoding": "base64",
    "query": "sign",
    "timestamp_query": "timestamp",
}


def message(moment: datetime = MOMENT, body: bytes = BODY, url: str = URL) -> Message:
    return Message(id="payment-1", sent_at=moment, method="POST", url=url, body=body)


def signature(table: dict[str, Any], signed: Message | None = None) -> Signature:
    return parse_hmac({"scheme": "hmac", **table}).signature(signed or message())


def value(**fields: Any) -> str:
    """The value of the header of a scheme."""
    secret = {} if "secrets" in fields else {"secret": "k"}
    return signature({**secret, "header": "X-Sign", **fields}).headers["X-Sign"]


def digest(content: bytes, secret: bytes = b"k", algorithm: str = "sha256") -> bytes:
    return hmac.new(secret, content, algorithm).digest()


@pytest.mark.parametrize(
    ("table", "timestamp", "body", "headers"),
    [
        # https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
        pytest.param(
            GITHUB,
            0,
            b"Hello, World!",
            {
                "X-Hub-Signature-256": "sha256="
                "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
            },
            id="github",
        ),
        # https://docs.slack.dev/authentication/verifying-requests-from-slack
        pytest.param(
            SLACK,
            1531420618,
            SLACK_BODY,
            {
                "X-Slack-Signature": "v0="
                "a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
                "X-Slack-Request-Timestamp": "1531420618",
            },
            id="slack",
        ),
        # The form of https://docs.stripe.com/webhooks#verify-manually, which has no known answer.
        pytest.param(
            STRIPE,
            1614265330,
            BODY,
            {
                "Stripe-Signature": "t=1614265330,v1="
                "10c96c6fd3f320fcfc264cdc4f476c15060ede8e8a08404cea2ddf3b72544a9c"
            },
            id="stripe",
        ),
        # The form of https://shopify.dev/docs/apps/build/webhooks/verify-deliveries.
        pytest.param(
            SHOPIFY,
            0,
            b"{}",
            {"X-Shopify-Hmac-SHA256": "dzJZAsrKgS3CWXM6rNBGtzgXNyx3e42VtAJkdHRRbhM="},
            id="shopify",
        ),
    ],
)
def test_known_answers(
    table: dict[str, Any], timestamp: int, body: bytes, headers: dict[str, str]
) -> None:
    made = signature(table, message(datetime.fromtimestamp(timestamp, UTC), body))
    assert made == Signature(headers=headers)


def dingtalk_sign(timestamp_ms: int, secret: str) -> str:
    """The sample of DingTalk's documentation, which has no known answer."""
    content = f"{timestamp_ms}\n{secret}"
    made = hmac.new(secret.encode(), content.encode(), digestmod=sha256).digest()
    return quote_plus(b64encode(made))


def test_dingtalk_s_signature_is_in_the_query() -> None:
    moment = datetime.fromtimestamp(1609459200, UTC)
    made = signature(DINGTALK, message(moment))
    url, headers = made.added_to("https://oapi.dingtalk.com/robot/send?access_token=1", {"A": "1"})
    sign = "p5mXVLdX%2FBTrc2KtuhTs6ZcGOXtsKU5g1oE3WtfH4hY%3D"
    assert sign == dingtalk_sign(1609459200000, "SECtest")
    assert urlsplit(url).query == f"access_token=1&timestamp=1609459200000&sign={sign}"
    assert headers == {"A": "1"}


def test_a_known_answer_of_a_timestamp_alone() -> None:
    """From DingTalk's documentation on logging in (faquestions/hxs5v9)."""
    table = {**DINGTALK, "secret": "testappSecret", "template": "{timestamp_ms}"}
    moment = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=1546084445901)
    url, _ = signature(table, message(moment)).added_to("http://h", {})
    assert url.endswith("&sign=HCbG3xNE3vzhO%2Bu7qCUL1jS5hsu2n5r2cFhnTrtyDAE%3D")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({}, digest(BODY).hex(), id="defaults"),
        pytest.param({"algorithm": "sha1"}, digest(BODY, algorithm="sha1").hex(), id="sha1"),
        pytest.param({"algorithm": "sha512"}, digest(BODY, algorithm="sha512").hex(), id="sha512"),
        pytest.param({"encoding": "base64"}, b64encode(digest(BODY)).decode(), id="base64"),
        pytest.param({"prefix": "HMAC "}, f"HMAC {digest(BODY).hex()}", id="prefix"),
        pytest.param({"prefix": "{{a}}="}, f"{{a}}={digest(BODY).hex()}", id="braces-in-prefix"),
        pytest.param(
            {"template": "{{{id}}}{body}{{}}"},
            digest(b"{payment-1}" + BODY + b"{}").hex(),
            id="braces-in-template",
        ),
        pytest.param(
            {"template": "{method} {url}\n{id}\n{timestamp}\n{secret}\n{body}{body}"},
            digest(f"POST {URL}\npayment-1\n1614265330\nk\n".encode() + BODY * 2).hex(),
            id="every-placeholder",
        ),
        pytest.param(
            {"template": "城{body}", "secret": "鄭"},
            digest("城".encode() + BODY, "鄭".encode()).hex(),
            id="utf-8",
        ),
        pytest.param(
            {"template": "{timestamp_ms}.{body}", "prefix": "t={timestamp_ms},v1="},
            f"t=1614265330250,v1={digest(b'1614265330250.' + BODY).hex()}",
            id="milliseconds-in-prefix",
        ),
        pytest.param(
            {"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"},
            digest(BODY, b"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").hex(),
            id="secret-is-not-decoded",
        ),
    ],
)
def test_the_value_of_the_header(fields: dict[str, Any], expected: str) -> None:
    assert value(**fields) == expected


@pytest.mark.parametrize("body", [b"", b"{secret}{0}", bytes(range(256)), "鄭州".encode("gbk")])
def test_the_exact_bytes_of_the_body_are_signed(body: bytes) -> None:
    """Also if they look like a template, and if they are not UTF-8."""
    assert signature(GITHUB, message(body=body)).headers["X-Hub-Signature-256"] == (
        f"sha256={digest(body, GITHUB['secret'].encode()).hex()}"
    )


def test_secrets_sign_side_by_side_behind_one_prefix() -> None:
    """In the form of Stripe: ``t=…,v1=…,v1=…``."""
    table = {name: each for name, each in STRIPE.items() if name != "secret"}
    made = signature({**table, "secrets": ["new", "old"], "separator": ",v1="})
    content = b"1614265330." + BODY
    new, old = digest(content, b"new").hex(), digest(content, b"old").hex()
    assert made.headers == {"Stripe-Signature": f"t=1614265330,v1={new},v1={old}"}


def test_each_secret_is_in_its_own_content() -> None:
    made = value(secrets=["n", "o"], separator=" ", template="{body}{secret}")
    assert made == f"{digest(BODY + b'n', b'n').hex()} {digest(BODY + b'o', b'o').hex()}"


def test_the_signed_timestamp_is_in_the_header() -> None:
    for unit, expected in ("timestamp", "1614265330"), ("timestamp_ms", "1614265330250"):
        table = {"secret": "k", "template": f"{{{unit}}}{{body}}", "header": "X-Sign"}
        made = signature({**table, "timestamp_header": "X-Time"})
        content = expected.encode() + BODY
        assert made.headers == {"X-Sign": digest(content).hex(), "X-Time": expected}


def test_nothing_shows_the_secret_of_a_scheme() -> None:
    secret = f"{MARKER} 城"
    scheme = parse_hmac(
        {
            "scheme": "hmac",
            "secrets": [secret, secret],
            "separator": ",",
            "template": f"{MARKER}{{body}}",
            "prefix": f"{MARKER}=",
            "header": "X-Sign",
        }
    )
    shown = f"{scheme} {scheme!r} {[scheme]} {dir(scheme)} {scheme.signature}"
    assert MARKER not in shown
    assert b64decode(f"{MARKER}AA").hex() not in shown
    assert repr(scheme) == "<HmacScheme>"
    assert not hasattr(scheme, "__dict__")
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError, match="cannot be pickled"):
            pickle.dumps(scheme, protocol)
    with pytest.raises(TypeError, match="cannot be pickled"):
        copy.deepcopy([scheme])
