"""Listing and counting notifications, and the state of one."""

import asyncio
import json
from datetime import timedelta

from tests.support.batches import PERSON
from tests.support.receiver import Receiver
from tests.support.sent import send_ended, send_stuck
from tests.support.service import Service
from tests.support.states import until_status
from tidings import Notification, NotificationClient, Resend, Status


async def test_a_list_shows_the_authority_since_when_and_why(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    other = f"localhost:{receiver.url.rpartition(':')[2]}"
    await send_stuck(client, f"{new_id}:star:1", new_id, f"{receiver.url}/404")
    await send_stuck(client, f"{new_id}:star:2", new_id, f"http://{other}/404")
    await send_ended(client, [f"{new_id}/ok"], new_id, receiver)
    code, out, err = await service.starter("list", "--type", new_id)
    assert (code, err) == (0, "")
    header, *rows = out.splitlines()
    assert header.split() == [
        "id",
        "status",
        "since",
        "type",
        "authority",
        "accepted",
        "cause",
        "why",
    ]
    by_id = {row.split()[0]: row for row in rows[:3]}
    stuck = by_id[f"{new_id}:star:2"]
    since = (await client.state(f"{new_id}:star:2")).awaiting_since
    assert since is not None
    assert f"{since.astimezone():%Y-%m-%d %H:%M:%S}" in stuck
    assert other in stuck
    assert "refused: " in stuck
    assert "404" in stuck
    authority = receiver.url.removeprefix("http://")
    assert rows[3:] == [
        "3 notifications",
        "by status: awaiting_intervention 2, delivered 1",
        f"by authority: {authority} 2, {other} 1",
        "by cause: refused:404 2",
    ]
    code, out, _ = await service.starter("list", "--type", new_id, "--json")
    listed = json.loads(out)
    assert (code, {each["reason"] for each in listed}) == (0, {None, "refused"})
    assert {each["authority"] for each in listed} == {authority, other}
    assert {each["target"] for each in listed} == {
        f"{receiver.url}/404",
        f"http://{other}/404",
        f"{receiver.url}/ok",
    }
    code, out, _ = await service.starter("list", "--type", new_id, "--limit", "1")
    # Counts of the rows that are shown would be taken for those of all.
    assert (code, out.splitlines()[2:]) == (
        0,
        ["1 of 3 notifications; `starter.py count --by cause` counts all"],
    )


async def test_counts_are_by_authority_type_reason_or_status(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    await send_stuck(client, f"{new_id}/stuck", new_id, f"{receiver.url}/404")
    await send_ended(client, [f"{new_id}/1", f"{new_id}/2"], new_id, receiver)

    async def counts(*arguments: str) -> dict[str, int]:
        code, out, err = await service.starter("count", "--type", new_id, "--json", *arguments)
        assert (code, err) == (0, "")
        found: dict[str, int] = json.loads(out)
        return found

    stuck = ("--status", "awaiting_intervention")
    assert await counts("--by", "authority") == {receiver.url.removeprefix("http://"): 3}
    assert await counts("--by", "authority", *stuck) == {receiver.url.removeprefix("http://"): 1}
    assert await counts("--by", "type") == {new_id: 3}
    assert await counts("--by", "reason") == {"refused": 1}
    assert await counts(*stuck) == {"awaiting_intervention": 1}
    assert (await counts())["delivered"] == 2
    assert await counts("--by", "target", *stuck) == {f"{receiver.url}/404": 1}
    several = ("--status", "delivered", "--status", "awaiting_intervention")
    assert await counts(*several) == {"delivered": 2, "awaiting_intervention": 1}
    code, out, _ = await service.starter(
        *("count", "--type", new_id, "--by", "target", "--by", "reason")
    )
    assert (code, [line.split() for line in out.splitlines()]) == (
        0,
        [
            ["target", "reason", "notifications"],
            [f"{receiver.url}/404", "refused", "1"],
            ["total", "1"],
        ],
    )
    code, out, _ = await service.starter(
        *("count", "--type", new_id, "--by", "status", "--by", "target", "--json")
    )
    assert json.loads(out) == [
        {"status": "delivered", "target": f"{receiver.url}/ok", "notifications": 2},
        {"status": "awaiting_intervention", "target": f"{receiver.url}/404", "notifications": 1},
    ]
    code, out, _ = await service.starter("count", "--type", new_id, "--by", "reason")
    assert (code, [line.split() for line in out.splitlines()]) == (
        0,
        [["reason", "notifications"], ["refused", "1"], ["total", "1"]],
    )


async def test_a_state_shows_everything_that_happened(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    """Rounds, attempts, interventions, and the reports to the business system."""
    await client.send(
        Notification(
            id=new_id,
            type="a.b",
            target=f"{receiver.url}/404",
            report_to=f"{receiver.url}/ok",
        )
    )
    await until_status(client, new_id, Status.AWAITING_INTERVENTION)
    resend = Resend(operator="li", reason="up \x1b[2J[bold]", target=f"{receiver.url}/ok")
    await client.resend(new_id, resend)
    state = await client.outcome(new_id)
    code, out, err = await service.starter("state", new_id)
    assert (code, err) == (0, "")
    lines = [line.split() for line in out.splitlines()]
    (first,) = [line for line in lines if line[:2] == ["1", "1"]]
    (second,) = [line for line in lines if line[:2] == ["2", "2"]]
    assert (first[6], second[6]) == ("404", "200")
    assert {"'success'"} < {*first}
    assert "resend by li: up ·[2J[bold]" in out
    assert f"target: {receiver.url}/404 → {receiver.url}/ok" in out
    assert state.reports
    for report in state.reports:
        assert f"report {report.type} as {report.id}" in out


async def test_statuses_are_combined(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    await send_stuck(client, f"{new_id}/stuck", new_id, f"{receiver.url}/404")
    await send_ended(client, [f"{new_id}/ok"], new_id, receiver)
    both = ("--status", "awaiting_intervention", "--status", "delivered")
    for statuses, ids in (
        (both, [f"{new_id}/stuck", f"{new_id}/ok"]),
        (both[:2], [f"{new_id}/stuck"]),
        (("--status", "abandoned", "--status", "scheduled"), []),
    ):
        code, out, _ = await service.starter(
            "list", "--id-prefix", f"{new_id}/", *statuses, "--json"
        )
        assert (code, [each["id"] for each in json.loads(out)]) == (0, ids)


async def test_an_id_may_be_that_of_the_web_ui(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    """Every command that takes an id takes it with ``notification:`` in front."""
    await send_stuck(client, new_id, new_id, f"{receiver.url}/404")
    shown = f"notification:{new_id}"
    code, out, _ = await service.starter("state", shown, "--json")
    assert (code, json.loads(out)["id"]) == (0, new_id)
    code, _, err = await service.starter("correct", shown, "--timeout", "5", *PERSON)
    assert code == 0, err
    new_target = ("--new-target", f"{receiver.url}/503")
    code, out, err = await service.starter("resend", shown, *new_target, *PERSON, "--json")
    assert (code, json.loads(out)["id"]) == (0, new_id), err
    code, _, err = await service.starter("abandon", shown, *PERSON)
    assert code == 0, err
    outcome = await client.outcome(shown)
    assert (outcome.id, outcome.status) == (new_id, Status.ABANDONED)
    code, _, err = await service.starter("state", "notification:nobody-sent-this")
    assert (code, "no notification 'notification:nobody-sent-this'" in err) == (1, True)


async def test_an_id_that_looks_like_that_of_the_web_ui_wins(
    client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    for each in (new_id, f"notification:{new_id}"):
        await send_stuck(client, each, new_id, f"{receiver.url}/404")
    await client.abandon(f"notification:{new_id}")
    assert (await client.state(new_id)).status is Status.AWAITING_INTERVENTION


async def test_the_retention_is_that_of_the_namespace(client: NotificationClient) -> None:
    assert await client.retention() == timedelta(days=7)


async def test_one_that_was_killed_while_it_waited_is_abandoned(
    client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    await send_stuck(client, new_id, new_id, f"{receiver.url}/404")
    await client._temporal.get_workflow_handle(f"notification:{new_id}").terminate()
    async with asyncio.timeout(30):
        while not await client.count(type=new_id, status=Status.ABANDONED):
            await asyncio.sleep(0.02)
    (found,) = [each async for each in client.list(type=new_id)]
    assert (found.status, found.reason, found.awaiting_since) == (Status.ABANDONED, None, None)


async def test_counts_are_of_every_status(service: Service) -> None:
    code, out, _ = await service.starter("count", "--json")
    assert code == 0
    assert set(json.loads(out)) == {status.value for status in Status}
