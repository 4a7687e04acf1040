"""Notifications that get stuck in front of the Web UI."""

from typing import Any

from tests.support.states import until_status
from tests.support.until import until
from tidings import FixedInterval, Notification, NotificationClient, NotificationState, Status


async def get_stuck(
    client: NotificationClient, target: str, new_id: str, **fields: Any
) -> NotificationState:
    """Sends a notification that fails three times; returns its state when a list finds it."""
    defaults = {
        "type": "payment.succeeded",
        "body": {"order": "1001", "paid": "12.50"},
        "retry": FixedInterval(interval=0.2, maximum_attempts=3),
    }
    await client.send(Notification(id=new_id, target=target, **{**defaults, **fields}))
    state = await until_status(client, new_id, Status.AWAITING_INTERVENTION)

    async def is_listed() -> bool:
        return new_id in [each.id async for each in client.list(status=state.status)]

    await until(is_listed, within=10)
    return state
