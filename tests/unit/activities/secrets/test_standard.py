"""Signatures of Standard Webhooks, and the keys for them."""

import copy
import hmac
import pickle
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from traceback import TracebackException

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from standardwebhooks import Webhook, WebhookVerificationError

from activities.secrets.signature import Message, Signer
from activities.secrets.standard import AsymmetricKey, Key, SymmetricKey, parse_key, parse_keys
from tests.support.samples import CALIFORNIA
from tests.support.signing_keys import (
    HMAC_KEY,
    MARKER,
    NOT_KEYS,
    OTHER_HMAC_KEY,
    PRIVATE_KEY,
    PUBLIC,
    SEED,
    SEED_ALONE,
    key_of,
)

ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
TIMESTAMP = datetime.fromtimestamp(1614265330, UTC)
BODY = b'{"test": 2432232314}'
HMAC_SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
PRIVATE_SIGNATURE = (
    "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg=="
)


def signed(
    *texts: str, message_id: str = ID, timestamp: datetime = TIMESTAMP, body: bytes = BODY
) -> str:
    """The header of a message that the keys in ``texts`` sign."""
    message = Message(id=message_id, sent_at=timestamp, method="POST", url="http://h", body=body)
    signature = parse_keys(texts).signature(message)
    assert signature.parameters == {}
    assert list(signature.headers) == ["webhook-signature"]
    return signature.headers["webhook-signature"]


@pytest.mark.parametrize(
    ("key", "message_id", "timestamp", "body", "signature"),
    [
        # libraries/javascript/src/webhook.test.ts of github.com/standard-webhooks/standard-webhooks
        pytest.param(HMAC_KEY, ID, 1614265330, BODY, HMAC_SIGNATURE, id="standard-webhooks"),
        pytest.param(
            OTHER_HMAC_KEY,
            "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
            1649367553,
            b'{"email":"test@example.com","username":"test_user"}',
            "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
            id="other-key",
        ),
        pytest.param(PRIVATE_KEY, ID, 1614265330, BODY, PRIVATE_SIGNATURE, id="private-key"),
    ],
)
def test_known_answers(
    key: str, message_id: str, timestamp: int, body: bytes, signature: str
) -> None:
    moment = datetime.fromtimestamp(timestamp, UTC)
    assert signed(key, message_id=message_id, timestamp=moment, body=body) == signature


def test_each_key_makes_one_signature_in_their_order() -> None:
    """A target that verifies with one of the keys finds its signature."""
    assert signed(PRIVATE_KEY, HMAC_KEY) == f"{PRIVATE_SIGNATURE} {HMAC_SIGNATURE}"
    assert signed(HMAC_KEY, PRIVATE_KEY) == f"{HMAC_SIGNATURE} {PRIVATE_SIGNATURE}"


@pytest.mark.parametrize("body", [b"", b'{"a": 1}', '{"城": "鄭州 🀄"}'.encode(), b"a.b\r\n\x00"])
def test_a_target_verifies_with_the_library(body: bytes) -> None:
    now = datetime.now(UTC)
    signature = signed(HMAC_KEY, PRIVATE_KEY, OTHER_HMAC_KEY, timestamp=now, body=body)
    headers = {
        "webhook-id": ID,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }
    for known in (HMAC_KEY, OTHER_HMAC_KEY):
        Webhook(known).verify(body, headers, json_parse=False)
    with pytest.raises(WebhookVerificationError):
        Webhook(key_of(24)).verify(body, headers, json_parse=False)
    with pytest.raises(WebhookVerificationError):
        Webhook(HMAC_KEY).verify(body + b" ", headers, json_parse=False)


def test_a_body_that_is_not_utf_8_is_signed_as_it_is() -> None:
    """The library of Standard Webhooks signs text only."""
    body = "鄭州".encode("gbk") + b"\xff\x00"
    secret = b64decode(HMAC_KEY.removeprefix("whsec_"))
    digest = hmac.new(secret, f"{ID}.1614265330.".encode() + body, "sha256").digest()
    assert signed(HMAC_KEY, body=body) == f"v1,{b64encode(digest).decode()}"


@pytest.mark.parametrize("body", [b"", BODY, '{"城": "鄭州 🀄"}'.encode(), b"\xff\x00"])
def test_a_target_verifies_with_the_public_key(body: bytes) -> None:
    public = Ed25519PrivateKey.from_private_bytes(SEED).public_key()
    signature = b64decode(signed(PRIVATE_KEY, body=body).removeprefix("v1a,"))
    public.verify(signature, f"{ID}.1614265330.".encode() + body)
    with pytest.raises(InvalidSignature):
        public.verify(signature, f"{ID}.1614265331.".encode() + body)


def test_the_timestamp_is_in_whole_seconds_whatever_its_zone() -> None:
    late = TIMESTAMP + timedelta(microseconds=999_999)
    for moment in (late, late.astimezone(CALIFORNIA)):
        signature = signed(HMAC_KEY, PRIVATE_KEY, timestamp=moment)
        assert signature == f"{HMAC_SIGNATURE} {PRIVATE_SIGNATURE}"


def test_a_seed_alone_is_the_same_key() -> None:
    assert signed(SEED_ALONE) == PRIVATE_SIGNATURE


@pytest.mark.parametrize("text", [PRIVATE_KEY, SEED_ALONE, key_of(25), key_of(32)])
def test_the_padding_of_base64_does_not_matter(text: str) -> None:
    assert text.endswith("=")
    assert signed(text.rstrip("=")) == signed(text) == signed(f"{text}==")


@pytest.mark.parametrize("length", [24, 25, 32, 63, 64])
def test_a_symmetric_key_has_24_to_64_bytes(length: int) -> None:
    assert isinstance(parse_key(key_of(length)), SymmetricKey)


@pytest.mark.parametrize("text", [PRIVATE_KEY, SEED_ALONE])
def test_an_asymmetric_key_has_a_seed(text: str) -> None:
    assert isinstance(parse_key(text), AsymmetricKey)


@pytest.mark.parametrize(("text", "problem"), NOT_KEYS, ids=[ascii(key) for key, _ in NOT_KEYS])
def test_a_malformed_key_is_refused_and_not_shown(text: object, problem: str) -> None:
    with pytest.raises(ValueError, match=f"^{problem}$") as one:
        parse_key(text)
    with pytest.raises(ValueError, match=r"^key 2: ") as several:
        parse_keys([HMAC_KEY, text])
    assert str(several.value) == f"key 2: {problem}"
    for error in (one.value, several.value):
        trace = "".join(TracebackException.from_exception(error).format())
        for secret in (MARKER, MARKER[:6], HMAC_KEY[6:], b64encode(PUBLIC).decode()[:20]):
            assert secret not in f"{error} {error!r} {trace}"


@pytest.mark.parametrize("count", [1, 10])
def test_one_to_ten_keys_sign(count: int) -> None:
    assert len(signed(*[HMAC_KEY] * count).split(" ")) == count


@pytest.mark.parametrize("count", [0, 11])
def test_other_numbers_of_keys_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match=f"^it has {count} keys; 1 to 10 are needed$"):
        parse_keys([HMAC_KEY] * count)


CONCEALED: dict[str, Callable[[str], Key | Signer]] = {
    "key": parse_key,
    "keys": lambda text: parse_keys([text]),
}


@pytest.mark.parametrize("text", [HMAC_KEY, PRIVATE_KEY, SEED_ALONE])
def test_nothing_shows_the_secret_of_a_key(text: str) -> None:
    for parse in CONCEALED.values():
        check_concealed(parse(text), text)


def check_concealed(key: Key | Signer, text: str) -> None:
    secret = b64decode(text.partition("_")[2])
    shown = f"{key} {key!r} {key!s} {[key]} { {'key': key} } {dir(key)}"
    for form in (text[6:16], repr(secret)[2:10], secret.hex()[:10]):
        assert form not in shown
    assert repr(key) == f"<{type(key).__name__}>"
    assert not hasattr(key, "__dict__")


@pytest.mark.parametrize("parse", CONCEALED.values(), ids=CONCEALED.keys())
def test_a_key_is_not_pickled(parse: Callable[[str], Key | Signer]) -> None:
    for key in (parse(HMAC_KEY), parse(PRIVATE_KEY)):
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            with pytest.raises(TypeError, match="cannot be pickled"):
                pickle.dumps(key, protocol)
        with pytest.raises(TypeError, match="cannot be pickled"):
            copy.deepcopy([key])
