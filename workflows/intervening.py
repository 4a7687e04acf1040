"""Interventions in the story of a notification; pure."""

from datetime import datetime

from tidings import intervention
from tidings.errors import InterventionRefusedError
from tidings.intervention import Abandon, Action, Correct, Resend, action_name, changes
from tidings.notification import Notification
from tidings.state import Intervention, Status
from workflows.story import Story


def check(story: Story, action: Action, now: datetime) -> Notification:
    """The notification as ``action`` would leave it.

    Raises ``InterventionRefusedError`` if that makes no sense now.
    """
    if story.is_given_up:
        raise InterventionRefusedError(
            f"notification {story.state.id!r} is being abandoned already: "
            "it ends when the attempt in flight has ended"
        )
    return intervention.check(action, story.notification, story.state, now)


def intervene(story: Story, action: Action, now: datetime) -> None:
    """Records an intervention, and resends, corrects or abandons the notification.

    Raises ``InterventionRefusedError`` if that makes no sense now.
    """
    before, after = story.notification, check(story, action, now)
    record = Intervention(
        action=action_name(action),
        at=now,
        operator=action.operator,
        reason=action.reason,
        changes=changes(before, after),
        batch=action.batch,
    )
    story.replace(after)
    story.record_intervention(record)
    match action:
        case Abandon():
            story.give_up(action.summary, now)
        case Resend():
            story.resend()
        case Correct() if record.changes:
            _take_up(story, now)


def _take_up(story: Story, now: datetime) -> None:
    """Lets a correction take effect, without sending anything."""
    match story.state.status:
        case Status.SCHEDULED:
            story.schedule(now)
        case Status.DELIVERING:
            story.correct_round()
        case _:  # a stuck notification stays stuck
            pass
