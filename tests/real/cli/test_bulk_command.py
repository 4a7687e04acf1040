"""Many at once, by the command line."""

import asyncio
import json
import signal
from datetime import UTC, datetime

import pytest

from tests.support.batches import PERSON, UNKNOWN, counted, ended, following, get_stuck
from tests.support.service import Receiver, Service
from tidings import (
    Abandon,
    NotificationClient,
    Status,
)


async def test_a_dry_run_counts_shows_some_and_changes_nothing_without_a_yes(
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


async def test_a_yes_or_the_option_for_it_does_it_and_tells_how_it_ended(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    ids = await get_stuck(client, f"{receiver.url}/404", new_id, 6)
    where = f"NotificationType = '{new_id}' AND WorkflowId IN ('notification:{ids[0]}')"
    code, out, err = await service.starter("abandon", "--where", where, *PERSON, stdin=b"y\n")
    assert (code, "1 notification awaits intervention" in out) == (0, True), err
    assert "told: 1\n" in out
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
    code, out, _ = await service.starter("batch", batch["id"], "--follow", "--json")
    assert (code, json.loads(out)) == (0, batch)
    code, out, _ = await service.starter("batch", batch["id"], "--stop")
    assert (code, "completed" in out) == (0, True)


async def test_what_refused_a_resend_is_counted_when_it_has_ended(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    expired = datetime(2020, 1, 1, tzinfo=UTC)
    await get_stuck(client, f"{receiver.url}/ok", new_id, 3, expires_at=expired)
    resend = ("resend", "--type", new_id, "--yes", *PERSON)
    code, out, err = await service.starter(*resend)
    assert (code, "told: 3\n" in out) == (0, True), err
    assert "3 notifications of this filter await intervention now" in err
    assert "starter.py state ID" in err
    code, out, _ = await service.starter(*resend, "--json")
    assert (code, json.loads(out)["awaiting_intervention"]) == (0, 3)
    code, out, err = await service.starter(*resend, "--even-if-expired")
    assert (code, "of this filter" in err) == (0, False), out
    await counted(client, 3, status=Status.DELIVERED, type=new_id)


async def test_without_a_match_it_says_so_and_starts_nothing(
    service: Service, client: NotificationClient, new_id: str
) -> None:
    before = [each.id async for each in client.batches()]
    code, out, err = await service.starter("resend", "--type", new_id, *PERSON)
    assert (code, out, err) == (0, "0 notifications await intervention\n", "")
    code, out, _ = await service.starter("abandon", "--type", new_id, *PERSON, "--json")
    assert (code, json.loads(out)) == (0, {"matched": 0, "batch": None})
    assert await client.abandon_all(Abandon(operator="li"), type=new_id) is None
    assert [each.id async for each in client.batches()] == before


@pytest.mark.parametrize(
    ("arguments", "code", "fragment"),
    [
        (["resend", *PERSON], 2, "give an ID, or filters"),
        (["resend", "a", "--rate", "5", *PERSON], 2, "either an ID or filters"),
        (["abandon", "a", "--target", "b", *PERSON], 2, "either an ID or filters"),
        (["resend", "a", "--target", "http://b/", "--new-target", "http://c/", *PERSON], 2, "one"),
        (["resend", "--all"], 2, "--operator and --reason are missing"),
        (["resend", "a", "--operator", "li"], 2, "--reason is missing"),
        (["abandon", "a", "--reason", "paid", "--operator", ""], 2, "--operator is missing"),
        (["abandon", "a", "--reason", " ", "--operator", "\t"], 2, "--operator and --reason are"),
        (["abandon", "--target", "127.0.0.1:", "--yes", *PERSON], 2, "no port after its colon"),
        (["resend", "a", "--type", "", *PERSON], 2, "either an ID or filters"),
        (["resend", "a", "--ack", "[]", *PERSON], 2, "Acknowledgement is []"),
        (["resend", "--all", "--yes", "--ack", "null", *PERSON], 2, "Acknowledgement is None"),
        (["resend", "a", "--body", '{"a": "\\ud800"}', *PERSON], 2, "cannot be sent"),
        (
            ["resend", "a", "--body", "\udcff", "--content-type", "text/plain", *PERSON],
            2,
            "\\udcff",
        ),
        (["resend", "--all", "--yes", "--body", '"\\ud800"', *PERSON], 2, "cannot be sent"),
        (["resend", "\udcff", *PERSON], 1, "no notification '\\udcff'"),
        (["resend", "--where", "a = 1 /* ( */ ) OR (a = 2 /* ) */", *PERSON], 2, "a comment"),
        (["resend", "--where", "NotificationType =", "--yes", *PERSON], 1, "syntax error"),
        (["abandon", "--where", "Nonsense = 'a'", "--yes", *PERSON], 1, "Nonsense"),
        (["batch", UNKNOWN], 1, UNKNOWN),
        (["batch", "notification:a"], 1, "no batch 'notification:a'"),
        (["batch", "--stop"], 2, "give its ID"),
        (["batch", UNKNOWN, "--stop", "--follow"], 2, "leave one out"),
    ],
)
async def test_what_is_wrong_is_told_in_a_line(
    service: Service, arguments: list[str], code: int, fragment: str
) -> None:
    given, out, err = await service.starter(*arguments)
    assert (given, out) == (code, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert fragment in err


async def test_ctrl_c_ends_the_following_and_not_the_batch(
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
