"""A list in pages: each notification once, although others come and end meanwhile."""

import asyncio
from collections import Counter
from dataclasses import replace

import pytest
from temporalio.client import (
    Client,
    Interceptor,
    ListWorkflowsInput,
    OutboundInterceptor,
    WorkflowExecutionAsyncIterator,
)

from tests.support.receiver import Receiver
from tests.support.sent import listed, send, send_ended, send_stuck
from tests.support.service import Service
from tidings import (
    InvalidInputError,
    NotificationClient,
    Page,
    Status,
)


async def pages(client: NotificationClient, type_: str, size: int) -> list[Page]:
    found = [await client.page(type=type_, size=size)]
    while found[-1].cursor is not None:
        found.append(await client.page(type=type_, size=size, cursor=found[-1].cursor))
    return found


async def test_pages_give_each_once_while_others_are_added(
    client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    ids = [f"{new_id}/{n}" for n in range(25)]
    await send_ended(client, ids, new_id, receiver)
    await send_stuck(client, f"{new_id}/stuck", new_id, f"{receiver.url}/404")
    done = asyncio.Event()

    async def add() -> int:
        added = 0
        while not done.is_set() or added < 5:
            await send(client, [f"{new_id}/added/{added}"], new_id, f"{receiver.url}/404")
            added += 1
        return added

    adding = asyncio.create_task(add())
    try:
        for size in (1, 7, 100):
            found = await pages(client, new_id, size)
            assert all(len(page.notifications) <= size for page in found)
            seen = Counter(each.id for page in found for each in page.notifications)
            assert {each: seen[each] for each in ids} == dict.fromkeys(ids, 1)
            assert set(seen.values()) == {1}
    finally:
        done.set()
        added = await adding
    await listed(client, new_id, 26 + added)
    whole = [each.id for page in await pages(client, new_id, 10) for each in page.notifications]
    assert len(whole) == len(set(whole)) == 26 + added


class _SmallPages(Interceptor):
    """Makes Temporal return lists one by one, as it returns long ones a thousand at a time."""

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002
        class Outbound(OutboundInterceptor):
            def list_workflows(self, input: ListWorkflowsInput) -> WorkflowExecutionAsyncIterator:  # noqa: A002
                return super().list_workflows(replace(input, page_size=1))

        return Outbound(next)


async def test_one_that_ends_meanwhile_comes_once_in_a_list(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    first, last = f"{new_id}/first", f"{new_id}/last"
    for each in (first, last):
        await send_stuck(client, each, new_id, f"{receiver.url}/404")
    temporal = await Client.connect(service.address, interceptors=[_SmallPages()])
    listing = NotificationClient(temporal).list(type=new_id)
    assert (await anext(listing)).id == last
    page = await client.page(type=new_id, size=1)
    await client.abandon(last)
    async with asyncio.timeout(30):
        while not await client.count(type=new_id, status=Status.ABANDONED):
            await asyncio.sleep(0.02)
    assert [each.id async for each in listing] == [first]
    ids = []
    while True:
        ids += [each.id for each in page.notifications]
        if page.cursor is None:
            break
        page = await client.page(type=new_id, size=1, cursor=page.cursor)
    assert ids == [last, first, last]


@pytest.mark.parametrize("size", [0, -1, 1001])
async def test_a_page_has_a_size(client: NotificationClient, size: int) -> None:
    with pytest.raises(InvalidInputError, match="a page holds 1 to 1000"):
        await client.page(size=size)


async def test_a_broken_cursor_is_refused(
    client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    await send_ended(client, [f"{new_id}/{n}" for n in range(3)], new_id, receiver)
    cursor = (await client.page(type=new_id, size=1)).cursor
    assert cursor is not None
    assert cursor.replace("-", "").replace("_", "").isalnum()
    turned = cursor[:20] + ("a" if cursor[20] != "a" else "b") + cursor[21:]
    for broken in ("", "x", "é", "A" * 40, cursor[:-4], cursor + "AAAA", turned, f" {cursor}"):
        with pytest.raises(InvalidInputError, match="does not come from a page of this filter"):
            await client.page(type=new_id, size=1, cursor=broken)
    with pytest.raises(InvalidInputError, match="does not come from a page of this filter"):
        await client.page(type=f"{new_id}.other", size=1, cursor=cursor)
    assert len((await client.page(type=new_id, size=2, cursor=cursor)).notifications) == 2
