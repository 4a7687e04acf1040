"""The check of an intervention at the moment when it comes."""

from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from tests.support.corrections import ORIGINAL
from tests.support.samples import NOW, state
from tidings.errors import InterventionRefusedError
from tidings.filter import Filter
from tidings.intervention import (
    Abandon,
    Action,
    Correct,
    Resend,
    action_name,
    check,
)
from tidings.state import Status, WaitReason

EARLIER, LATER = NOW - timedelta(days=1), NOW + timedelta(days=1)
"""Than the moment at which ``ORIGINAL`` expires."""

OPEN = [Status.SCHEDULED, Status.DELIVERING, Status.AWAITING_INTERVENTION]


def resend(**fields: Any) -> Resend:
    return Resend.model_validate(fields)


NEW: Final = "https://orders.example.com/v2"
EARLIEST: Final = EARLIER - timedelta(days=1)
ASK_DELIVERED: Final = {Status.DELIVERED: "to send it again all the same, set even_if_delivered"}
ASK_ABANDONED: Final = {Status.ABANDONED: "to send it again all the same, set even_if_abandoned"}
ONLY_RESENT: Final = {
    Status.DELIVERED: "it can only be resent, with even_if_delivered",
    Status.ABANDONED: "it can only be resent, with even_if_abandoned",
}
NOT_DUE_LATER: Final = dict.fromkeys(
    (Status.DELIVERING, Status.AWAITING_INTERVENTION), "so not_before has no effect; leave it out"
)


ACTIONS: Final[dict[str, tuple[Action, dict[Status, str]]]] = {
    "resend": (resend(), {**ASK_DELIVERED, **ASK_ABANDONED}),
    "resend-though-expired": (resend(even_if_expired=True), {**ASK_DELIVERED, **ASK_ABANDONED}),
    "resend-corrected": (resend(target=NEW), {**ASK_DELIVERED, **ASK_ABANDONED}),
    "resend-delivered": (resend(even_if_delivered=True), ASK_ABANDONED),
    "resend-abandoned": (resend(even_if_abandoned=True), ASK_DELIVERED),
    "resend-both": (resend(even_if_delivered=True, even_if_abandoned=True), {}),
    "correct": (Correct(target=NEW), ONLY_RESENT),
    "correct-its-time": (Correct(not_before=EARLIEST), {**ONLY_RESENT, **NOT_DUE_LATER}),
    "correct-to-now": (Correct(not_before=None), {**ONLY_RESENT, **NOT_DUE_LATER}),
    "abandon": (Abandon(), ONLY_RESENT),
}
"""Actions, and a part of the refusal by the status that refuses them."""

STATUSES: Final = [status for status in Status if status is not Status.REJECTED]
"""The statuses of a state: what was rejected has none."""


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(("action", "refusals"), ACTIONS.values(), ids=ACTIONS)
def test_every_status_takes_or_refuses_every_action(
    action: Action, refusals: dict[Status, str], status: Status
) -> None:
    if status not in refusals:
        after = check(action, ORIGINAL, state(status=status), EARLIER)
        expected = ORIGINAL if isinstance(action, Abandon) else action.corrected(ORIGINAL)
        assert after == expected
        return
    with pytest.raises(InterventionRefusedError) as refused:
        check(action, ORIGINAL, state(status=status), EARLIER)
    for part in ("notification 'payment-1' is", status.value, refusals[status]):
        assert part in str(refused.value)


@pytest.mark.parametrize("action", [resend(), Correct(target=NEW), Abandon()], ids=action_name)
def test_case_14b_what_no_longer_meets_it_stays(action: Action) -> None:
    condition = Filter(status=Status.AWAITING_INTERVENTION, target=ORIGINAL.target)
    conditional = action.model_copy(update={"only_if": condition})
    stuck = state(status=Status.AWAITING_INTERVENTION)
    assert check(conditional, ORIGINAL, stuck, EARLIER) == check(action, ORIGINAL, stuck, EARLIER)
    moved = stuck.model_copy(update={"target": NEW})
    for changed, reason in (
        (state(status=Status.DELIVERING), "it is delivering, and not awaiting_intervention"),
        (state(status=Status.DELIVERED), "it is delivered, and not awaiting_intervention"),
        (moved, f"its target is {NEW}, and not {ORIGINAL.target}"),
    ):
        with pytest.raises(InterventionRefusedError) as refused:
            check(conditional, ORIGINAL, changed, EARLIER)
        assert f"notification 'payment-1' stays as it is: {reason}" in str(refused.value)


@pytest.mark.parametrize("status", STATUSES)
def test_a_batch_asks_each_once(status: Status) -> None:
    """It asks again if its worker died before it could count the answer."""
    taken = state(status=status, interventions=[{"action": "resend", "at": NOW, "batch": "b-1"}])
    again = resend(even_if_delivered=True, even_if_abandoned=True, batch="b-1")
    with pytest.raises(InterventionRefusedError, match="has taken the intervention of b-1 already"):
        check(again, ORIGINAL, taken, EARLIER)
    other = again.model_copy(update={"batch": "b-2"})
    assert check(other, ORIGINAL, taken, EARLIER) == ORIGINAL


@pytest.mark.parametrize("status", OPEN)
def test_a_correct_may_not_expire_it_at_once(status: Status) -> None:
    correct = Correct(expires_at=NOW)
    assert check(correct, ORIGINAL, state(status=status), EARLIER).expires_at == NOW
    with pytest.raises(InterventionRefusedError, match=r"would expire at once .*or abandon it"):
        check(correct, ORIGINAL, state(status=status), NOW)


def test_a_correct_of_what_has_expired_keeps_it_expired() -> None:
    """It sends nothing, so it is not late for anything."""
    stuck = state(status=Status.AWAITING_INTERVENTION, reason=WaitReason.EXPIRED)
    assert check(Correct(target=NEW), ORIGINAL, stuck, LATER).target == NEW


def test_a_later_expiry_that_a_correct_has_set_counts() -> None:
    changes = [{"field": "expires_at", "before": "", "after": ""}]
    correction = {"action": "correct", "at": NOW, "changes": changes}
    stuck = state(
        status=Status.AWAITING_INTERVENTION,
        reason=WaitReason.EXPIRED,
        awaiting_since=EARLIER,
        interventions=[correction],
    )
    extended = Correct(expires_at=LATER).corrected(ORIGINAL)
    assert check(resend(), extended, stuck, NOW) == extended
    before = stuck.model_copy(update={"awaiting_since": LATER})
    with pytest.raises(InterventionRefusedError, match="has expired"):
        check(resend(), extended, before, NOW)


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
