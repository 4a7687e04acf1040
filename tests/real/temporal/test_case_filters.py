"""Cases 1 and 20: an action on many reaches what its filter says, and nothing else."""

import pytest

from tests.support.batches import PERSON, ended
from tests.support.receiver import Receiver
from tests.support.service import Service
from tests.support.shops import refusing, stuck_at
from tidings import (
    Abandon,
    NotificationClient,
    Resend,
    Status,
    WaitReason,
)

LI = Abandon(operator="li", reason="the shop has closed")


async def test_case_1_a_path_abandons_its_own_only(
    client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    mine, other = f"{new_id}/a", f"{new_id}/b"
    targets = {mine: refusing(receiver, "shop-a/paid"), other: refusing(receiver, "shop-b/paid")}
    await stuck_at(client, new_id, targets)
    batch = await client.abandon_all(LI, target=targets[mine])
    assert batch is not None
    assert batch.total == 1
    assert (await ended(client, batch.id)).resolved == 1
    assert (await client.outcome(mine)).status is Status.ABANDONED
    assert (await client.state(other)).status is Status.AWAITING_INTERVENTION


async def test_case_1_the_command_shows_each_url_first(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    mine, other = f"{new_id}/a", f"{new_id}/b"
    targets = {mine: refusing(receiver, "shop-a/paid"), other: refusing(receiver, "shop-b/paid")}
    await stuck_at(client, new_id, targets)
    right = f"{receiver.url}/ok/shop-a"
    resend = ("resend", "--target", receiver.url, "--new-target", right, *PERSON)
    code, out, _ = await service.starter(*resend, stdin=b"n\n")
    assert code == 1
    rows = {line.split()[0]: line.split() for line in out.splitlines() if new_id in line}
    assert {rows[each][2] for each in targets} == set(targets.values())
    assert {rows[each][3] for each in targets} == {right}
    assert all(f"{target} 1" in out for target in targets.values())
    assert "2 notifications: awaiting_intervention" in out

    code, out, err = await service.starter("abandon", "--target", targets[mine], "--yes", *PERSON)
    assert code == 0, err
    assert targets[other] not in out
    assert (await client.outcome(mine)).status is Status.ABANDONED
    assert (await client.state(other)).status is Status.AWAITING_INTERVENTION


async def test_case_1_brothers_of_a_path_are_told_apart(
    client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    host = receiver.url.removeprefix("http://")
    paths = ("paid", "paid/", "paid?shop=1", "paid?shop=2", "p%61id?shop=1", "Paid")
    targets = {f"{new_id}/{n}": refusing(receiver, path) for n, path in enumerate(paths)}
    await stuck_at(client, new_id, targets)

    async def found(target: str) -> set[str]:
        listed = {each.id.rpartition("/")[2] async for each in client.list(target=target)}
        assert await client.count(target=target) == len(listed)
        return listed

    assert await found(refusing(receiver, "paid")) == {"0", "2", "3", "4"}
    assert await found(refusing(receiver, "paid/")) == {"1"}
    assert await found(refusing(receiver, "paid?shop=1")) == {"2", "4"}
    assert await found(refusing(receiver, "pai%64?shop=2")) == {"3"}
    assert await found(f"HTTP://{host}/404/Paid") == {"5"}
    assert await found(refusing(receiver, "unpaid")) == set()
    assert await found(host) == await found(receiver.url) == await found(f"{receiver.url}/")
    assert len(await found(host)) == len(paths)


async def test_pages_of_a_path_may_be_empty_and_go_on(
    client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    """Temporal's pages hold the whole host; only a missing cursor is the end."""
    mine = refusing(receiver, "mine")
    targets = {f"{new_id}/{n}": refusing(receiver, f"{n}") for n in range(4)}
    await stuck_at(client, f"{new_id}.mine", {f"{new_id}/mine": mine})
    await stuck_at(client, f"{new_id}.others", targets)
    sizes, ids = [], []
    page = await client.page(target=mine, size=1)
    while True:
        sizes.append(len(page.notifications))
        ids += [each.id for each in page.notifications]
        if page.cursor is None:
            break
        page = await client.page(target=mine, size=1, cursor=page.cursor)
    assert ids == [f"{new_id}/mine"]
    assert sizes[:4] == [0, 0, 0, 0]


@pytest.mark.parametrize("way", ["python", "command"])
async def test_case_20_only_those_of_one_reason_are_resent(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str, way: str
) -> None:
    exhausted, refused = f"{new_id}/exhausted", f"{new_id}/refused"
    targets = {exhausted: f"{receiver.url}/503,200", refused: f"{receiver.url}/404,200"}
    await stuck_at(client, new_id, targets)
    assert await client.count(type=new_id, reason=WaitReason.REFUSED) == 1
    if way == "python":
        resend = Resend(operator="li", reason="the route is back")
        batch = await client.resend_all(resend, type=new_id, reason=WaitReason.REFUSED)
        assert batch is not None
        assert (await ended(client, batch.id)).resolved == 1
    else:
        code, out, err = await service.starter(
            *("resend", "--because", "refused", "--type", new_id, "--yes", *PERSON)
        )
        assert (code, "resolved: 1\n" in out) == (0, True), err
    assert (await client.outcome(refused)).status is Status.DELIVERED
    assert (await client.state(exhausted)).reason is WaitReason.EXHAUSTED
    assert receiver.seen[exhausted] == 1
