"""The check of an intervention at the moment when it comes."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.support.corrections import ORIGINAL
from tests.support.samples import NOW, state
from tidings.errors import InterventionRefusedError
from tidings.intervention import Abandon, Resend, check
from tidings.state import Status, WaitReason

EARLIER, LATER = NOW - timedelta(days=1), NOW + timedelta(days=1)
"""Than the moment at which ``ORIGINAL`` expires."""

OPEN = [Status.SCHEDULED, Status.DELIVERING, Status.AWAITING_INTERVENTION]
FINAL = [Status.DELIVERED, Status.ABANDONED]


def resend(**fields: Any) -> Resend:
    return Resend.model_validate(fields)


def test_every_status_is_looked_at() -> None:
    assert {*OPEN, *FINAL} == set(Status)


@pytest.mark.parametrize("status", OPEN)
def test_an_open_notification_can_be_resent_and_abandoned(status: Status) -> None:
    given = state(status=status)
    assert check(Abandon(), ORIGINAL, given, EARLIER) == ORIGINAL
    assert check(Resend(), ORIGINAL, given, EARLIER) == ORIGINAL
    assert check(resend(body=5), ORIGINAL, given, EARLIER).body == 5


@pytest.mark.parametrize("status", FINAL)
@pytest.mark.parametrize("action", [Resend(), resend(even_if_expired=True), Abandon()])
def test_what_has_ended_can_be_neither_resent_nor_abandoned(
    status: Status, action: Resend | Abandon
) -> None:
    with pytest.raises(InterventionRefusedError) as refused:
        check(action, ORIGINAL, state(status=status), EARLIER)
    for part in ("'payment-1'", status.value):
        assert part in str(refused.value)


@pytest.mark.parametrize("status", OPEN)
def test_a_correction_of_the_whole_is_refused_as_an_intervention(status: Status) -> None:
    with pytest.raises(InterventionRefusedError, match=r"correction breaks a rule.*content_type"):
        check(resend(content_type="text/plain"), ORIGINAL, state(status=status), EARLIER)


@pytest.mark.parametrize("status", OPEN)
@pytest.mark.parametrize(
    ("now", "fields", "allowed"),
    [
        (EARLIER, {}, True),
        (EARLIER, {"expires_at": EARLIER}, False),
        (NOW, {}, False),
        (LATER, {}, False),
        (LATER, {"target": "https://orders.example.com/v2"}, False),
        (LATER, {"expires_at": NOW}, False),
        (LATER, {"expires_at": LATER}, False),
        (LATER, {"expires_at": LATER + timedelta(seconds=1)}, True),
        (LATER, {"expires_at": None}, True),
        (LATER, {"even_if_expired": True}, True),
        (LATER, {"even_if_expired": True, "expires_at": NOW}, False),
    ],
)
def test_an_expired_one_is_resent_only_on_purpose(
    status: Status,
    now: datetime,
    fields: dict[str, Any],
    allowed: bool,  # noqa: FBT001
) -> None:
    """The reason in the state is an older one: only the clock shows that it has expired since."""
    given = state(status=status)
    if allowed:
        corrected = resend(**fields).corrected(ORIGINAL)
        assert check(resend(**fields), ORIGINAL, given, now) == corrected
    else:
        with pytest.raises(InterventionRefusedError, match=r"expires_at.*even_if_expired"):
            check(resend(**fields), ORIGINAL, given, now)


@pytest.mark.parametrize(
    ("fields", "allowed"),
    [({}, False), ({"expires_at": NOW}, False), ({"expires_at": LATER}, True)],
)
def test_one_stuck_as_expired_counts_as_expired_at_once(
    fields: dict[str, Any],
    allowed: bool,  # noqa: FBT001
) -> None:
    """No further attempt would have begun before ``expires_at``, which is still in the future."""
    stuck = state(status=Status.AWAITING_INTERVENTION, reason=WaitReason.EXPIRED)
    if allowed:
        assert check(resend(**fields), ORIGINAL, stuck, EARLIER).expires_at == LATER
    else:
        with pytest.raises(InterventionRefusedError, match=r"expires_at.*even_if_expired"):
            check(resend(**fields), ORIGINAL, stuck, EARLIER)


def test_what_has_expired_can_be_abandoned() -> None:
    stuck = state(status=Status.AWAITING_INTERVENTION, reason=WaitReason.EXPIRED)
    assert check(Abandon(), ORIGINAL, stuck, LATER) == ORIGINAL
