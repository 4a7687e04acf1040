"""Lists and counts that are taken while notifications move."""

import asyncio
import json
from collections import Counter

from tests.support.receiver import Receiver
from tests.support.service import Service
from tests.support.until import until
from tidings import FixedInterval, Notification, NotificationClient, Resend, Status

COUNT = 60
AGAIN = Resend(operator="li", reason="lost", even_if_delivered=True)


async def moving(client: NotificationClient, receiver: Receiver, type_: str) -> None:
    """Each notification is delivered by its second attempt, and half of them are sent again."""
    ids = [f"{type_}/{number}" for number in range(COUNT)]
    retry = FixedInterval(interval=0.5, maximum_attempts=2)
    results = await client.send_many(
        Notification(id=each, type=type_, target=f"{receiver.url}/503,200", retry=retry)
        for each in ids
    )
    assert not [each.error for each in results if each.error is not None]
    for each in ids[::2]:
        await client.outcome(each)
        await client.resend(each, AGAIN)
    for each in ids:
        await client.outcome(each)


async def test_no_list_and_no_count_has_a_notification_twice(
    client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    mover = asyncio.create_task(moving(client, receiver, new_id))
    looks = 0
    while not mover.done():
        seen = Counter([each.id async for each in client.list(type=new_id)])
        assert seen.total() == len(seen), seen.most_common(1)
        assert await client.count(type=new_id) <= COUNT
        page = await client.page(type=new_id, size=1000)
        paged = [each.id for each in page.notifications]
        assert len(paged) == len({*paged})
        looks += 1
    await mover
    assert looks > 3

    async def is_settled() -> bool:
        return await client.count(type=new_id, status=Status.DELIVERED) == COUNT

    await until(is_settled, what="lists to show the end of all")
    assert await client.count(type=new_id) == COUNT


async def test_counts_by_status_are_at_most_the_whole_or_say_so(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    mover = asyncio.create_task(moving(client, receiver, new_id))
    looks = 0
    while not mover.done():
        code, out, err = await service.starter("count", "--type", new_id, "--json")
        assert code == 0, err
        assert sum(json.loads(out).values()) <= COUNT or "notifications are moving" in err
        code, out, err = await service.starter("summary", "--type", new_id, "--json")
        assert code == 0, err
        found = json.loads(out)
        assert found["notifications"] == sum(row["notifications"] for row in found["rows"])
        assert found["notifications"] <= COUNT
        looks += 1
    await mover
    assert looks
