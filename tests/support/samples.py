"""Valid models, with defaults for the fields that a test does not care about."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

import pytest

from tidings.errors import InvalidInputError
from tidings.notification import Notification
from tidings.round import Round
from tidings.state import Attempt, NotificationState, RefusedIntervention
from tidings.temporal.converter import DATA_CONVERTER, UnreadablePayload

NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
TARGET: Final = "https://orders.example.com/notify"
SECRET: Final = "s3cr3t"
WORKFLOW_ID: Final = "notification:payment-1"
UNREADABLE: Final = UnreadablePayload("cannot be decoded: no JSON")
CALIFORNIA: Final = timezone(timedelta(hours=-8))


def notification_json(**fields: Any) -> dict[str, Any]:
    return {"id": "payment-1", "type": "payment.succeeded", "target": TARGET, **fields}


def notification(**fields: Any) -> Notification:
    return Notification.model_validate(notification_json(**fields))


def refusal(**fields: Any) -> str:
    """The message with which a notification with these fields is refused."""
    with pytest.raises(InvalidInputError) as refused:
        notification(**fields)
    message = str(refused.value)
    assert len(message) < 1000
    return message


def attempt(number: int, **fields: Any) -> Attempt:
    given = {
        "number": number,
        "round": 1,
        "started_at": NOW + timedelta(minutes=number),
        "status_code": 500,
        "explanation": f"attempt {number}",
        **fields,
    }
    return Attempt.model_validate(given)


def attempts(*numbers: int) -> tuple[Attempt, ...]:
    return tuple(attempt(number) for number in numbers)


def numbers(log: Iterable[Attempt]) -> list[int]:
    return [each.number for each in log]


def refused_intervention(number: int) -> RefusedIntervention:
    return RefusedIntervention(signal="resend", at=NOW, problem=f"{number}")


def state(**fields: Any) -> NotificationState:
    given = {
        "id": "payment-1",
        "type": "payment.succeeded",
        "target": TARGET,
        "status": "delivering",
        "accepted_at": NOW,
        **fields,
    }
    return NotificationState.model_validate(given)


def round_(*, number: int = 1, attempts_before: int = 0, **fields: Any) -> Round:
    return Round(
        notification=notification(**fields), number=number, attempts_before=attempts_before
    )


def going_on(begun: Round, attempts_made: int) -> Round:
    """The rest of a round after so many attempts."""
    return begun.model_copy(update={"attempts_made": attempts_made})


def through_temporal(value: Any) -> Any:
    """``value`` after a way through Temporal: written and read by the worker's converter."""
    converter = DATA_CONVERTER.payload_converter
    return converter.from_payloads(converter.to_payloads([value]))[0]
