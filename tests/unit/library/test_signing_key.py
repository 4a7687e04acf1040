"""The names of keys in a notification, which never holds the keys."""

from typing import Any

import pytest

from tests.support.samples import NOW, TARGET, notification, refusal, state, through_temporal
from tidings.errors import InvalidInputError
from tidings.intervention import Resend
from tidings.notification import Notification
from tidings.report import report

UUID = "550e8400-e29b-41d4-a716-446655440000"
FIELDS = ["signing_key", "report_signing_key"]
RANDOM = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def with_report(**fields: Any) -> dict[str, Any]:
    return {"report_to": TARGET, **fields}


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    "name",
    ["orders", "Orders_2026-01.v2", "_", "0", "a.b", "x" * 100, "whsec", "my-whsk", UUID],
)
def test_a_name_is_kept_as_given(field: str, name: str) -> None:
    given = notification(**with_report(**{field: name}))
    assert getattr(given, field) == name
    assert Notification.model_validate(through_temporal(given.to_json())) == given


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    "name",
    [
        *("", ".orders", "-orders", "..", "../orders", "orders/1", "/etc/passwd", "orders\\1"),
        *("orders 1", " orders", "orders\n", "orders\x00", "订单", "órders", "orders:1", "~"),
        *("x" * 101, 5, True, ["orders"], {"name": "orders"}, "\ud800"),
    ],
)
def test_a_bad_name_is_refused_and_not_shown(field: str, name: object) -> None:
    """Who mistakes the field puts the secret into it."""
    message = refusal(**with_report(**{field: name}))
    assert message.startswith(f"Notification.{field}: ")
    assert "String should" in message or "valid string" in message
    assert not isinstance(name, str) or len(name) < 4 or name not in message


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    "secret",
    [f"whsec_{RANDOM}\n", f"v1,whsec_{RANDOM}", f"whsk_{RANDOM}/=", f"whsec_{RANDOM * 50}"],
)
def test_a_secret_that_is_not_a_name_is_not_shown(field: str, secret: str) -> None:
    """The policy refuses the others, when they are sent (``test_policy``)."""
    assert RANDOM not in refusal(**with_report(**{field: secret}))
    with pytest.raises(InvalidInputError) as refused:
        Resend(signing_key=secret)
    assert RANDOM not in str(refused.value)


@pytest.mark.parametrize("key", [None, "orders-2"])
def test_a_resend_may_correct_the_key_and_take_it_away(key: str | None) -> None:
    original = notification(signing_key="orders-1")
    resend = Resend(signing_key=key)
    assert resend.to_json() == {"signing_key": key}
    corrected = resend.corrected(original)
    assert corrected.signing_key == key
    assert original.differences(corrected) == ("signing_key",)
    assert Resend(body=5).corrected(original).signing_key == "orders-1"


def test_a_key_for_reports_needs_somebody_to_report_to() -> None:
    message = refusal(report_signing_key="orders-1")
    assert message == ("Notification: report_signing_key signs what goes to report_to; give both")
    assert notification(report_to=TARGET).report_signing_key is None


@pytest.mark.parametrize("key", [None, "business-1"])
def test_a_report_is_signed_with_the_key_named_for_it(key: str | None) -> None:
    stuck = state(status="awaiting_intervention")
    made = report(stuck, "http://business.test/", key, now=NOW)
    assert made.signing_key == key
    assert (made.report_to, made.report_signing_key) == (None, None)
    assert "business-1" not in made.body_bytes.decode()
