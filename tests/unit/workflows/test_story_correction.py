"""A story is corrected: what is due keeps its time, and nothing is sent by that."""

from datetime import UTC, datetime

import pytest

from tests.support.samples import NOW, attempt
from tests.support.stories import HOUR, OTHER, TO_OTHER, running, scheduled, stuck
from tidings.errors import InterventionRefusedError
from tidings.fields.retry import FixedInterval
from tidings.intervention import Abandon, Correct, Resend
from tidings.state import Status, WaitReason
from workflows.intervening import check, intervene
from workflows.story import Story

# A scheduled one.


@pytest.mark.parametrize(
    ("not_before", "status", "due_at"),
    [
        pytest.param(NOW + 2 * HOUR, Status.SCHEDULED, NOW + 2 * HOUR, id="later"),
        pytest.param(NOW + HOUR / 2, Status.SCHEDULED, NOW + HOUR / 2, id="earlier"),
        pytest.param(NOW, Status.DELIVERING, None, id="now"),
        pytest.param(NOW - HOUR, Status.DELIVERING, None, id="past"),
        pytest.param(None, Status.DELIVERING, None, id="none"),
    ],
)
def test_a_scheduled_one_takes_another_time(
    not_before: datetime | None, status: Status, due_at: datetime | None
) -> None:
    story = scheduled()
    intervene(story, Correct(not_before=not_before), NOW)
    assert (story.state.status, story.state.next_attempt_at) == (status, due_at)
    assert story.notification.not_before == not_before
    assert story.state.round == 0


def test_case_6_a_scheduled_one_keeps_its_time() -> None:
    story = scheduled()
    intervene(story, TO_OTHER, NOW)
    assert (story.state.status, story.state.next_attempt_at) == (Status.SCHEDULED, NOW + HOUR)
    assert (story.state.target, story.notification.target) == (OTHER, OTHER)
    (record,) = story.state.interventions
    assert (record.action, record.operator, record.reason) == ("correct", "li", "wrong host")
    assert [(each.field, each.after) for each in record.changes] == [("target", OTHER)]


def test_the_time_zone_of_a_correction_does_not_matter() -> None:
    story = scheduled()
    local = (NOW + 3 * HOUR).astimezone().isoformat()
    intervene(story, Correct.model_validate({"not_before": local}), NOW)
    assert story.state.next_attempt_at == (NOW + 3 * HOUR).astimezone(UTC)


# A running one.


def test_case_7_a_running_one_goes_on_in_its_round() -> None:
    story, round_ = running(attempts=2)
    intervene(story, TO_OTHER, NOW)
    assert (story.is_corrected, story.is_interrupted) == (True, False)
    assert story.next_attempt_at(round_) == NOW + 2 * HOUR
    rest = story.resume_round(round_)
    assert not story.is_corrected
    assert (rest.number, rest.outline.first_number, rest.attempts_made) == (1, 3, 2)
    assert rest.notification.target == OTHER


def test_a_correction_that_changes_nothing_halts_no_round() -> None:
    story, _ = running()
    intervene(story, Correct(target=story.notification.target), NOW)
    assert not story.is_corrected
    assert [each.action for each in story.state.interventions] == ["correct"]


def test_two_corrections_are_taken_up_together() -> None:
    story, round_ = running()
    intervene(story, TO_OTHER, NOW)
    intervene(story, Correct(body={"b": 2}), NOW)
    rest = story.resume_round(round_)
    assert (rest.notification.target, rest.notification.body) == (OTHER, {"b": 2})
    assert len(story.state.interventions) == 2


def test_a_shorter_schedule_can_be_used_up() -> None:
    story, round_ = running(attempts=2)
    intervene(story, Correct(retry=FixedInterval(interval=1, maximum_attempts=2)), NOW)
    assert story.is_used_up(story.resume_round(round_))
    assert story.used_up_explanation == (
        "all attempts of the schedule are made; the last one: attempt 2"
    )


def test_an_acknowledgement_drops_what_was_never_sent() -> None:
    story, round_ = running()
    reports = Correct(target=OTHER, report_to=OTHER, report_signing_key="reports-1")
    intervene(story, reports, NOW)
    story.deliver(round_, [attempt(2, status_code=200)], NOW)
    sent = story.notification
    assert (sent.target, story.state.target) == (round_.notification.target, sent.target)
    assert (sent.report_to, sent.report_signing_key) == (OTHER, "reports-1")


def test_a_resend_takes_a_correction_with_it() -> None:
    story, _ = running()
    intervene(story, TO_OTHER, NOW)
    intervene(story, Resend(), NOW)
    round_, due_at = story.take_round(NOW)
    assert (round_.number, round_.notification.target, due_at) == (2, OTHER, NOW)
    assert not story.is_corrected


def test_a_round_that_is_handed_on_goes_on_in_the_next_run() -> None:
    story, round_ = running(attempts=2)
    intervene(story, TO_OTHER, NOW)
    rest = story.resume_round(round_)
    story.hand_on(rest, NOW + HOUR)
    next_run = Story(type(story.continuation).model_validate(story.continuation.to_json()))
    taken, due_at = next_run.take_round(NOW)
    assert (taken, due_at) == (rest, NOW + HOUR)
    assert next_run.continuation.attempts_before is None


def test_a_resend_ends_a_round_that_was_handed_on() -> None:
    story, round_ = running(attempts=2)
    story.hand_on(round_, NOW + HOUR)
    intervene(story, Resend(), NOW)
    taken, due_at = story.take_round(NOW)
    assert (taken.number, taken.attempts_before, due_at) == (2, 2, NOW)
    assert story.continuation.attempts_before is None


# A stuck one.


def test_case_7_a_stuck_one_stays_stuck() -> None:
    story = stuck()
    before = story.state
    intervene(story, TO_OTHER, NOW + HOUR)
    for field in ("status", "reason", "explanation", "awaiting_since", "intervention_deadline"):
        assert getattr(story.state, field) == getattr(before, field)
    intervene(story, Resend(), NOW + HOUR)
    assert story.take_round(NOW)[0].notification.target == OTHER


def test_an_expired_one_is_resent_once_its_expiry_is_corrected() -> None:
    story = stuck(WaitReason.EXPIRED, expires_at=NOW + HOUR / 2)
    with pytest.raises(InterventionRefusedError, match="has expired"):
        check(story, Resend(), NOW)
    intervene(story, Correct(expires_at=NOW + HOUR), NOW)
    assert story.state.expires_at == NOW + HOUR
    intervene(story, Resend(), NOW)
    assert story.state.status is Status.DELIVERING


# Refusals.


@pytest.mark.parametrize(
    ("story", "correct", "problem"),
    [
        pytest.param(
            stuck(), Correct(not_before=NOW), "is awaiting_intervention, so not_before", id="stuck"
        ),
        pytest.param(
            running()[0], Correct(not_before=NOW), "is delivering, so not_before", id="running"
        ),
        pytest.param(
            stuck(), Correct(expires_at=NOW), "would expire at once (expires_at is", id="past"
        ),
        pytest.param(
            scheduled(),
            Correct(expires_at=NOW + HOUR / 2),
            "must be later than not_before",
            id="before-it-is-due",
        ),
        pytest.param(
            stuck(), Correct(content_type="text/plain", body={}), "must be text", id="no-text"
        ),
    ],
)
def test_a_correction_that_makes_no_sense_changes_nothing(
    story: Story, correct: Correct, problem: str
) -> None:
    before = story.continuation
    with pytest.raises(InterventionRefusedError) as refused:
        intervene(story, correct, NOW)
    assert problem in str(refused.value)
    assert story.continuation == before


def test_one_that_is_being_abandoned_takes_no_correction() -> None:
    story, _ = running()
    intervene(story, Abandon(), NOW)
    with pytest.raises(InterventionRefusedError, match="being abandoned already"):
        intervene(story, TO_OTHER, NOW)


@pytest.mark.parametrize("status", [Status.DELIVERED, Status.ABANDONED])
def test_one_that_has_ended_takes_no_correction(status: Status) -> None:
    story, _ = running()
    story.end(status, "", NOW)
    with pytest.raises(
        InterventionRefusedError, match=f"can only be resent, with even_if_{status}"
    ):
        intervene(story, TO_OTHER, NOW)
