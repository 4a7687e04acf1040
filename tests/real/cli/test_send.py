"""Sending from options and from files."""

import asyncio
import json
import re
import signal
import sys
from pathlib import Path

from tests.support.receiver import Receiver
from tests.support.service import ROOT, Service
from tests.support.states import until_status
from tidings import NotificationClient, Status


async def test_a_notification_of_options_is_sent(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    code, out, err = await service.starter(
        *("send", "--id", new_id, "--type", "payment.succeeded", "--target", f"{receiver.url}/ok"),
        *("--body", '{"order": "1001"}', "--header", "X-Shop: 7", "--header", "X-Till: 2"),
        *("--ack-body", "success", "--retry", "wechat", "--timeout", "5"),
    )
    assert (code, out, err) == (0, f"{new_id}: accepted\n", "")
    await until_status(client, new_id, Status.DELIVERED)
    (request,) = receiver.requests[new_id]
    assert (request.headers["x-shop"], request.headers["x-till"]) == ("7", "2")
    code, out, _ = await service.starter("state", new_id, "--json")
    assert (code, json.loads(out)["status"]) == (0, "delivered")
    code, out, _ = await service.starter("state", new_id)
    assert code == 0
    assert "acknowledged with 200" in out


async def test_the_same_again_changes_nothing_and_other_is_refused(
    service: Service, receiver: Receiver, new_id: str
) -> None:
    send = ("send", "--id", new_id, "--type", "a.b", "--target", f"{receiver.url}/ok")
    assert (await service.starter(*send, "--json"))[0] == 0
    code, out, _ = await service.starter(*send, "--json")
    assert (code, json.loads(out)) == (0, {"id": new_id, "created": False})
    code, out, err = await service.starter(*send, "--body", "2")
    assert (code, out) == (1, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert "another body" in err


async def test_each_line_of_a_file_has_its_result(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    """More lines than are sent at a time; most are wrong, so that it does not take long."""
    good = [
        json.dumps({"id": f"{new_id}/{n}", "type": "a.b", "target": f"{receiver.url}/ok"})
        for n in range(20)
    ]
    wrong = ["no JSON", json.dumps({"id": "with.dot"}), "[1]", '"\\ud800"'] * 150
    lines = [*good[:10], "", *wrong, *good[10:]]
    path = service.directory / "many.jsonl"
    path.write_text("\n".join(lines))

    code, out, err = await service.starter("send", "--file", str(path), "--json")
    results = json.loads(out)
    assert (code, err) == (1, "")
    assert [each["line"] for each in results if each["error"] is None] == [
        *range(1, 11),
        *range(612, 622),
    ]
    assert len(results) == len(lines) - 1
    code, out, err = await service.starter("send", "--file", "-", stdin=path.read_bytes())
    assert (code, out) == (1, "20 accepted before, 600 failed\n")
    assert "line 13 (with.dot): Notification.id is 'with.dot'" in err
    assert (await client.outcome(f"{new_id}/19")).status is Status.DELIVERED


async def test_a_credential_in_a_file_is_refused_with_its_line(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    one = {"type": new_id, "target": f"{receiver.url}/ok"}
    headers = {"authorization": "Bearer s3cr3t-s3cr3t"}
    lines = [{"id": f"{new_id}/1", **one, "headers": headers}, {"id": f"{new_id}/2", **one}]
    text = "\n".join(map(json.dumps, lines))
    code, out, err = await service.starter("send", "--file", "-", stdin=text.encode())
    assert (code, out) == (1, "1 failed, 1 accepted\n")
    assert f"line 1 ({new_id}/1): Notification.headers: " in err
    assert "s3cr3t" not in err
    assert (await client.outcome(f"{new_id}/2")).status is Status.DELIVERED
    assert not receiver.seen[f"{new_id}/1"]


async def test_a_file_may_hold_one_object_over_many_lines(
    service: Service, receiver: Receiver, new_id: str
) -> None:
    document = {"id": new_id, "type": "a.b", "target": f"{receiver.url}/ok"}
    path = service.directory / "one.json"
    path.write_text(json.dumps(document, indent=4))
    code, out, _ = await service.starter("send", "--file", str(path))
    assert (code, out) == (0, "1 accepted\n")


async def test_nothing_of_an_array_or_a_broken_document_is_sent(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    many = [{"id": f"{new_id}/{n}", "type": new_id, "target": f"{receiver.url}/ok"} for n in (1, 2)]
    array = ",\n".join(map(json.dumps, many))
    broken = json.dumps(many[0], indent=2).replace(":", "", 1)
    for text, problem in ((f"[\n{array}\n]", "is a JSON array"), (broken, "line 2 column 8")):
        code, out, err = await service.starter("send", "--file", "-", stdin=text.encode())
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert problem in err
    assert await client.count(type=new_id) == 0


async def test_ctrl_c_reports_how_many_were_accepted(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str, tmp_path: Path
) -> None:
    """So many that the signal comes before all of them are sent."""
    file = tmp_path / "many.jsonl"
    one = {"type": new_id, "target": f"{receiver.url}/ok"}
    file.write_text("\n".join(json.dumps({"id": f"{new_id}/{n}", **one}) for n in range(20_000)))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(ROOT / "starter.py"), "send", "--file", str(file)),
        env=service.environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    await receiver.wait_for(f"{new_id}/0")
    process.send_signal(signal.SIGINT)
    async with asyncio.timeout(30):
        out, err = await process.communicate()
    assert (process.returncode, out) == (130, b"")
    note = re.match(r"stopped; at least ([0-9,]+) of 20,000 are accepted: ", err.decode())
    assert note is not None, err
    async with asyncio.timeout(30):
        while await client.count(type=new_id) < int(note[1].replace(",", "")):
            await asyncio.sleep(0.02)
