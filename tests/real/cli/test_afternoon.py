"""An operator's bad afternoon: each question is one command, checked against the receivers."""

import csv
import io
import re
from collections import Counter
from datetime import UTC, datetime, timedelta

from tests.support.afternoon import COUNTS, EXPIRING, Afternoon
from tests.support.receiver import Receiver
from tests.support.service import Service, free_ports
from tests.support.until import until
from tidings import Status

STUCK = sum(COUNTS[it] for it in ("payment", "refund", "order", "points", "slow"))


async def test_the_afternoon_of_an_operator(own_service: Service) -> None:
    async with own_service.worker(), Receiver().running() as receiver:
        (port,) = free_ports(1)
        down = f"http://127.0.0.1:{port}"
        it = Afternoon(own_service, await own_service.client(), receiver, down)
        expires_at = datetime.now(UTC) + timedelta(seconds=20)
        await it.happen(expires_at)
        await what_is_not_delivered(it)
        await one_of_them(it)
        await what_went_to_the_old_path(it)
        await what_said_no_in_its_body(it)
        await what_nobody_needs(it)
        await until(lambda: datetime.now(UTC) > expires_at, what="the payments to expire")
        up = Receiver()
        async with up.running(port):
            await what_is_up_again(it, up)
            await what_was_lost(it)
            receiver.release.set()
            await it.until_counted(0, Status.DELIVERING)
            await the_day_for_accounting(it, up)


async def what_is_not_delivered(it: Afternoon) -> None:
    """By target and cause, since when, and how much is older than a limit."""
    authority = it.receiver.url.removeprefix("http://")
    found = await it.ask("summary", "--older-than", "1h")
    assert found["notifications"] == STUCK + 3
    assert found["by_status"] == {
        "awaiting_intervention": STUCK,
        "rejected": 1,
        "delivering": 1,
        "scheduled": 1,
    }
    rows = {(row["authority"], row["cause"]): row for row in found["rows"]}
    counts = {key: row["notifications"] for key, row in rows.items() if key[1] is not None}
    assert counts == {
        (it.down.removeprefix("http://"), "connection_refused"): COUNTS["payment"],
        (authority, "refused:404"): COUNTS["refund"] + COUNTS["order"],
        (authority, "body:/code=FAIL"): COUNTS["points"],
        (authority, "timeout"): COUNTS["slow"],
    }
    assert {row["problem"] for row in found["rows"] if row["cause"]} == {
        "connection refused",
        "refused with 404",
        "answered FAIL at /code",
        "timed out",
    }
    assert not any(row["older"] for row in found["rows"])
    found = await it.ask("summary", "--older-than", "1s", "--by", "type", "--by", "url")
    late = {row["type"]: row["older"] for row in found["rows"] if row["cause"]}
    assert late == {f"{kind}.done": COUNTS[kind] for kind in COUNTS if kind != "fine"}
    printed = await it.printed("summary")
    assert re.search(r"answered FAIL at /code +body:/code=FAIL +8 ", printed)
    rejected = await it.ask("list", "--status", "rejected")
    assert [each["id"] for each in rejected] == ["malformed"]
    assert "target" in rejected[0]["explanation"]


async def one_of_them(it: Afternoon) -> None:
    """A customer names an order; the id of another one is copied from the Web UI."""
    found = await it.ask("list", "--id-prefix", "order-1003")
    assert [each["id"] for each in found] == ["order-1003"]
    state = await it.ask("state", "notification:order-1003")
    assert state["cause"] == "refused:404"
    sent = await it.ask("state", "payment-1001", "--sent")
    assert sent["now"] == sent["sent"]
    assert "12.50" in str(sent["now"]["body"])
    counts = await it.ask("count", "--by", "target", "--by", "cause", "--id-prefix", "refund-")
    assert counts == [
        {
            "target": f"{it.receiver.url}/404/old/refunds",
            "cause": "refused:404",
            "notifications": COUNTS["refund"],
        }
    ]


async def what_went_to_the_old_path(it: Afternoon) -> None:
    """The refunds go to their new address, and the orders of the same host stay as they are."""
    old, new = f"{it.receiver.url}/404/old/refunds", f"{it.receiver.url}/ok/new/refunds"
    code, text = await it.act("resend", "--target", old, "--new-target", new, "--yes")
    assert code == 0
    assert (old in text, new in text) == (True, True)
    assert f"by target: {old} {COUNTS['refund']}" in text
    await it.until_counted(COUNTS["fine"] + COUNTS["refund"], Status.DELIVERED)
    for each in it.ids("refund"):
        assert [request.url for request in it.receiver.requests[each]] == [
            "/404/old/refunds",
            "/ok/new/refunds",
        ]
    assert all(it.receiver.seen[each] == 1 for each in it.ids("order"))


async def what_said_no_in_its_body(it: Afternoon) -> None:
    """The address is mended first, and nothing is sent by that; then it is sent by its cause."""
    new = f"{it.receiver.url}/says/OK"
    which = ("--cause", "body:/code=FAIL")
    code, text = await it.act("correct", *which, "--new-target", new, "--yes")
    assert (code, f"resolved: {COUNTS['points']}" in text) == (0, True), text
    assert all(it.receiver.seen[each] == 1 for each in it.ids("points"))
    code, text = await it.act("resend", *which, "--yes")
    assert code == 0, text
    await it.until_counted(COUNTS["fine"] + COUNTS["refund"] + COUNTS["points"], Status.DELIVERED)
    assert all(it.receiver.requests[each][-1].url == "/says/OK" for each in it.ids("points"))


async def what_nobody_needs(it: Afternoon) -> None:
    """Two by their ids, and the rest of the orders by a file."""
    first, second, *rest = it.ids("order")
    code, text = await it.act("abandon", first, f"notification:{second}", "--yes")
    assert (code, "resolved: 2" in text) == (0, True), text
    file = "\n".join(rest).encode()
    code, text = await it.act("abandon", "--ids", "-", "--yes", stdin=file)
    assert (code, f"resolved: {len(rest)}" in text) == (0, True), text
    await it.until_counted(COUNTS["order"], Status.ABANDONED)
    assert all(it.receiver.seen[each] == 1 for each in it.ids("order"))


async def what_is_up_again(it: Afternoon, up: Receiver) -> None:
    """The question says how many have expired meanwhile; these stay, and all others arrive."""
    which = ("resend", "--cause", "connection_refused")
    code, text = await it.act(*which, stdin=b"no\n")
    assert (code, "nothing has been changed" in text) == (1, True)
    assert f"{EXPIRING} of them will refuse: it has expired" in text
    assert not up.seen
    code, text = await it.act(*which, "--yes")
    count = COUNTS["payment"] - EXPIRING
    assert (code, f"resolved: {count}" in text, f"refused: {EXPIRING}" in text) == (1, True, True)
    await until(lambda: len(up.seen) == count, what="the payments to arrive")
    assert {*up.seen} == {*it.ids("payment")[EXPIRING:]}
    code, text = await it.act("resend", *it.ids("payment")[:EXPIRING], "--even-if-expired", "--yes")
    assert code == 0, text
    await until(lambda: len(up.seen) == COUNTS["payment"], what="the late payments to arrive")
    assert {*up.seen.values()} == {1}


async def what_was_lost(it: Afternoon) -> None:
    """The target has lost two that it had acknowledged; it gets them again, under their ids."""
    lost = it.ids("fine")[:2]
    code, text = await it.act("resend", *lost, "--delivered", "--yes")
    assert code == 0, text
    await until(lambda: all(it.receiver.seen[each] == 2 for each in lost), what="them to come")
    found = await it.ask("list", "--id-prefix", "fine-")
    assert len(found) == COUNTS["fine"]


async def the_day_for_accounting(it: Afternoon, up: Receiver) -> None:
    """Every row is checked against the receivers."""
    delivered = sum(COUNTS[kind] for kind in ("payment", "refund", "points", "fine")) + 1
    await it.until_counted(delivered, Status.DELIVERED)
    columns = "id,target,status,cause,attempts,status_code,excerpt,operator,operator_reason"
    text = await it.printed("export", "--day", "today", "--format", "csv", "--columns", columns)
    rows = [*csv.DictReader(io.StringIO(text, newline=""))]
    assert len({row["id"] for row in rows}) == len(rows)
    assert Counter(row["status"] for row in rows) == {
        "delivered": delivered,
        "abandoned": COUNTS["order"],
        "awaiting_intervention": COUNTS["slow"],
        "scheduled": 1,
        "rejected": 1,
    }
    for row in rows:
        came = it.receiver.seen[row["id"]] + up.seen[row["id"]]
        match row["status"]:
            case "delivered":
                # The refused connections of the payments never came to a receiver.
                missed = row["id"].startswith("payment-")
                assert int(row["attempts"]) == came + missed
                assert (row["status_code"], row["cause"]) == ("200", "")
                assert row["excerpt"].replace(" ", "") in ("success", '{"code":"OK"}')
            case "abandoned":
                assert (row["attempts"], row["status_code"], came) == ("1", "404", 1)
                assert (row["operator"], row["operator_reason"]) == ("li", "a bad afternoon")
            case "awaiting_intervention":
                assert (row["attempts"], row["cause"], came) == ("1", "timeout", 1)
            case _:
                assert came == 0
    ended = await it.printed("export", "--day", "today", "--moment", "ended", "--columns", "id")
    assert len(ended.splitlines()) == delivered + COUNTS["order"] + 1
