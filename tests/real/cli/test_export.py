"""Exporting the notifications of a period, to compare them with one's own books."""

import csv
import io
import json
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.support.receiver import Receiver
from tests.support.sent import FROM, TO, listed, send_ended, send_stuck, start_malformed
from tests.support.service import Service
from tests.support.until import until
from tidings import Abandon, NotificationClient, NotificationSummary, Status
from tidings.cli.reconciliation import COLUMNS


def read_back(line: str) -> NotificationSummary:
    """The notification in a line of JSON."""
    found = json.loads(line)
    return NotificationSummary.model_validate({COLUMNS[name]: found[name] for name in found})


async def test_an_export_holds_what_a_list_gives(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    await send_ended(client, [f"-{new_id}/{n}" for n in range(3)], new_id, receiver)
    await send_stuck(client, f"{new_id}/stuck", new_id, f"{receiver.url}/404")
    known = await listed(client, new_id, 4)
    export = ("export", "--since", FROM, "--until", TO, "--type", new_id)
    code, out, err = await service.starter(*export)
    assert code == 0
    assert [read_back(line) for line in out.splitlines()] == known
    note, warning, count = err.splitlines()
    assert note == "ended notifications are kept for 7 days"
    assert warning.startswith("warning: --since reaches further back: what ended before ")
    assert count == "4 notifications"

    code, out, _ = await service.starter(*export, "--format", "csv", "--status", "delivered")
    rows = list(csv.DictReader(io.StringIO(out, newline="")))
    assert code == 0
    assert [row["id"] for row in rows] == [f"'{each.id}" for each in known[1:]]
    assert {(row["status"], row["reason"]) for row in rows} == {("delivered", "")}
    parsed = [datetime.fromisoformat(row["closed_at"]) for row in rows]
    assert parsed == [each.closed_at for each in known[1:]]


async def test_a_period_is_that_of_acceptance(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    before = datetime.now(UTC)
    await send_ended(client, [new_id], new_id, receiver)
    after = datetime.now(UTC) + timedelta(seconds=1)
    hour = timedelta(hours=1)
    for since, until_, count in (
        (before, after, 1),
        (before - hour, before, 0),
        (after, after + hour, 0),
    ):
        period = ("--since", since.isoformat(), "--until", until_.isoformat())
        code, out, err = await service.starter("export", "--type", new_id, *period)
        assert (code, len(out.splitlines())) == (0, count)
        assert "warning" not in err
        code, out, err = await service.starter("list", "--type", new_id, *period, "--json")
        assert (code, len(json.loads(out))) == (0, count)
        assert err == "ended notifications are kept for 7 days\n"
    for name, warning in (
        ("--since", "warning: --since reaches further back"),
        ("--until", "warning: without --since the period reaches further back"),
    ):
        code, _, err = await service.starter("list", "--type", new_id, name, "2020-01-01")
        assert code == 0
        assert warning in err


async def test_an_export_is_a_whole_file_or_none(
    service: Service,
    client: NotificationClient,
    receiver: Receiver,
    new_id: str,
    tmp_path: Path,
) -> None:
    await send_ended(client, [new_id], new_id, receiver)
    file = tmp_path / "day.csv"
    export = ("export", "--since", FROM, "--until", TO, "--type", new_id, "--format", "csv")
    code, out, err = await service.starter(*export, "--output", str(file))
    assert (code, out) == (0, "")
    assert err.endswith("1 notification\n")
    whole = file.read_bytes()
    (row,) = csv.DictReader(io.StringIO(whole.decode(), newline=""))
    assert row["id"] == new_id
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(file.stat().st_mode) == 0o666 & ~mask
    code, _, err = await service.starter(
        *export, "--output", str(file), TEMPORAL_NAMESPACE="nobody-made-this"
    )  # it fails after the file was opened
    assert code == 1
    assert "is not found" in err
    assert file.read_bytes() == whole
    assert [each.name for each in os.scandir(tmp_path)] == [file.name]
    for wrong in (tmp_path, "/dev/null", tmp_path / "nowhere" / "day.csv"):
        code, _, err = await service.starter(*export, "--output", str(wrong))
        assert code == 2
        assert err.startswith("error: --output")
        assert err.count("\n") == 1


async def test_an_export_needs_a_period(service: Service) -> None:
    for options, problem in (
        ((), "an export needs a period: give --day"),
        (("--day", "today", "--since", "2h"), "leave --since out"),
        (("--day", "tomorrow"), "--day is 'tomorrow'"),
        (("--day", "today", "--columns", "id,body"), "--columns has 'body'"),
    ):
        code, out, err = await service.starter("export", *options)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert problem in err


async def test_a_period_can_be_that_of_the_end(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    """What was abandoned on another day than it was accepted is in the file of that day."""
    await send_stuck(client, f"{new_id}/stuck", new_id, f"{receiver.url}/404")
    await send_ended(client, [f"{new_id}/ok"], new_id, receiver)
    between = datetime.now(UTC)
    await client.abandon(f"{new_id}/stuck", Abandon(operator="li", reason="=cancelled"))

    async def is_abandoned() -> bool:
        return await client.count(type=new_id, status=Status.ABANDONED) == 1

    await until(is_abandoned)
    columns = ("--columns", "id,operator,operator_reason,attempts,status_code")
    export = ("export", "--type", new_id, "--since", between.isoformat(), "--format", "csv")
    code, out, _ = await service.starter(*export, "--moment", "ended", *columns)
    assert (code, out.splitlines()[1:]) == (0, [f"{new_id}/stuck,li,'=cancelled,1,404"])
    code, out, _ = await service.starter(*export, *columns)
    assert (code, out.splitlines()[1:]) == (0, [])


async def test_an_export_has_what_was_malformed(
    service: Service, client: NotificationClient, new_id: str
) -> None:
    await start_malformed(client, new_id, "a.b")

    async def is_rejected() -> bool:
        return await client.count(id_prefix=new_id, status=Status.REJECTED) == 1

    await until(is_rejected)
    code, out, err = await service.starter("export", "--day", "today", "--id-prefix", new_id)
    assert code == 0, err
    (row,) = map(json.loads, out.splitlines())
    assert (row["id"], row["status"]) == (new_id, "rejected")
    assert row["explanation"] == "Notification.target is missing"
    assert row["target"] is None
