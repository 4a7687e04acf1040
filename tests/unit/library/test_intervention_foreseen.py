"""Refusals that are foreseen from a list, before anybody is asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from tests.support.corrections import ORIGINAL
from tests.support.samples import NOW, state
from tidings.errors import InterventionRefusedError
from tidings.intervention import Abandon, Action, Correct, Resend, check, foreseen_refusal
from tidings.state import Status, WaitReason

EARLIER, LATER = NOW - timedelta(days=1), NOW + timedelta(days=1)
NEW: Final = "https://orders.example.com/v2"


@dataclass(frozen=True)
class Row:
    """A row of a list."""

    status: Status = Status.AWAITING_INTERVENTION
    reason: WaitReason | None = None
    expires_at: datetime | None = None


FOREVER: Final = Row(reason=WaitReason.EXHAUSTED)
IN_TIME: Final = Row(reason=WaitReason.REFUSED, expires_at=LATER)
PAST: Final = Row(reason=WaitReason.REFUSED, expires_at=EARLIER)
AT_THIS_MOMENT: Final = Row(reason=WaitReason.REFUSED, expires_at=NOW)
EXPIRED: Final = Row(reason=WaitReason.EXPIRED, expires_at=EARLIER)
STUCK_EARLY: Final = Row(reason=WaitReason.EXPIRED, expires_at=LATER)
"""No further attempt would have begun before it expires."""
SCHEDULED: Final = Row(Status.SCHEDULED)
DELIVERING: Final = Row(Status.DELIVERING)

OVER: Final = "it has expired; give a later expires_at, or set even_if_expired"
AT_ONCE: Final = "it would expire at once; give a later expires_at"


def no_effect(status: str) -> str:
    return f"it is {status}, so not_before has no effect; leave it out"


def resend(**fields: Any) -> Resend:
    return Resend.model_validate(fields)


PREDICTIONS: Final[dict[str, tuple[Action, Row, str | None]]] = {
    "resend-what-never-expires": (resend(), FOREVER, None),
    "resend-in-time": (resend(), IN_TIME, None),
    "resend-at-that-moment": (resend(), AT_THIS_MOMENT, OVER),
    "resend-too-late": (resend(), PAST, OVER),
    "resend-what-expired": (resend(), EXPIRED, OVER),
    "resend-what-got-stuck-early": (resend(), STUCK_EARLY, OVER),
    "resend-by-intent": (resend(even_if_expired=True), EXPIRED, None),
    "resend-corrected-to-later": (resend(expires_at=LATER), EXPIRED, None),
    "resend-corrected-to-now": (resend(expires_at=NOW), IN_TIME, OVER),
    "resend-corrected-to-never": (resend(expires_at=None), EXPIRED, None),
    "resend-what-is-under-way": (resend(), DELIVERING, None),
    "correct": (Correct(target=NEW), FOREVER, None),
    "correct-its-expiry": (Correct(expires_at=LATER), EXPIRED, None),
    "correct-its-expiry-to-never": (Correct(expires_at=None), EXPIRED, None),
    "correct-its-expiry-to-now": (Correct(expires_at=NOW), IN_TIME, AT_ONCE),
    "correct-its-time": (Correct(not_before=EARLIER), SCHEDULED, None),
    "correct-the-time-of-a-stuck-one": (
        Correct(not_before=None),
        FOREVER,
        no_effect("awaiting_intervention"),
    ),
    "correct-the-time-of-a-running-one": (
        Correct(not_before=EARLIER),
        DELIVERING,
        no_effect("delivering"),
    ),
    "abandon-what-expired": (Abandon(), EXPIRED, None),
    "abandon-what-is-scheduled": (Abandon(), SCHEDULED, None),
}
"""Action, row of the list, and the refusal."""


def refuses(action: Action, row: Row) -> bool:
    """True if a notification like ``row`` refuses ``action``."""
    notification = ORIGINAL.model_copy(update={"expires_at": row.expires_at})
    fields = {"status": row.status, "reason": row.reason, "expires_at": row.expires_at}
    try:
        check(action, notification, state(**fields), NOW)
    except InterventionRefusedError:
        return True
    return False


@pytest.mark.parametrize(("action", "row", "refusal"), PREDICTIONS.values(), ids=PREDICTIONS)
def test_a_refusal_is_foreseen_as_it_will_come(
    action: Action, row: Row, refusal: str | None
) -> None:
    assert foreseen_refusal(action, row, NOW) == refusal
    assert refuses(action, row) is (refusal is not None)


@pytest.mark.parametrize("row", [PAST, EXPIRED, AT_THIS_MOMENT], ids=["past", "expired", "now"])
def test_a_correct_of_what_has_expired_is_not_refused(row: Row) -> None:
    """It sends nothing, so it is not late for anything."""
    assert not refuses(Correct(target=NEW), row)
    assert foreseen_refusal(Correct(target=NEW), row, NOW) is None
