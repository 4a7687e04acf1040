"""The story of a notification goes on in a new run of its workflow, and loses nothing."""

from collections.abc import Callable
from datetime import timedelta

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
from workflows.story import Story

DAY = timedelta(days=1)
REPORT_TO = "https://payments.example.com/notifications"


def accepted() -> Story:
    return Story.begun(notification(report_to=REPORT_TO), accepted_at=NOW, now=NOW)


def stuck() -> Story:
    """A story that awaits intervention, with its report handed over."""
    story = accepted()
    story.begin_round()
    story.get_stuck(WaitReason.REFUSED, "404", NOW)
    assert story.take_report(NOW, random=0.5) is not None
    return story


def in_a_new_run(story: Story) -> Story:
    """The story as the next run of the workflow reads it, after continue-as-new."""
    continuation = reception.continuation(through_temporal([story.continuation.to_json()]))
    assert continuation is not None
    return Story(continuation)


def wish_for_a_resend() -> Story:
    story = stuck()
    story.intervene(Resend(spread=DAY), NOW)
    return story


def wish_to_abandon() -> Story:
    story = accepted()
    story.begin_round()
    story.intervene(Abandon(reason="no use", spread=DAY), NOW)
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
            wishes=Wishes(resend=True, report=True, spread=DAY),
        )
    )
    story.intervene(correct, NOW)
    story.refuse("shout", refused_intervention(1).problem, NOW)
    story.intervene(Abandon(operator="li", reason="no use", spread=2 * DAY), NOW)
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


def test_a_new_run_begins_a_wished_round_within_its_spread() -> None:
    story = in_a_new_run(wish_for_a_resend())
    assert story.is_interrupted
    assert story.take_resend() == DAY
    assert not story.is_interrupted
    assert story.take_resend() == timedelta(0)
    assert story.begin_round().number == 2


def test_a_new_run_fulfils_a_wish_to_abandon() -> None:
    story = in_a_new_run(wish_to_abandon())
    with pytest.raises(InterventionRefusedError, match="being abandoned already"):
        story.check(Resend(), NOW)
    story.end_if_given_up(NOW)
    assert (story.state.status, story.state.explanation) == (Status.ABANDONED, "abandoned: no use")
    report = story.take_report(NOW, random=0.5)
    assert report is not None
    assert report.not_before == NOW + DAY / 2


def test_a_new_run_sends_a_pending_report_once() -> None:
    story = in_a_new_run(pending_report())
    report = story.take_report(NOW, random=0.5)
    assert isinstance(report, Notification)
    assert (report.type, report.target, report.not_before) == (
        "notification.awaiting_intervention",
        REPORT_TO,
        None,
    )
    assert in_a_new_run(story).take_report(NOW, random=0.5) is None
