"""Notifications that are sent, and that lists show."""

import asyncio
from typing import Final

from tests.support.receiver import Receiver
from tidings import Notification, NotificationClient, NotificationSummary, Status, contract

FROM: Final = "2020-01-01"
TO: Final = "2099-01-01"
"""A period in which every notification of a test was accepted."""


async def listed(client: NotificationClient, type_: str, count: int) -> list[NotificationSummary]:
    """The notifications of a type, once there are ``count``; a list follows with a delay."""
    async with asyncio.timeout(30):
        while len(found := [each async for each in client.list(type=type_)]) < count:
            await asyncio.sleep(0.02)
    return found


async def send(client: NotificationClient, ids: list[str], type_: str, target: str) -> None:
    """Sends notifications of one type to one target."""
    many = [Notification(id=each, type=type_, target=target) for each in ids]
    assert all(result.receipt for result in await client.send_many(many))


async def start_malformed(client: NotificationClient, notification_id: str, type_: str) -> None:
    """Starts a workflow as another language might: without a target."""
    await client._temporal.start_workflow(
        contract.WORKFLOW_TYPE,
        {"id": notification_id, "type": type_},
        id=contract.workflow_id(notification_id),
        task_queue=contract.TASK_QUEUE,
    )


async def send_ended(
    client: NotificationClient, ids: list[str], type_: str, receiver: Receiver
) -> None:
    """Sends, and waits until lists show the end of each."""
    await send(client, ids, type_, f"{receiver.url}/ok")
    async with asyncio.timeout(30):
        while await client.count(type=type_, status=Status.DELIVERED) < len(ids):
            await asyncio.sleep(0.02)


async def send_stuck(
    client: NotificationClient, notification_id: str, type_: str, target: str
) -> None:
    """Sends one, and waits until lists show it stuck."""
    await send(client, [notification_id], type_, target)
    async with asyncio.timeout(30):
        while not [
            each
            async for each in client.list(type=type_, status=Status.AWAITING_INTERVENTION)
            if each.id == notification_id and each.reason is not None
        ]:
            await asyncio.sleep(0.02)
