"""The rules on what may be sent: the models accept it, and the client refuses to send it."""

from typing import Any, Final, cast

import pytest

from tests.support.samples import TARGET, notification, notification_json
from tidings import Abandon, InvalidInputError, Notification, NotificationClient, Resend, policy
from tidings.temporal.connect import Client

WORDS: Final = "opensesame"
RANDOM: Final = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
JWT: Final = ("eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxIn0.c2lnbmF0dXJl")
HEADERS: Final = {
    "name": {"x-trace": "1", "X-Api-Key": WORDS},
    "scheme": {"x-trace": f"Bearer {WORDS}"},
    "token": {"x-trace": "".join(JWT)},
    "token-as-a-name": {"".join(JWT): "1"},
}
SECRET_PARTS: Final = (WORDS, JWT[1], RANDOM)


class Untouched:
    """A Temporal client that must not be used."""

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"{name} was used")


CLIENT: Final = NotificationClient(cast("Client", Untouched()))


async def send(**fields: Any) -> None:
    await CLIENT.send(notification(**fields))


async def send_many(**fields: Any) -> None:
    (result,) = await CLIENT.send_many([notification_json(**fields)])
    assert result.error is not None
    raise result.error


async def resend(**fields: Any) -> None:
    await CLIENT.resend("payment-1", Resend.model_validate(fields))


async def resend_all(**fields: Any) -> None:
    await CLIENT.resend_all(Resend.model_validate(fields), type="payment.succeeded")


SENDERS: Final = [send, send_many, resend, resend_all]


async def refusal(sender: Any, **fields: Any) -> str:
    """The message with which ``sender`` refuses ``fields``, without a secret in it."""
    with pytest.raises(InvalidInputError) as refused:
        await sender(**fields)
    message = str(refused.value)
    assert not [part for part in SECRET_PARTS if part in message]
    return message


def refused_when_sent(**fields: Any) -> str:
    """The message with which a model or the policy refuses a notification."""
    with pytest.raises(InvalidInputError) as refused:
        policy.check_notification(notification(**fields))
    return str(refused.value)


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
@pytest.mark.parametrize("sender", SENDERS)
async def test_a_credential_in_a_header_is_not_sent(sender: Any, headers: dict[str, str]) -> None:
    message = await refusal(sender, headers=headers)
    for part in (".headers: ", "looks like a credential", "signing_key", "gateway"):
        assert part in message


async def test_the_refusal_names_the_header() -> None:
    for headers in ({"X-Api-Key": WORDS}, {"X-Api-Key": f"Bearer {WORDS}"}):
        assert "Notification.headers: header 'X-Api-Key'" in await refusal(send, headers=headers)
        assert "Resend.headers: header 'X-Api-Key'" in await refusal(resend, headers=headers)
    hidden = await refusal(send, headers=HEADERS["token-as-a-name"])
    assert "a header's name, not shown, looks like a credential" in hidden


@pytest.mark.parametrize("name", [f"whsec_{RANDOM}", "whsec_", f"my-whsk_{RANDOM}", RANDOM])
@pytest.mark.parametrize("sender", SENDERS)
async def test_a_key_in_place_of_its_name_is_not_sent(sender: Any, name: str) -> None:
    message = await refusal(sender, signing_key=name)
    assert message.endswith(
        ".signing_key: it looks like a secret; give the name of a key, never the secret"
    )


async def test_the_key_of_the_reports_is_checked_too() -> None:
    message = await refusal(send, report_to=TARGET, report_signing_key=RANDOM)
    assert message.startswith("Notification.report_signing_key: it looks like a secret")


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_what_was_accepted_is_still_read(headers: dict[str, str]) -> None:
    """The policy may become stricter. A stored notification must not be lost by that."""
    stored = notification_json(headers=headers, signing_key=RANDOM)
    assert Notification.model_validate(stored).headers == headers
    assert Resend(headers=headers, signing_key=RANDOM).headers == headers


def test_what_is_innocent_passes() -> None:
    policy.check_notification(
        notification(
            headers={"X-Trace": "1", "X-Plan": "Basic Membership"},
            signing_key="orders-1",
            report_to=TARGET,
            report_signing_key="business.1",
        )
    )
    policy.check_intervention(Resend(headers={"X-Trace": "1"}, signing_key=None))
    policy.check_intervention(Abandon(reason="Bearer of bad news"))


# Each stands here in two parts, so that tools which look for secrets do not find them.
CREDENTIALS: Final = {
    "jwt": JWT,
    "standard-webhooks": ("whsec", f"_{RANDOM}"),
    "private-key": ("-----BEGIN RSA PRIV", "ATE KEY----- MIIE"),
    "url": ("https://user", ":opensesame@orders.example.com/"),
    "bearer": ("Bearer", " opensesame"),
    "digest": ("Digest", ' username="li", realm="orders"'),
}


@pytest.mark.parametrize("after", ["", "=", ":", "\n"], ids=ascii)
@pytest.mark.parametrize(("beginning", "rest"), CREDENTIALS.values(), ids=CREDENTIALS)
def test_a_credential_as_a_name_is_not_shown(beginning: str, rest: str, after: str) -> None:
    message = refused_when_sent(headers={f"{beginning}{rest}{after}": "x"})
    assert message.startswith("Notification.headers: ")
    assert "looks like a credential" in message or "…' is not a header" in message
    assert rest.strip() not in message


@pytest.mark.parametrize(("beginning", "rest"), CREDENTIALS.values(), ids=CREDENTIALS)
@pytest.mark.parametrize(
    "place",
    [
        *("headers", "unknown-field", "id", "type", "content_type", "json_equals", "retry"),
        *("target", "body_equals"),
    ],
)
def test_no_message_shows_a_credential(place: str, beginning: str, rest: str) -> None:
    """People put secrets into the wrong fields, and messages end up in logs."""
    secret = beginning + rest
    fields: dict[str, dict[str, Any]] = {
        "headers": {"headers": {secret: 5}},
        "unknown-field": {secret: 5},
        "json_equals": {"acknowledgement": {"json_equals": {f"/{secret}": [[secret]]}}},
        "body_equals": {"acknowledgement": {"body_equals": ["ok", secret, 5]}},
        "retry": {"retry": {"kind": "fixed", "interval": secret, "maximum_attempts": secret}},
    }
    assert rest not in refused_when_sent(**fields.get(place, {place: f"{secret}\x00"}))
