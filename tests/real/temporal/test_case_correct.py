"""Case 7: one command corrects all that are open, and sends nothing that is not due."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from tests.support.batches import PERSON, counted, ended
from tests.support.receiver import Receiver
from tests.support.service import Service
from tests.support.shops import refusing, stuck_at
from tests.support.states import until_status
from tidings import (
    Correct,
    FixedInterval,
    Notification,
    NotificationClient,
    Resend,
    Status,
)

EXPECTED: Final = {
    "running": Status.DELIVERING,
    "scheduled": Status.SCHEDULED,
    "stuck": Status.AWAITING_INTERVENTION,
}


@pytest.fixture
async def other() -> AsyncIterator[Receiver]:
    """The receiver at the wrong host."""
    async with Receiver().running() as other:
        yield other


async def test_case_7_one_correction_reaches_all_that_are_open(
    client: NotificationClient, receiver: Receiver, other: Receiver, new_id: str
) -> None:
    """Three run, three are scheduled, three are stuck, all to a wrong host."""
    wrong, right = other.url, f"{receiver.url}/ok"
    due = datetime.now(UTC) + timedelta(seconds=25)
    fields: dict[str, dict[str, Any]] = {
        "running": {"retry": FixedInterval(interval=3, maximum_attempts=40)},
        "scheduled": {"not_before": due},
        "stuck": {"retry": FixedInterval(interval=1, maximum_attempts=1)},
    }
    ids = {kind: [f"{new_id}/{kind}/{n}" for n in range(3)] for kind in fields}
    for kind, each in fields.items():
        for id_ in ids[kind]:
            await client.send(
                Notification(id=id_, type=new_id, target=f"{wrong}/503/{id_}", **each)
            )
    for kind, status in EXPECTED.items():
        for id_ in ids[kind]:
            await until_status(client, id_, status)
        await counted(client, 3, type=new_id, status=status)

    correct = Correct(operator="li", reason="the endpoint has moved", target=right)
    batch = await client.correct_all(correct, target=wrong, type=new_id)
    assert batch is not None
    done = await ended(client, batch.id)
    assert (done.total, done.resolved, done.refused, done.failed) == (9, 9, 0, 0)
    assert datetime.now(UTC) < due, "the machine is too slow for this test"
    for id_ in ids["running"]:
        assert (await client.outcome(id_)).status is Status.DELIVERED
    for id_ in (*ids["scheduled"], *ids["stuck"]):
        assert not receiver.seen[id_]
    stuck = [await client.state(id_) for id_ in ids["stuck"]]
    assert {(each.status, each.target) for each in stuck} == {(EXPECTED["stuck"], right)}

    for id_ in ids["scheduled"]:
        assert (await client.outcome(id_)).status is Status.DELIVERED
        assert receiver.requests[id_][0].at >= due
    resent = await client.resend_all(Resend(operator="li"), type=new_id, target=right)
    assert resent is not None
    assert (await ended(client, resent.id)).resolved == 3
    everyone = [id_ for each in ids.values() for id_ in each]
    outcomes = await asyncio.gather(*(client.outcome(each) for each in everyone))
    assert {each.status for each in outcomes} == {Status.DELIVERED}
    assert {id_: receiver.seen[id_] for id_ in everyone} == dict.fromkeys(everyone, 1)
    for outcome in outcomes:
        assert outcome.interventions[0].action == "correct"
        assert outcome.interventions[0].batch == batch.id
        assert [change.field for change in outcome.interventions[0].changes] == ["target"]


async def test_case_7_the_command_corrects_by_target(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    wrong, right = refusing(receiver, "old"), f"{receiver.url}/ok"
    stuck, scheduled = f"{new_id}/stuck", f"{new_id}/scheduled"
    await stuck_at(client, new_id, {stuck: wrong})
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    await client.send(Notification(id=scheduled, type=new_id, target=wrong, not_before=tomorrow))
    await counted(client, 1, type=new_id, status=Status.SCHEDULED)
    code, out, err = await service.starter(
        *("correct", "--target", wrong, "--new-target", right, *PERSON), stdin=b"y\n"
    )
    assert (code, "resolved: 2\n" in out) == (0, True), err
    assert "2 notifications: scheduled or delivering or awaiting_intervention" in out
    assert out.count(right) == 2
    for each, status in ((stuck, Status.AWAITING_INTERVENTION), (scheduled, Status.SCHEDULED)):
        state = await client.state(each)
        assert (state.status, state.target) == (status, right)
    assert (await client.state(scheduled)).next_attempt_at == tomorrow
    assert (receiver.seen[stuck], receiver.seen[scheduled]) == (1, 0)

    code, out, err = await service.starter("resend", scheduled, *PERSON)
    assert (code, out) == (1, "")
    assert "is scheduled for " in err
    assert "correct` changes it and keeps that time; to send it now, add --now" in err
    assert not receiver.seen[scheduled]
    code, out, err = await service.starter("resend", "--now", "--type", new_id, "--yes", *PERSON)
    assert (code, "resolved: 1\n" in out) == (0, True), err
    assert (await client.outcome(scheduled)).status is Status.DELIVERED
    assert receiver.seen[stuck] == 1
