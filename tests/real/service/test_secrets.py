"""No secret in a history, a log, a state or an error; the fixtures of services check it too."""

import json
from pathlib import Path
from secrets import token_bytes

import pytest
from google.protobuf.json_format import MessageToJson
from google.protobuf.message import Message

from tests.support.keys import (
    EARLIER,
    GARBLED,
    IN_HEADER,
    IN_QUERY,
    LATER,
    MISTAKEN,
    NEW,
    OLD,
    ORDERS,
    PRIVATE,
    REPORTS,
    KeyringFile,
    Shared,
    leaks,
    leaks_in,
    notification,
)
from tests.support.receiver import Receiver
from tests.support.service import Process, Service
from tests.support.states import until_attempts, until_refused, until_status
from tidings import (
    FixedInterval,
    InvalidInputError,
    NotificationClient,
    NotificationRejectedError,
    Resend,
    Status,
    contract,
)
from tidings.temporal import connect

MARKER = Shared("the marker, which is not secret", b"twelve bytes")
"""Sent as a body and as a key's name, so that the search for secrets has something to find."""
BROKEN = (
    '"{0}" = ["{0}", "{0}"\n{0}',
    'orders = "{0}"\n"{0}" = 3\n"{0}" = 3\n',
    'orders = "{0}"\norders = "{0}"\n',
    'orders = "{0}\n',
    'orders = "{0}%"\n',
    'orders = "WHSEC_{0}"\n',
    'orders = [["{0}"]]\n',
    'orders.{0} = "{0}"\n',
    '["{0}"]\norders = "{0}"\n',
    'orders = "\\x{0}"\n',
    '[orders]\nscheme = "hmac"\nsecret = "{0}"\n',
    '[orders]\nscheme = "{0}"\nsecret = "a"\nheader = "X"\n',
    '[orders]\nscheme = "hmac"\nsecret = "{0}"\nheader = "{0}: "\n',
    '[orders]\nscheme = "hmac"\nsecret = "{0}"\nheader = "X"\ntemplate = "{{{0}}}"\n',
    '[orders]\nscheme = "hmac"\n"{0}" = "secret"\nheader = "X"\n',
    "orders = {0}\n",
    "{0}",
)
"""Keyrings after a hurried edit; ``{0}`` stands for the key."""
PERSON = ("--operator", "li", "--reason", "it was wrong")


def forms(message: Message) -> bytes:
    """Returns a message in binary form and as JSON, which shows its payloads in base64."""
    return message.SerializeToString() + MessageToJson(message, ensure_ascii=False).encode()


async def visible(service: Service) -> dict[tuple[str, str], bytes]:
    """Returns everything that is visible of each notification, by its id and by its kind."""
    temporal = await connect.connect_plainly(service.address)
    client = NotificationClient(temporal)
    found = {}
    async for execution in temporal.list_workflows():
        handle = temporal.get_workflow_handle(execution.id)
        each = contract.notification_id(execution.id)
        found[each, "description"] = forms((await handle.describe()).raw_description)
        found[each, "state"] = json.dumps((await client.state(each)).to_json()).encode()
        found[each, "history"] = b"".join(
            [forms(event) async for event in handle.fetch_history_events()]
        )
        for pending in (await handle.describe()).raw_description.pending_activities:
            found[each, "failure"] = forms(pending.last_failure)
            found[each, "heartbeat"] = forms(pending.heartbeat_details)
    return found


async def break_keyring(
    client: NotificationClient,
    receiver: Receiver,
    worker: Process,
    keyring: KeyringFile,
    name: str,
) -> None:
    """Breaks the keyring in many ways: the old keys go on signing, and the log says why."""
    contents = [text.format(GARBLED.text).encode() for text in BROKEN] + [GARBLED.content]
    for number, content in enumerate(contents):
        keyring.put(content)
        each = f"{name}/broken/{number}"
        await client.send(notification(each, f"{receiver.url}/ok"))
        await until_status(client, each, Status.DELIVERED)
        assert ORDERS.verifies(receiver.requests[each][0])
        lines = await worker.logged("keyring.unreadable", number + 1)
        assert (len(lines), lines[-1]["level"]) == (number + 1, "ERROR")
    await client.send(notification(f"{name}/unknown", f"{receiver.url}/ok", signing_key="unknown"))
    state = await until_attempts(client, f"{name}/unknown", 1)
    assert "TIDINGS_KEYRING cannot be read: " in state.attempts[0].explanation


async def test_no_history_log_state_or_description_has_a_secret(
    own_service: Service, receiver: Receiver, tmp_path: Path, new_id: str
) -> None:
    """Among them are those of a keyring that somebody has overwritten with garbage."""
    keyring = KeyringFile(tmp_path / "keyring.toml", orders=ORDERS, reports=REPORTS)
    keyring.hold("orders", ORDERS, PRIVATE)
    keyring.hold_table("header", EARLIER, IN_HEADER)
    keyring.hold_table("query", LATER, IN_QUERY)
    path = str(keyring.path)
    retry = FixedInterval(interval=0.1, maximum_attempts=2)
    marker = f"{new_id}/marker"
    async with own_service.worker(TIDINGS_KEYRING=path, TIDINGS_LOG_LEVEL="DEBUG") as worker:
        client = await own_service.client()
        # First of all: in the fast lane, a failure and a heartbeat would leave no trace.
        await client.send(
            notification(
                marker,
                f"{receiver.url}/ok",
                body=MARKER.text,
                signing_key=MARKER.content.hex(),
            )
        )
        await until_attempts(client, marker, 1)
        await client.send(notification(f"{new_id}/ok", f"{receiver.url}/503,200", retry=retry))
        stuck = notification(
            f"{new_id}/stuck",
            f"{receiver.url}/404,200",
            report_to=f"{receiver.url}/ok",
            report_signing_key="reports",
        )
        await client.send(stuck)
        await until_status(client, stuck.id, Status.AWAITING_INTERVENTION)
        await client.resend(stuck.id, Resend(body={"n": 2}))
        await receiver.wait_for(contract.report_id(stuck.id, 2))
        for name, secret in ("header", EARLIER), ("query", LATER):
            target = f"{receiver.url}/404,200"
            each = notification(f"{new_id}/{name}", target, signing_key=name, report_to=target)
            await client.send(each)
            await until_status(client, each.id, Status.AWAITING_INTERVENTION)
            await client.resend(each.id, Resend(body={"n": 2}))
            await until_status(client, each.id, Status.DELIVERED)
            assert all(secret.verifies(request) for request in receiver.requests[each.id])
        await break_keyring(client, receiver, worker, keyring, new_id)
        keyring.hold("orders", NEW)
        await client.send(notification(f"{new_id}/new", f"{receiver.url}/ok"))
        await until_status(client, f"{new_id}/new", Status.DELIVERED)
        assert NEW.verifies(receiver.requests[f"{new_id}/new"][0])

        texts = await visible(own_service)
        leaked = {each: names for each, content in texts.items() if (names := leaks(content))}
        assert not leaked, leaked
        kinds = ["description", "state", "history", "failure", "heartbeat"]
        found = [each for each, content in texts.items() if leaks(content, (MARKER,))]
        assert found == [(marker, kind) for kind in kinds]
        in_use = leaks_in(own_service.directory)
        assert not in_use, in_use
    files = leaks_in(own_service.directory, (MARKER,))
    assert {"data/temporal.db", "worker-1.log"} <= {path.removesuffix("-wal") for path in files}
    assert len(texts) > 40


async def test_a_key_in_place_of_its_name_is_refused_and_not_repeated(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    send = ("send", "--id", new_id, "--type", "test.signed", "--target", f"{receiver.url}/404")
    for fields in (
        {"signing_key": MISTAKEN.text},
        {"signing_key": [MISTAKEN.text]},
        {"report_to": f"{receiver.url}/ok", "report_signing_key": MISTAKEN.text},
        {"headers": {"X-Signed-With": MISTAKEN.text}},
    ):
        with pytest.raises(InvalidInputError) as refused:
            await client.send(notification(new_id, f"{receiver.url}/ok", **fields))
        assert leaks(repr(refused.value).encode()) == []
    code, out, err = await service.starter(*send, "--signing-key", MISTAKEN.text)
    assert (code, out) == (2, "")
    assert "signing_key: " in err
    assert "give the name of a key, " in err
    assert leaks(err.encode()) == []

    assert (await service.starter(*send))[0] == 0
    await until_status(client, new_id, Status.AWAITING_INTERVENTION)
    code, out, err = await service.starter("resend", new_id, *PERSON, "--signing-key", PRIVATE.text)
    assert (code, out) == (2, "")
    assert "signing_key: " in err
    assert "give the name of a key, " in err
    assert leaks(err.encode()) == []
    assert (await client.state(new_id)).refused_interventions == ()


async def test_a_key_that_a_foreign_client_sends_is_not_repeated(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    """The message itself stays in the history, so this key is not one of ``SECRETS``."""
    # Its text has a slash, or it could be the name of a key.
    secret = Shared("a key that was given away", b"\xff" + token_bytes(23))
    temporal = await connect.connect_plainly(service.address)
    document = notification(new_id, f"{receiver.url}/404").to_json()
    for each, wrong in (new_id, {}), (f"{new_id}/wrong", {"signing_key": secret.text}):
        await temporal.start_workflow(
            contract.WORKFLOW_TYPE,
            {**document, "id": each, **wrong},
            id=contract.workflow_id(each),
            task_queue=contract.TASK_QUEUE,
        )
    with pytest.raises(NotificationRejectedError, match="signing_key") as rejected:
        await client.outcome(f"{new_id}/wrong")
    assert leaks(str(rejected.value).encode(), (secret,)) == []

    await until_status(client, new_id, Status.AWAITING_INTERVENTION)
    handle = temporal.get_workflow_handle(contract.workflow_id(new_id))
    await handle.signal(contract.SIGNAL_RESEND, {"operator": "li", "signing_key": secret.text})
    state = await until_refused(client, new_id)
    assert "signing_key" in state.refused_interventions[0].problem
    assert leaks(repr(state).encode(), (secret,)) == []
    assert leaks(service.log.read_bytes(), (secret,)) == []


async def test_an_unusable_keyring_is_named_without_its_content(
    own_service: Service, tmp_path: Path
) -> None:
    """Even its path may be a key by mistake; ``own_service`` searches the logs for keys."""
    keyring = KeyringFile(tmp_path / "keyring.toml", orders=OLD)
    keyring.put(f'orders = "{OLD.text}%"'.encode())
    for setting, named in (
        (OLD.text, "not shown: it has a key"),
        (str(keyring.path), str(keyring.path)),
        (str(tmp_path / PRIVATE.text), "not shown: it has a key"),
    ):
        worker = await own_service.start(TIDINGS_KEYRING=setting)
        assert await worker.ended() == 1
        (line,) = worker.lines()
        assert (line["event"], line["level"]) == ("worker.failed", "ERROR")
        assert line["problem"].startswith(f"TIDINGS_KEYRING ({named}): ")
