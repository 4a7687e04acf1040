"""Waiting for the state of a notification."""

from tests.support.until import until
from tidings import NotificationClient, NotificationState, Status


async def until_status(
    client: NotificationClient, notification_id: str, status: Status
) -> NotificationState:
    """Returns the state as soon as a notification has the status."""

    async def reached() -> NotificationState | None:
        state = await client.state(notification_id)
        return state if state.status is status else None

    return await until(reached, what=f"{notification_id} to be {status}")


async def until_attempts(
    client: NotificationClient, notification_id: str, count: int
) -> NotificationState:
    """Returns the state as soon as at least ``count`` attempts have ended."""

    async def made() -> NotificationState | None:
        state = await client.state(notification_id)
        return state if state.attempt_count >= count else None

    return await until(made, what=f"{count} attempts of {notification_id}")


async def until_refused(client: NotificationClient, notification_id: str) -> NotificationState:
    """Returns the state as soon as an intervention has been refused."""

    async def refused() -> NotificationState | None:
        state = await client.state(notification_id)
        return state if state.refused_interventions else None

    return await until(refused, what=f"a refused intervention in {notification_id}")
