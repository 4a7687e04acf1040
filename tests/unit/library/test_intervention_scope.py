"""The notifications that an action of many is for."""

from typing import Any, Final

import pytest

from tidings import Abandon, Correct, Filter, InvalidInputError, Resend, Status
from tidings.intervention import OPEN, Action, meant

STUCK: Final = (Status.AWAITING_INTERVENTION,)
RESEND: Final = Resend()
AGAIN: Final = Resend(even_if_delivered=True)
REVIVE: Final = Resend(even_if_abandoned=True)
BOTH: Final = Resend(even_if_delivered=True, even_if_abandoned=True)
CORRECT: Final = Correct(target="https://orders.example.com/v2")

USUAL: Final[dict[str, tuple[Action, tuple[Status, ...]]]] = {
    "resend": (RESEND, STUCK),
    "resend-delivered": (AGAIN, (Status.DELIVERED,)),
    "resend-abandoned": (REVIVE, (Status.ABANDONED,)),
    "resend-both": (BOTH, (Status.DELIVERED, Status.ABANDONED)),
    "correct": (CORRECT, OPEN),
    "abandon": (Abandon(), STUCK),
}
POSSIBLE: Final[dict[str, tuple[Action, set[Status]]]] = {
    "resend": (RESEND, {*OPEN}),
    "resend-delivered": (AGAIN, {*OPEN, Status.DELIVERED}),
    "resend-abandoned": (REVIVE, {*OPEN, Status.ABANDONED}),
    "resend-both": (BOTH, {*OPEN, Status.DELIVERED, Status.ABANDONED}),
    "correct": (CORRECT, {*OPEN}),
    "abandon": (Abandon(), {*OPEN}),
}


@pytest.mark.parametrize(("action", "statuses"), USUAL.values(), ids=USUAL)
def test_an_action_has_its_usual_statuses(action: Action, statuses: tuple[Status, ...]) -> None:
    found = meant(action, Filter(type="a.b", where="StartTime > '2026'"), everything=False)
    assert found == Filter(status=statuses, type="a.b", where="StartTime > '2026'")
    assert meant(action, Filter(), everything=True) == Filter(status=statuses)


RESENT: Final = (Status.DELIVERING, Status.AWAITING_INTERVENTION)
NAMED: Final[dict[str, tuple[Action, tuple[Status, ...]]]] = {
    "resend": (RESEND, RESENT),
    "resend-delivered": (AGAIN, (*RESENT, Status.DELIVERED)),
    "resend-abandoned": (REVIVE, (*RESENT, Status.ABANDONED)),
    "resend-both": (BOTH, (*RESENT, Status.DELIVERED, Status.ABANDONED)),
    "correct": (CORRECT, OPEN),
    "abandon": (Abandon(), OPEN),
}


@pytest.mark.parametrize(("action", "statuses"), NAMED.values(), ids=NAMED)
def test_ids_mean_each_of_them_as_it_is(action: Action, statuses: tuple[Status, ...]) -> None:
    """Only what is scheduled keeps its time."""
    named = Filter(ids=["payment-1", "payment-2"])
    assert meant(action, named, everything=False) == Filter(ids=named.ids, status=statuses)
    stuck = Filter(ids=named.ids, status=STUCK)
    assert meant(action, stuck, everything=False) == stuck


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize(("action", "possible"), POSSIBLE.values(), ids=POSSIBLE)
def test_a_named_status_is_kept_or_refused(
    action: Action, possible: set[Status], status: Status
) -> None:
    filter_ = Filter(status=status, type="a.b")
    if status in possible:
        assert meant(action, filter_, everything=False) == filter_
    else:
        with pytest.raises(InvalidInputError, match=f"status is {status}: .* acts on "):
            meant(action, filter_, everything=False)


@pytest.mark.parametrize(
    ("fields", "everything", "problem"),
    [
        pytest.param({}, False, "everything is False, without a filter", id="neither"),
        pytest.param({"status": STUCK}, False, "everything is False, without", id="status-only"),
        pytest.param({"target": "a"}, True, "everything is True, with a filter", id="both"),
        pytest.param({"id_prefix": "a"}, True, "everything is True, with", id="both-with-an-id"),
        pytest.param({"reason": "refused"}, True, "everything is True, with", id="and-a-reason"),
        pytest.param({"ids": "a"}, True, "everything is True, with a filter", id="both-with-ids"),
        pytest.param({"status": "delivered"}, True, "set even_if_delivered", id="another-status"),
        pytest.param({"status": "abandoned", "type": "a"}, False, "even_if_abandoned", id="final"),
        pytest.param(
            {"status": "abandoned", "ids": "a"}, False, "even_if_abandoned", id="final-by-its-id"
        ),
        pytest.param(
            {"status": "rejected", "ids": "a"}, False, "send it anew, as a notification", id="never"
        ),
    ],
)
def test_everything_or_a_filter_selects_and_not_both(
    fields: dict[str, Any],
    everything: bool,  # noqa: FBT001
    problem: str,
) -> None:
    with pytest.raises(InvalidInputError, match=problem):
        meant(RESEND, Filter.model_validate(fields), everything=everything)


def test_case_20_a_reason_with_what_has_ended_is_refused() -> None:
    """It would find nothing, in silence."""
    with pytest.raises(InvalidInputError, match="only awaiting_intervention has a reason"):
        meant(AGAIN, Filter.model_validate({"reason": "refused"}), everything=False)
    with pytest.raises(InvalidInputError, match="only awaiting_intervention has a cause"):
        meant(AGAIN, Filter(cause="timeout"), everything=False)
