"""Seeing what is undelivered, and comparing what was accepted with one's own books."""

import asyncio
import csv
import io
import json
import os
import stat
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.client import (
    Client,
    Interceptor,
    ListWorkflowsInput,
    OutboundInterceptor,
    WorkflowExecutionAsyncIterator,
)

from tests.acceptance.service import ROOT, Receiver, Service, until
from tidings import (
    InvalidInputError,
    Notification,
    NotificationClient,
    NotificationSummary,
    Page,
    Resend,
    Status,
)

FROM = "2020-01-01"
TO = "2099-01-01"


async def listed(client: NotificationClient, type_: str, count: int) -> list[NotificationSummary]:
    """The notifications of a type, once there are so many; a list follows with a delay."""
    async with asyncio.timeout(30):
        while len(found := [each async for each in client.list(type=type_)]) < count:
            await asyncio.sleep(0.02)
    return found


async def send(client: NotificationClient, ids: list[str], type_: str, target: str) -> None:
    many = [Notification(id=each, type=type_, target=target) for each in ids]
    assert all(result.receipt for result in await client.send_many(many))


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


async def pages(client: NotificationClient, type_: str, size: int) -> list[Page]:
    found = [await client.page(type=type_, size=size)]
    while found[-1].cursor is not None:
        found.append(await client.page(type=type_, size=size, cursor=found[-1].cursor))
    return found


async def test_a_list_tells_what_is_undelivered_where_since_when_and_why(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    other = f"localhost:{receiver.url.rpartition(':')[2]}"
    await send_stuck(client, f"{new_id}:star:1", new_id, f"{receiver.url}/404")
    await send_stuck(client, f"{new_id}:star:2", new_id, f"http://{other}/404")
    await send_ended(client, [f"{new_id}/ok"], new_id, receiver)
    code, out, err = await service.starter("list", "--type", new_id)
    assert (code, err) == (0, "")
    header, *rows = out.splitlines()
    assert header.split() == ["id", "status", "since", "type", "target", "accepted", "why"]
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
        f"by target: {authority} 2, {other} 1",
        "by reason: refused 2",
    ]
    code, out, _ = await service.starter("list", "--type", new_id, "--json")
    assert (code, {each["reason"] for each in json.loads(out)}) == (0, {None, "refused"})
    code, out, _ = await service.starter("list", "--type", new_id, "--limit", "1")
    assert (code, out.splitlines()[2]) == (0, "1 of 3 notifications")


async def test_counts_are_by_target_type_reason_or_status(
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
    assert await counts("--by", "target") == {receiver.url.removeprefix("http://"): 3}
    assert await counts("--by", "target", *stuck) == {receiver.url.removeprefix("http://"): 1}
    assert await counts("--by", "type") == {new_id: 3}
    assert await counts("--by", "reason") == {"refused": 1}
    assert await counts(*stuck) == {"awaiting_intervention": 1}
    assert (await counts())["delivered"] == 2
    code, out, _ = await service.starter("count", "--type", new_id, "--by", "reason")
    assert (code, [line.split() for line in out.splitlines()]) == (
        0,
        [["reason", "notifications"], ["refused", "1"], ["total", "1"]],
    )


async def test_a_state_tells_the_whole_story(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    """Rounds, attempts, what people did, and what the business system was told."""
    await client.send(
        Notification(
            id=new_id,
            type="a.b",
            target=f"{receiver.url}/404",
            report_to=f"{receiver.url}/ok",
        )
    )
    await until(client, new_id, Status.AWAITING_INTERVENTION)
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
    """Makes Temporal give lists one by one, as it gives long ones a thousand at a time."""

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002
        class Outbound(OutboundInterceptor):
            def list_workflows(self, input: ListWorkflowsInput) -> WorkflowExecutionAsyncIterator:  # noqa: A002
                return super().list_workflows(replace(input, page_size=1))

        return Outbound(next)


async def test_one_that_ends_meanwhile_comes_again_in_pages_and_once_in_a_list(
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


async def test_the_retention_is_that_of_the_namespace(client: NotificationClient) -> None:
    assert await client.retention() == timedelta(days=7)


async def test_what_was_killed_while_it_waited_waits_no_more(
    client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    await send_stuck(client, new_id, new_id, f"{receiver.url}/404")
    await client._temporal.get_workflow_handle(f"notification:{new_id}").terminate()
    async with asyncio.timeout(30):
        while not await client.count(type=new_id, status=Status.ABANDONED):
            await asyncio.sleep(0.02)
    (found,) = [each async for each in client.list(type=new_id)]
    assert (found.status, found.reason, found.awaiting_since) == (Status.ABANDONED, None, None)


async def test_an_export_is_what_a_list_gives(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    await send_ended(client, [f"-{new_id}/{n}" for n in range(3)], new_id, receiver)
    await send_stuck(client, f"{new_id}/stuck", new_id, f"{receiver.url}/404")
    known = await listed(client, new_id, 4)
    export = ("export", "--since", FROM, "--until", TO, "--type", new_id)
    code, out, err = await service.starter(*export)
    assert code == 0
    assert [NotificationSummary.model_validate_json(line) for line in out.splitlines()] == known
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


async def test_a_period_is_of_when_it_was_accepted(
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
    code, _, err = await service.starter("list", "--type", new_id, "--since", "2020-01-01")
    assert code == 0
    assert "warning: --since reaches further back" in err


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
        *export, "--target", "it's", "--output", str(file)
    )  # which is found out only when it is asked for
    assert code == 1
    assert "cannot hold quotes" in err
    assert file.read_bytes() == whole
    assert [each.name for each in os.scandir(tmp_path)] == [file.name]
    for wrong in (tmp_path, "/dev/null", tmp_path / "nowhere" / "day.csv"):
        code, _, err = await service.starter(*export, "--output", str(wrong))
        assert code == 2
        assert err.startswith("error: --output")
        assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [
        (["export"], "--since"),
        (["export", "--since", FROM], "--until"),
        (["export", "--since", "2026-11-22T08:00", "--until", TO], "has no time zone"),
        (["export", "--since", TO, "--until", FROM], "is not after"),
        (["export", "--since", FROM, "--until", TO, "--format", "xml"], "xml"),
        (["list", "--since", "yesterday"], "ISO 8601"),
        (["count", "--by", "reason", "--status", "delivered"], "waits for no reason"),
        (["count", "--by", "colour"], "colour"),
    ],
)
async def test_what_is_wrong_is_told_before_anything_is_asked(
    service: Service, arguments: list[str], fragment: str
) -> None:
    code, out, err = await service.starter(*arguments)
    assert (code, out) == (2, "")
    assert fragment in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["list"],
        ["list", "--json"],
        ["export", "--since", FROM, "--until", TO],
        ["export", "--since", FROM, "--until", TO, "--format", "csv"],
        ["count"],
        ["schema"],
    ],
    ids=" ".join,
)
async def test_a_reader_that_leaves_is_no_error_and_a_full_disk_is(
    service: Service,
    client: NotificationClient,
    receiver: Receiver,
    new_id: str,
    arguments: list[str],
) -> None:
    await send_ended(client, [new_id], new_id, receiver)
    for broken in (True, False):
        if broken:
            reader, stdout = os.pipe()
            os.close(reader)
        else:
            stdout = os.open("/dev/full", os.O_WRONLY)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            ROOT / "starter.py",
            *arguments,
            env=service.environment,
            stdout=stdout,
            stderr=asyncio.subprocess.PIPE,
        )
        os.close(stdout)
        async with asyncio.timeout(60):
            _, err = await process.communicate()
        assert b"Traceback" not in err
        assert b"Exception" not in err
        if broken:
            assert (process.returncode, b"error" in err) == (0, False)
        else:
            assert process.returncode == 1
            assert b"error: standard output cannot be written" in err


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
async def test_a_terminal_without_unicode_shows_what_it_can(
    service: Service,
    client: NotificationClient,
    receiver: Receiver,
    new_id: str,
    encoding: str,
) -> None:
    reason = "订单取消 → 🎉"
    await send_stuck(client, new_id, new_id, f"{receiver.url}/404")

    async def starter(*arguments: str) -> tuple[int, str, str]:
        return await service.starter(*arguments, PYTHONIOENCODING=encoding, LANG="C")

    await client.resend(new_id, Resend(reason=reason, target=f"{receiver.url}/ok"))
    await client.outcome(new_id)
    code, out, err = await starter("state", new_id)
    assert (code, err) == (0, "")
    assert "\\u8ba2\\u5355" in out
    code, out, err = await starter("state", new_id, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["interventions"][0]["reason"] == reason
    export = ("export", "--since", FROM, "--until", TO, "--type", new_id)
    for arguments in (("list", "--type", new_id), ("list", "--json"), export):
        code, _, err = await starter(*arguments)
        assert code == 0
        assert "Traceback" not in err
