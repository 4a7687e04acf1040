"""The command line against a service that runs, and against none."""

import asyncio
import json
from typing import Final

import pytest

from tests.support.service import Receiver, Service, free_ports, until
from tidings import NotificationClient, Status

PERSON: Final = ("--operator", "li", "--reason", "the path was wrong")


async def test_a_notification_is_sent_and_its_story_told(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    code, out, err = await service.starter(
        *("send", "--id", new_id, "--type", "payment.succeeded", "--target", f"{receiver.url}/ok"),
        *("--body", '{"order": "1001"}', "--header", "X-Shop: 7", "--ack-body", "success"),
        *("--retry", "wechat", "--timeout", "5"),
    )
    assert (code, out, err) == (0, f"{new_id}: accepted\n", "")
    await until(client, new_id, Status.DELIVERED)
    code, out, _ = await service.starter("state", new_id, "--json")
    assert (code, json.loads(out)["status"]) == (0, "delivered")
    code, out, _ = await service.starter("state", new_id)
    assert code == 0
    assert "acknowledged with 200" in out


async def test_sending_again_is_told_and_other_content_is_refused(
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


async def test_a_stuck_notification_is_listed_resent_corrected_and_delivered(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    await service.starter(
        "send", "--id", new_id, "--type", f"stuck.{new_id}", "--target", f"{receiver.url}/404"
    )
    await until(client, new_id, Status.AWAITING_INTERVENTION)
    found: list[dict[str, str]] = []
    async with asyncio.timeout(30):
        while not found:
            code, out, _ = await service.starter(
                "list", "--status", "awaiting_intervention", "--type", f"stuck.{new_id}", "--json"
            )
            assert code == 0
            found = json.loads(out)
    assert [each["id"] for each in found] == [new_id]
    code, _, err = await service.starter("resend", new_id, *PERSON, "--target", "ftp://nowhere")
    assert code == 2
    assert "ftp://nowhere" in err
    code, _, _ = await service.starter(
        *("resend", new_id, "--operator", "li", "--reason", "the path was wrong"),
        *("--target", f"{receiver.url}/ok"),
    )
    assert code == 0
    state = await client.outcome(new_id)
    assert (state.status, state.interventions[0].operator) == (Status.DELIVERED, "li")
    code, out, err = await service.starter("abandon", new_id, *PERSON)
    assert (code, out) == (1, "")
    assert "is delivered" in err


async def test_one_that_is_not_due_is_abandoned(
    service: Service, receiver: Receiver, new_id: str
) -> None:
    await service.starter(
        *("send", "--id", new_id, "--type", "a.b", "--target", f"{receiver.url}/ok"),
        *("--not-before", "2099-01-01T00:00:00+08:00"),
    )
    code, out, _ = await service.starter("abandon", new_id, *PERSON, "--json")
    assert (code, json.loads(out)["status"]) == (0, "abandoned")
    assert not receiver.seen[new_id]


async def test_a_file_of_many_gives_each_line_its_result(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    """Longer than what is sent at a time; most lines are wrong, so that it does not take long."""
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


async def test_a_file_may_hold_one_object_over_many_lines(
    service: Service, receiver: Receiver, new_id: str
) -> None:
    document = {"id": new_id, "type": "a.b", "target": f"{receiver.url}/ok"}
    path = service.directory / "one.json"
    path.write_text(json.dumps(document, indent=4))
    code, out, _ = await service.starter("send", "--file", str(path))
    assert (code, out) == (0, "1 accepted\n")


@pytest.mark.parametrize(
    ("arguments", "code", "fragment"),
    [
        (["send"], 2, "Notification.id is missing"),
        (["send", "--id", "a.b", "--type", "t", "--target", "http://x/"], 2, "'a.b'"),
        (["send", "--id", "a", "--body", "{"], 2, "--body is no JSON"),
        (["send", "--file", "/nowhere/at/all"], 2, "cannot be read"),
        (["send", "--file", "x", "--id", "a"], 2, "leave the other options out"),
        (["send", "--header", "none"], 2, "'Name: value'"),
        (["state", "nobody-sent-this"], 1, "no notification 'nobody-sent-this'"),
        (["resend", "nobody-sent-this", *PERSON], 1, "no notification 'nobody-sent-this'"),
        (["list", "--status", "lost"], 2, "'lost'"),
        (["shout"], 2, "shout"),
    ],
)
async def test_what_is_wrong_is_told_without_a_traceback(
    service: Service, arguments: list[str], code: int, fragment: str
) -> None:
    given, out, err = await service.starter(*arguments)
    assert (given, out) == (code, "")
    assert fragment in err
    assert "Traceback" not in err


async def test_without_a_server_one_line_tells_which_address_was_tried(
    service: Service,
) -> None:
    (port,) = free_ports(1)
    began = asyncio.get_running_loop().time()
    code, out, err = await service.starter("list", TEMPORAL_ADDRESS=f"127.0.0.1:{port}")
    took = asyncio.get_running_loop().time() - began
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert f"127.0.0.1:{port}" in err
    assert "make run" in err
    assert took < 10


async def test_a_server_that_takes_connections_and_says_nothing_is_given_up(
    service: Service,
) -> None:
    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silence, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        began = asyncio.get_running_loop().time()
        code, _, err = await service.starter("list", TEMPORAL_ADDRESS=f"127.0.0.1:{port}")
        took = asyncio.get_running_loop().time() - began
    assert code == 1
    assert f"127.0.0.1:{port}" in err
    assert took < 12  # 9 s, and the start of the process


async def test_the_schema_is_that_of_a_notification(service: Service) -> None:
    code, out, _ = await service.starter("schema")
    assert code == 0
    assert set(json.loads(out)["required"]) == {"id", "type", "target"}


async def test_counts_are_by_status(service: Service) -> None:
    code, out, _ = await service.starter("count", "--json")
    assert code == 0
    assert set(json.loads(out)) == {status.value for status in Status}


async def test_every_run_ends_cleanly(service: Service) -> None:
    """The SDK's threads can crash an interpreter that ends; 40 runs, two at a time."""
    for _ in range(20):
        runs = await asyncio.gather(*(service.starter("list", "--limit", "1") for _ in range(2)))
        assert [(code, err) for code, _, err in runs] == [(0, "")] * 2
