"""Resending and abandoning many notifications, and the batches that do it."""

import asyncio
import json
import signal
from datetime import UTC, datetime

from tests.support.batches import PERSON, counted, ended, following, get_stuck
from tests.support.service import Receiver, Service
from tidings import Abandon, NotificationClient, Status


async def test_without_a_yes_it_shows_some_and_changes_nothing(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    await get_stuck(client, f"{receiver.url}/404", new_id, 7)
    for answer in (b"n\n", b"\n", b""):
        code, out, err = await service.starter("resend", "--type", new_id, *PERSON, stdin=answer)
        assert code == 1
        assert "7 notifications await intervention" in out
        assert len([line for line in out.splitlines() if f"{new_id}/" in line]) == 5
        assert "resend 7 notifications? [y/N]" in err
        assert "nothing has been changed" in err
    code, out, _ = await service.starter("resend", "--all", *PERSON, "--json", stdin=b"n")
    assert (code, out) == (1, "")
    assert set(receiver.seen.values()) == {1}


async def test_with_a_yes_it_resolves_them_and_shows_the_end(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    ids = await get_stuck(client, f"{receiver.url}/404", new_id, 6)
    where = f"NotificationType = '{new_id}' AND WorkflowId IN ('notification:{ids[0]}')"
    code, out, err = await service.starter("abandon", "--where", where, *PERSON, stdin=b"y\n")
    assert (code, "1 notification awaits intervention" in out) == (0, True), err
    assert "completed: 1\n" in out
    assert (await client.outcome(ids[0])).status is Status.ABANDONED
    code, out, err = await service.starter(
        *("resend", "--type", new_id, "--since", "2026-01-01", "--until", "2999-01-01"),
        *("--new-target", f"{receiver.url}/ok", "--yes", "--json", *PERSON),
    )
    document = json.loads(out)
    assert (code, document["matched"]) == (0, 5), err
    batch = document["batch"]
    assert (batch["state"], batch["completed"], batch["failed"]) == ("completed", 5, 0)
    await counted(client, 5, status=Status.DELIVERED, type=new_id)

    code, out, _ = await service.starter("batch", "--json")
    assert batch["id"] in [each["id"] for each in json.loads(out)]
    code, out, _ = await service.starter("batch")
    assert (code, batch["id"] in out) == (0, True)
    assert out.split("\n")[0].split() == [
        *("id", "state", "total", "completed", "failed", "started", "operator", "reason")
    ]
    code, out, _ = await service.starter("batch", batch["id"], "--follow", "--json")
    assert (code, json.loads(out)) == (0, batch)
    code, out, _ = await service.starter("batch", batch["id"], "--stop")
    assert (code, "completed" in out) == (0, True)


async def test_those_that_refuse_a_resend_are_counted_at_the_end(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    expired = datetime(2020, 1, 1, tzinfo=UTC)
    await get_stuck(client, f"{receiver.url}/ok", new_id, 3, expires_at=expired)
    resend = ("resend", "--type", new_id, "--yes", *PERSON)
    code, out, err = await service.starter(*resend)
    assert (code, "completed: 3\n" in out) == (0, True), err
    assert "3 notifications of this filter await intervention now" in err
    assert "starter.py state ID" in err
    code, out, _ = await service.starter(*resend, "--json")
    assert (code, json.loads(out)["awaiting_intervention"]) == (0, 3)
    code, out, err = await service.starter(*resend, "--even-if-expired")
    assert (code, "of this filter" in err) == (0, False), out
    await counted(client, 3, status=Status.DELIVERED, type=new_id)


async def test_without_a_match_it_starts_nothing(
    service: Service, client: NotificationClient, new_id: str
) -> None:
    before = [each.id async for each in client.batches()]
    code, out, err = await service.starter("resend", "--type", new_id, *PERSON)
    assert (code, out, err) == (0, "0 notifications await intervention\n", "")
    code, out, _ = await service.starter("abandon", "--type", new_id, *PERSON, "--json")
    assert (code, json.loads(out)) == (0, {"matched": 0, "batch": None})
    assert await client.abandon_all(Abandon(operator="li"), type=new_id) is None
    assert [each.id async for each in client.batches()] == before


async def test_ctrl_c_ends_the_command_and_not_the_batch(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    await get_stuck(client, f"{receiver.url}/404", new_id, 60)
    async with following(
        service,
        *("resend", "--type", new_id, "--new-target", f"{receiver.url}/ok", "--yes", *PERSON),
    ) as command:
        command.send_signal(signal.SIGINT)
        async with asyncio.timeout(30):
            out, err = await command.communicate()
    assert command.returncode == 130
    assert b"goes on without this command" in err
    assert b"Traceback" not in out + err
    newest = await anext(client.batches())
    assert (await ended(client, newest.id)).completed == 60
    await counted(client, 60, status=Status.DELIVERED, type=new_id)
