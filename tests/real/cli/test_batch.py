"""Resending and abandoning many notifications, and the batches that do it."""

import asyncio
import json
import signal
from datetime import UTC, datetime

from tests.support.batches import PERSON, counted, ended, following, get_stuck
from tests.support.receiver import Receiver
from tests.support.service import Service
from tidings import Abandon, NotificationClient, Status


async def test_without_a_yes_it_shows_some_and_changes_nothing(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    await get_stuck(client, f"{receiver.url}/404", new_id, 7)
    for answer in (b"n\n", b"\n", b""):
        code, out, err = await service.starter("resend", "--type", new_id, *PERSON, stdin=answer)
        assert code == 1
        assert "7 notifications: awaiting_intervention\n" in out
        assert f"by target: {receiver.url}/404 7\n" in out
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
    assert (code, "1 notification: awaiting_intervention" in out) == (0, True), err
    assert "resolved: 1\n" in out
    assert (await client.outcome(ids[0])).status is Status.ABANDONED
    code, out, err = await service.starter(
        *("resend", "--type", new_id, "--since", "2026-01-01", "--until", "2999-01-01"),
        *("--new-target", f"{receiver.url}/ok", "--yes", "--json", *PERSON),
    )
    document = json.loads(out)
    assert (code, document["matched"]) == (0, 5), err
    batch = document["batch"]
    assert (batch["state"], batch["resolved"], batch["refused"]) == ("completed", 5, 0)
    assert (batch["failed"], batch["remaining"], batch["last_problem"]) == (0, 0, None)
    await counted(client, 5, status=Status.DELIVERED, type=new_id)

    code, out, _ = await service.starter("batch", "--json")
    assert batch["id"] in [each["id"] for each in json.loads(out)]
    code, out, _ = await service.starter("batch")
    assert (code, batch["id"] in out) == (0, True)
    assert out.split("\n")[0].split() == [
        *("id", "state", "total", "resolved", "refused", "failed", "started", "operator", "reason")
    ]
    code, out, _ = await service.starter("batch", batch["id"], "--follow", "--json")
    assert (code, json.loads(out)) == (0, batch)
    code, out, _ = await service.starter("batch", batch["id"], "--stop")
    assert (code, "completed" in out) == (0, True)


async def test_those_that_will_refuse_are_named_and_counted(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    expired = datetime(2020, 1, 1, tzinfo=UTC)
    await get_stuck(client, f"{receiver.url}/ok", f"{new_id}.late", 2, expires_at=expired)
    await get_stuck(client, f"{receiver.url}/404,200", f"{new_id}.well", 8)
    filter_ = ("--id-prefix", new_id)
    resend = ("resend", *filter_, *PERSON)
    code, out, err = await service.starter(*resend, stdin=b"n\n")
    assert (code, "10 notifications: awaiting_intervention" in out) == (1, True)
    refusal = "it has expired; give a later --expires-at, or add --even-if-expired"
    assert f"warning: 2 of them will refuse: {refusal}" in err
    assert "resend 10 notifications? [y/N]" in err

    code, out, err = await service.starter(*resend, "--yes")
    assert code == 1, err
    for line in ("total: 10", "resolved: 8", "refused: 2", "failed: 0", "still to begin: 0"):
        assert f"  {line}\n" in out
    assert "last problem: notification " in out
    assert "has expired (expires_at is 2020-01-01T00:00:00+00:00)" in out

    code, out, _ = await service.starter(*resend, "--yes", "--json")
    batch = json.loads(out)["batch"]
    assert (code, batch["resolved"], batch["refused"]) == (1, 0, 2)
    code, out, err = await service.starter(*resend, "--even-if-expired", stdin=b"y\n")
    assert (code, "will refuse" in err) == (0, False), out
    await counted(client, 2, status=Status.DELIVERED, type=f"{new_id}.late")


async def test_without_a_match_it_starts_nothing(
    service: Service, client: NotificationClient, new_id: str
) -> None:
    before = [each.id async for each in client.batches()]
    code, out, err = await service.starter("resend", "--type", new_id, *PERSON)
    assert (code, out, err) == (0, "0 notifications: awaiting_intervention\n", "")
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
    assert (await ended(client, newest.id)).resolved == 60
    await counted(client, 60, status=Status.DELIVERED, type=new_id)


async def test_a_running_batch_is_followed_to_its_end(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    await get_stuck(client, f"{receiver.url}/404", new_id, 8)
    batch = await client.abandon_all(Abandon(operator="li"), type=new_id, rate=2)
    assert batch is not None
    code, out, err = await service.starter("batch", batch.id, "--json")
    assert (code, json.loads(out)["state"]) == (0, "running"), err
    code, out, err = await service.starter("batch", batch.id, "--follow")
    assert (code, err) == (0, "")
    for line in ("resolved: 8", "refused: 0", "failed: 0", "still to begin: 0"):
        assert f"  {line}\n" in out
