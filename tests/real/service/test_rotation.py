"""Keys that are added, rotated and removed while the worker delivers."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.keys import (
    EARLIER,
    IN_HEADER,
    IN_QUERY,
    LATER,
    NEW,
    OLD,
    ORDERS,
    Keyring,
    KeyringDirectory,
    KeyringFile,
    notification,
)
from tests.support.receiver import Receiver
from tests.support.service import Service, log_lines
from tests.support.states import until_attempts, until_status
from tidings import (
    FixedInterval,
    NotificationClient,
    NotificationState,
    Resend,
    Status,
    WaitReason,
)

COUNT = 60
INTERVAL = 0.05  # seconds


async def rotate(
    client: NotificationClient, receiver: Receiver, keyring: Keyring, name: str
) -> None:
    """Rotates a key under a steady flow of notifications, of which a quarter is retried."""
    ids = [f"{name}/{number}" for number in range(COUNT)]
    retry = FixedInterval(interval=0.5, maximum_attempts=2)

    async def send() -> None:
        for number, each in enumerate(ids):
            target = f"{receiver.url}/{'ok' if number % 4 else '503,200'}"
            await client.send(notification(each, target, signing_key=name, retry=retry))
            await asyncio.sleep(INTERVAL)

    keyring.hold(name, OLD)
    async with asyncio.TaskGroup() as group:
        group.create_task(send())
        await receiver.wait_for(ids[20])
        keyring.hold(name, NEW, OLD)
        await receiver.wait_for(ids[30])
        target_changed_at = datetime.now(UTC)
        await receiver.wait_for(ids[40])
        keyring.hold(name, NEW)

    signed_with = Counter[tuple[bool, bool]]()
    for number, each in enumerate(ids):
        await until_status(client, each, Status.DELIVERED)
        requests = receiver.requests[each]
        assert len(requests) == (1 if number % 4 else 2)
        for request in requests:
            held = OLD if request.at < target_changed_at else NEW
            assert held.verifies(request), f"{each} could not be verified with {held.name}"
            signed_with[OLD.verifies(request), NEW.verifies(request)] += 1
    assert set(signed_with) == {(True, False), (True, True), (False, True)}
    assert min(signed_with.values()) > 10, "one of the phases is missing"


async def rotate_table(
    client: NotificationClient,
    receiver: Receiver,
    keyring: Keyring,
    new_id: str,
    form: dict[str, str],
) -> None:
    """Rotates the secret of an earlier system between two attempts of a notification."""
    keyring.hold_table(new_id, EARLIER, form)
    retry = FixedInterval(interval=0.5, maximum_attempts=2)
    target = f"{receiver.url}/503,200"
    await client.send(notification(new_id, target, signing_key=new_id, retry=retry))
    await receiver.wait_for(new_id)
    keyring.hold_table(new_id, LATER, form)
    await until_status(client, new_id, Status.DELIVERED)
    first, second = receiver.requests[new_id]
    assert (EARLIER.verifies(first), LATER.verifies(first)) == (True, False)
    assert (EARLIER.verifies(second), LATER.verifies(second)) == (False, True)


async def test_a_key_is_rotated_in_a_file_without_a_loss(
    service: Service,
    client: NotificationClient,
    receiver: Receiver,
    keyring: KeyringFile,
    new_id: str,
) -> None:
    await rotate(client, receiver, keyring, new_id)
    assert service.started == 1


@pytest.mark.parametrize(
    "form", [pytest.param(IN_HEADER, id="header"), pytest.param(IN_QUERY, id="query")]
)
async def test_case_17_a_secret_is_rotated_without_a_restart(
    service: Service,
    client: NotificationClient,
    receiver: Receiver,
    keyring: KeyringFile,
    new_id: str,
    form: dict[str, str],
) -> None:
    await rotate_table(client, receiver, keyring, new_id, form)
    assert service.started == 1


async def test_a_key_is_rotated_in_a_mounted_directory_without_a_loss(
    own_service: Service, receiver: Receiver, tmp_path: Path, new_id: str
) -> None:
    keyring = KeyringDirectory(tmp_path / "keyring", orders=ORDERS)
    async with own_service.worker(TIDINGS_KEYRING=str(keyring.path)) as worker:
        client = await own_service.client()
        await rotate(client, receiver, keyring, new_id)
        await rotate_table(client, receiver, keyring, f"{new_id}-header", IN_HEADER)
    assert {each["level"] for each in worker.lines()} == {"INFO"}


async def test_an_attempt_after_a_death_has_the_keys_of_its_own_time(
    own_service: Service, receiver: Receiver, tmp_path: Path, new_id: str
) -> None:
    """Worker and server die in a signed attempt; the key has changed when they come back."""
    keyring = KeyringFile(tmp_path / "keyring.toml", orders=OLD)
    async with own_service.worker(TIDINGS_KEYRING=str(keyring.path)) as worker:
        client = await own_service.client()
        retry = FixedInterval(interval=1, maximum_attempts=5)
        await client.send(notification(new_id, f"{receiver.url}/hold", timeout=1, retry=retry))
        await receiver.wait_for(new_id)
        await worker.kill()
    keyring.hold("orders", NEW)
    receiver.release.set()
    async with own_service.worker(TIDINGS_KEYRING=str(keyring.path)):
        state = await (await own_service.client()).outcome(new_id)
    first, *_, last = receiver.requests[new_id]
    assert (state.status, state.attempts[0].failure) == (Status.DELIVERED, "interrupted")
    assert OLD.verifies(first)
    assert NEW.verifies(last)
    assert (first.headers["webhook-id"], first.body) == (last.headers["webhook-id"], last.body)


def check_unsigned(service: Service, state: NotificationState, fragments: tuple[str, ...]) -> None:
    """Checks that state and log say why nothing was sent."""
    lines = [
        line
        for line in log_lines(service.log)
        if line["event"] == "delivery.attempted" and line["id"] == state.id
    ]
    unsigned = [attempt for attempt in state.attempts if attempt.failure is not None]
    assert unsigned
    for attempt, line in zip(unsigned, lines, strict=False):
        assert (attempt.failure, attempt.status_code) == ("unsigned", None)
        assert attempt.explanation.startswith("nothing was sent: ")
        for fragment in fragments:
            assert fragment in attempt.explanation
        assert (line["level"], line["failure"]) == ("WARNING", "unsigned")
        assert (line["verdict"], line["problem"]) == ("retry", attempt.explanation)
    assert len(lines) >= len(unsigned)


async def test_a_key_that_is_missing_is_waited_for(
    service: Service,
    client: NotificationClient,
    receiver: Receiver,
    keyring: KeyringFile,
    new_id: str,
) -> None:
    """The schedule goes on, and the first attempt with the key is delivered."""
    retry = FixedInterval(interval=0.5, maximum_attempts=60)
    target = f"{receiver.url}/ok"
    await client.send(notification(new_id, target, signing_key=new_id, retry=retry))
    state = await until_attempts(client, new_id, 2)
    assert state.status is Status.DELIVERING
    check_unsigned(service, state, (repr(new_id), "TIDINGS_KEYRING"))
    assert not receiver.seen[new_id]
    keyring.hold(new_id, NEW)
    added_at = datetime.now(UTC)
    state = await until_status(client, new_id, Status.DELIVERED)
    check_unsigned(service, state, (repr(new_id), "TIDINGS_KEYRING"))
    assert state.attempts[-2].started_at < added_at, "the next attempt uses the key"
    (request,) = receiver.requests[new_id]
    assert NEW.verifies(request)


async def test_a_wrong_name_of_a_key_is_corrected_by_a_resend(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    retry = FixedInterval(interval=0.1, maximum_attempts=2)
    target = f"{receiver.url}/ok"
    await client.send(notification(new_id, target, signing_key=new_id, retry=retry))
    state = await until_status(client, new_id, Status.AWAITING_INTERVENTION)
    assert state.reason is WaitReason.EXHAUSTED
    assert repr(new_id) in state.explanation
    check_unsigned(service, state, (repr(new_id), "TIDINGS_KEYRING"))
    assert not receiver.seen[new_id]
    await client.resend(new_id, Resend(signing_key="orders"))
    await until_status(client, new_id, Status.DELIVERED)
    (request,) = receiver.requests[new_id]
    assert ORDERS.verifies(request)


async def test_a_worker_without_a_keyring_names_the_setting(
    own_service: Service, receiver: Receiver, tmp_path: Path, new_id: str
) -> None:
    """After a restart with the setting, the next attempt is delivered."""
    keyring = KeyringFile(tmp_path / "keyring.toml", orders=ORDERS)
    retry = FixedInterval(interval=0.5, maximum_attempts=60)
    async with own_service.worker():
        client = await own_service.client()
        target = f"{receiver.url}/ok"
        await client.send(notification(new_id, target, signing_key="orders", retry=retry))
        state = await until_attempts(client, new_id, 2)
        check_unsigned(own_service, state, ("no keyring", "set TIDINGS_KEYRING"))
        assert not receiver.seen[new_id]
    async with own_service.worker(TIDINGS_KEYRING=str(keyring.path)):
        await until_status(await own_service.client(), new_id, Status.DELIVERED)
    (request,) = receiver.requests[new_id]
    assert ORDERS.verifies(request)
