"""The story of a notification goes on in a new run of its workflow, and loses nothing."""

from collections.abc import Callable

import pytest

from tests.support.samples import (
    NOW,
    attempts,
    notification,
    refused_intervention,
    state,
    through_temporal,
)
from tidings.continuation import Continuation, Wishes
from tidings.errors import InterventionRefusedError
from tidings.intervention import Abandon, Resend
from tidings.notification import Notification
from tidings.state import Status, WaitReason
from workflows import reception
from workflows.intervening import check, intervene
from workflows.story import Story

REPORT_TO = "https://payments.example.com/notifications"


def accepted() -> Story:
    return Story.begun(notification(report_to=REPORT_TO), accepted_at=NOW, now=NOW)


def stuck() -> Story:
    """A story that awaits intervention, with its report handed over."""
    story = accepted()
    story.begin_round()
    story.get_stuck(WaitReason.REFUSED, "404", NOW)
    assert story.take_report(NOW) is not None
    return story


def in_a_new_run(story: Story) -> Story:
    """The story as the next run of the workflow reads it, after continue-as-new."""
    continuation = reception.continuation(through_temporal([story.continuation.to_json()]))
    assert continuation is not None
    return Story(continuation)


def wish_for_a_resend() -> Story:
    story = stuck()
    intervene(story, Resend(), NOW)
    return story


def wish_to_abandon() -> Story:
    story = accepted()
    story.begin_round()
    intervene(story, Abandon(reason="no use"), NOW)
    return story


def pending_report() -> Story:
    story = accepted()
    story.begin_round()
    story.get_stuck(WaitReason.REFUSED, "404", NOW)
    return story


def everything() -> Story:
    """A story with every kind of record and every wish."""
    correct = Resend(operator="li", reason="path fixed", target="https://corrected.example.com/")
    story = Story(
        Continuation(
            notification=notification(report_to=REPORT_TO),
            state=state(attempts=attempts(1, 2), attempts_omitted=3, round=2),
            wishes=Wishes(resend=True, report=True),
        )
    )
    intervene(story, correct, NOW)
    story.refuse("shout", refused_intervention(1).problem, NOW)
    intervene(story, Abandon(operator="li", reason="no use"), NOW)
    return story


@pytest.mark.parametrize(
    "begin",
    [
        pytest.param(accepted, id="accepted"),
        pytest.param(stuck, id="stuck"),
        pytest.param(wish_for_a_resend, id="a-wish-for-a-resend"),
        pytest.param(wish_to_abandon, id="a-wish-to-abandon"),
        pytest.param(pending_report, id="a-pending-report"),
        pytest.param(everything, id="everything"),
    ],
)
def test_a_new_run_knows_all_that_the_last_one_knew(begin: Callable[[], Story]) -> None:
    story = begin()
    assert in_a_new_run(story).continuation == story.continuation
    assert vars(story).keys() == {"continuation"}, "a story keeps nothing that is not handed on"


def test_a_new_run_begins_a_wished_round() -> None:
    story = in_a_new_run(wish_for_a_resend())
    assert story.continuation.wishes.resend
    round_, due_at = story.take_round(NOW)
    assert (round_.number, due_at) == (2, NOW)
    assert story.continuation.wishes == Wishes()


def test_a_new_run_fulfils_a_wish_to_abandon() -> None:
    story = in_a_new_run(wish_to_abandon())
    with pytest.raises(InterventionRefusedError, match="being abandoned already"):
        check(story, Resend(), NOW)
    story.end_if_given_up(NOW)
    assert (story.state.status, story.state.explanation) == (Status.ABANDONED, "abandoned: no use")
    report = story.take_report(NOW)
    assert report is not None
    assert report.type == "notification.abandoned"


def test_a_new_run_sends_a_pending_report_once() -> None:
    story = in_a_new_run(pending_report())
    report = story.take_report(NOW)
    assert isinstance(report, Notification)
    assert (report.type, report.target) == ("notification.awaiting_intervention", REPORT_TO)
    assert in_a_new_run(story).take_report(NOW) is None


def test_a_resend_drops_the_pending_report_on_the_status_before() -> None:
    """A signal may come before the first step of a new run."""
    story = in_a_new_run(pending_report())
    intervene(story, Resend(), NOW)
    assert story.take_report(NOW) is None
