"""Notifications that go to a wrong host until a person corrects them."""

from datetime import datetime, timedelta
from typing import Any, Final

from tests.support.skipped_time import HOURLY, SkippedTime
from tidings.intervention import Correct

HOUR: Final = timedelta(hours=1)
WRONG: Final = "http://wrong.test/"
RIGHT: Final = "http://right.test/"
TO_RIGHT: Final = Correct(operator="li", reason="wrong host", target=RIGHT)


def urls(service: SkippedTime, notification_id: str) -> list[str]:
    """The URLs of the requests for a notification, in their order."""
    return [str(each.url) for each in service.target.seen(notification_id)]


async def waits(service: SkippedTime, notification_id: str, **fields: Any) -> datetime:
    """Sends one whose first attempt fails; the moment of the next attempt, in an hour."""
    service.target.answer(notification_id, 503, 200)
    await service.send(notification_id, target=WRONG, **{"retry": HOURLY, **fields})
    state = await service.until_attempts(notification_id, 1)
    assert state.attempts[0].next_attempt_at is not None
    return state.attempts[0].next_attempt_at
