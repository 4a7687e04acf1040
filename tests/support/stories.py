"""Stories of notifications in each open status."""

from datetime import timedelta
from typing import Any, Final

from tests.support.samples import NOW, attempt, notification
from tidings.fields.retry import FixedInterval
from tidings.intervention import Correct
from tidings.round import Round
from tidings.state import WaitReason
from workflows.story import Story

HOUR: Final = timedelta(hours=1)
OTHER: Final = "https://corrected.example.com/"
HOURLY: Final = FixedInterval(interval=HOUR, maximum_attempts=3)
TO_OTHER: Final = Correct(operator="li", reason="wrong host", target=OTHER)


def scheduled(**fields: Any) -> Story:
    sent = notification(not_before=NOW + HOUR, **fields)
    return Story.begun(sent, accepted_at=NOW, now=NOW)


def running(attempts: int = 1, **fields: Any) -> tuple[Story, Round]:
    """A story whose round has made some attempts, each an hour before the next."""
    story = Story.begun(notification(retry=HOURLY, **fields), accepted_at=NOW, now=NOW)
    round_ = story.begin_round()
    story.record(
        attempt(number, next_attempt_at=NOW + number * HOUR) for number in range(1, attempts + 1)
    )
    return story, round_


def stuck(reason: WaitReason = WaitReason.REFUSED, **fields: Any) -> Story:
    story, _ = running(**fields)
    story.get_stuck(reason, "404", NOW)
    return story
