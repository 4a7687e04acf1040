"""Conditions and batches of interventions, and the return of what has ended."""

from typing import Any

import pytest

from tests.support.samples import NOW
from tests.support.stories import HOUR, OTHER, TO_OTHER, running, stuck
from tidings.errors import InterventionRefusedError
from tidings.filter import Filter
from tidings.intervention import Abandon, Action, Resend, action_name
from tidings.state import Status, WaitReason
from workflows.intervening import check, intervene

# Conditions and batches.


def unmet(action: Action, condition: dict[str, Any]) -> str:
    """The refusal of ``action`` with ``condition``; nothing else changes."""
    story = stuck()
    before = story.continuation
    conditional = action.model_copy(update={"only_if": Filter.model_validate(condition)})
    with pytest.raises(InterventionRefusedError) as refused:
        intervene(story, conditional, NOW)
    assert story.continuation == before
    return str(refused.value)


CONDITIONS = {
    "another-status": ({"status": Status.DELIVERING}, "it is awaiting_intervention, and not"),
    "another-reason": ({"reason": "exhausted"}, "it is refused, and not exhausted"),
    "another-path": ({"target": "https://orders.example.com/x"}, "its target is"),
    "another-type": ({"type": "order.paid"}, "its type is payment.succeeded"),
    "a-later-time": ({"since": NOW + HOUR}, "it was accepted before"),
}


@pytest.mark.parametrize(("condition", "problem"), CONDITIONS.values(), ids=CONDITIONS)
def test_case_14b_an_unmet_condition_changes_nothing(
    condition: dict[str, Any], problem: str
) -> None:
    assert problem in unmet(Resend(), condition)


@pytest.mark.parametrize("action", [Resend(), TO_OTHER, Abandon()], ids=action_name)
def test_case_14b_every_action_has_its_condition(action: Action) -> None:
    assert "stays as it is" in unmet(action, {"status": Status.SCHEDULED})


def test_a_condition_that_holds_changes_nothing_about_the_action() -> None:
    story = stuck()
    condition = Filter(status=Status.AWAITING_INTERVENTION, reason=WaitReason.REFUSED)
    intervene(story, Resend(only_if=condition, batch="batch:1"), NOW)
    assert [each.batch for each in story.state.interventions] == ["batch:1"]
    assert story.state.status is Status.DELIVERING


def test_a_batch_that_asks_again_changes_nothing() -> None:
    """Its worker may have died before it noted the answer, and the round may have ended since."""
    story = stuck()
    again = Resend(batch="batch:1")
    intervene(story, again, NOW)
    story.get_stuck(WaitReason.REFUSED, "404", NOW)
    with pytest.raises(InterventionRefusedError, match="taken the intervention of batch:1 already"):
        intervene(story, again, NOW)
    intervene(story, Resend(batch="batch:2"), NOW)


# Sending again what has ended.


@pytest.mark.parametrize(
    ("status", "resend"),
    [
        pytest.param(Status.DELIVERED, Resend(even_if_delivered=True), id="delivered"),
        pytest.param(Status.ABANDONED, Resend(even_if_abandoned=True), id="abandoned"),
    ],
)
def test_case_8_an_ended_story_goes_on_by_intent_only(status: Status, resend: Resend) -> None:
    story, _ = running()
    story.end(status, "", NOW)
    with pytest.raises(InterventionRefusedError, match=f"set even_if_{status}"):
        check(story, Resend(), NOW)
    intervene(story, resend, NOW)
    assert (story.state.status, story.state.closed_at) == (Status.DELIVERING, None)
    round_, _ = story.take_round(NOW)
    assert (round_.number, round_.outline.first_number) == (2, 2)


def test_the_result_has_the_notification_as_corrected() -> None:
    """A later run sends it so, although nothing of the last correction was sent."""
    story = stuck()
    assert "notification" not in story.result
    intervene(story, TO_OTHER, NOW)
    intervene(story, Abandon(), NOW)
    assert story.result["notification"]["target"] == OTHER
