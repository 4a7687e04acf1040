"""Resending and abandoning one notification."""

import asyncio
import json

from tests.support.batches import PERSON
from tests.support.receiver import Receiver
from tests.support.service import Service
from tests.support.states import until_status
from tidings import NotificationClient, Status


async def test_a_stuck_one_is_listed_corrected_and_delivered(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    await service.starter(
        "send", "--id", new_id, "--type", f"stuck.{new_id}", "--target", f"{receiver.url}/404"
    )
    await until_status(client, new_id, Status.AWAITING_INTERVENTION)
    found: list[dict[str, str]] = []
    async with asyncio.timeout(30):
        while not found:
            code, out, _ = await service.starter(
                "list", "--status", "awaiting_intervention", "--type", f"stuck.{new_id}", "--json"
            )
            assert code == 0
            found = json.loads(out)
    assert [each["id"] for each in found] == [new_id]
    code, _, err = await service.starter("resend", new_id, *PERSON, "--new-target", "ftp://nowhere")
    assert code == 2
    assert "ftp://nowhere" in err
    corrected = f"{receiver.url}/ok"
    code, out, _ = await service.starter("resend", new_id, *PERSON, "--new-target", corrected)
    assert code == 0
    assert f"target: {corrected}\n" in out
    state = await client.outcome(new_id)
    assert (state.status, state.interventions[0].operator) == (Status.DELIVERED, "li")
    code, out, err = await service.starter("abandon", new_id, *PERSON)
    assert (code, out) == (1, "")
    assert "is delivered" in err


async def test_a_target_filter_never_corrects(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    await service.starter(
        "send", "--id", new_id, "--type", "a.b", "--target", f"{receiver.url}/404"
    )
    before = await until_status(client, new_id, Status.AWAITING_INTERVENTION)
    code, out, err = await service.starter(
        "resend", new_id, "--target", f"{receiver.url}/ok", *PERSON
    )
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "give --new-target" in err
    assert await client.state(new_id) == before


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
