"""Reports to the business system: a notification is stuck, or has ended after that."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.support.skipped_time import SkippedTime
from tidings import Abandon, FixedInterval, Notification, Resend, Status, contract

REPORT_TO = "http://business.test/notifications"


def reports(service: SkippedTime, notification_id: str) -> list[dict[str, Any]]:
    """The reports that the business system received, in their order."""
    seen = [each for each in service.target.requests if each.url.host == "business.test"]
    ours = [each for each in seen if each.headers["webhook-id"].startswith(f"{notification_id}:")]
    return [json.loads(each.content) for each in sorted(ours, key=_id)]


def _id(request: httpx.Request) -> str:
    return request.headers["webhook-id"]


async def test_a_stuck_one_is_reported_by_standard_webhooks(
    service: SkippedTime, new_id: str
) -> None:
    service.target.answer(new_id, 503)
    retry = FixedInterval(interval=60, maximum_attempts=3)
    await service.send(new_id, retry=retry, report_to=REPORT_TO)
    await service.skip(new_id, timedelta(hours=1))
    state = await service.until(new_id, Status.AWAITING_INTERVENTION)
    delivered = await service.client.outcome(await service.until_reported(new_id, 1))

    (report,) = reports(service, new_id)
    assert set(report) == {"type", "timestamp", "data"}
    assert report["type"] == "notification.awaiting_intervention"
    assert datetime.fromisoformat(report["timestamp"]).tzinfo is not None
    data = report["data"]
    assert (data["id"], data["type"], data["target"]) == (new_id, "test.sent", state.target)
    assert (data["status"], data["reason"]) == ("awaiting_intervention", "exhausted")
    assert [each["status_code"] for each in data["attempts"]] == [503, 503, 503]
    assert "503" in data["last_error"]
    assert delivered.status is Status.DELIVERED
    assert delivered.type == "notification.awaiting_intervention"
    assert [each.id for each in state.reports] == [f"{new_id}:report:1"]


async def test_the_end_after_an_intervention_is_reported(service: SkippedTime, new_id: str) -> None:
    service.target.answer(new_id, 404, 200)
    await service.send(new_id, report_to=REPORT_TO)
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    await service.client.resend(new_id, Resend(target="http://corrected.test/"))
    state = await service.client.outcome(new_id)
    for number in (1, 2):
        await service.client.outcome(await service.until_reported(new_id, number))

    first, second = reports(service, new_id)
    assert first["type"] == "notification.awaiting_intervention"
    assert second["type"] == "notification.delivered"
    assert second["data"]["target"] == "http://corrected.test/"
    assert "404" in second["data"]["last_error"]
    assert [each.type for each in state.reports] == [first["type"], second["type"]]


async def test_each_time_it_gets_stuck_and_its_abandon_are_reported(
    service: SkippedTime, new_id: str
) -> None:
    service.target.answer(new_id, 404)
    await service.send(new_id, report_to=REPORT_TO)
    await service.until_attempts(new_id, 1)
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    await service.client.resend(new_id)
    await service.until_attempts(new_id, 2)
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    await service.client.abandon(new_id, Abandon(operator="li", reason="no use"))
    state = await service.client.outcome(new_id)
    for number in (1, 2, 3):
        await service.client.outcome(await service.until_reported(new_id, number))

    reported = [each["type"].partition(".")[2] for each in reports(service, new_id)]
    assert reported == ["awaiting_intervention", "awaiting_intervention", "abandoned"]
    assert reports(service, new_id)[2]["data"]["explanation"] == "abandoned by li: no use"
    assert state.report_count == 3


async def test_a_delivery_without_intervention_is_not_reported(
    service: SkippedTime, new_id: str
) -> None:
    service.target.answer(new_id, 503, 200)
    retry = FixedInterval(interval=1, maximum_attempts=2)
    await service.send(new_id, retry=retry, report_to=REPORT_TO)
    await service.skip(new_id, timedelta(minutes=1))
    assert (await service.client.outcome(new_id)).reports == ()


async def test_without_report_to_nothing_is_reported(service: SkippedTime, new_id: str) -> None:
    service.target.answer(new_id, 404)
    await service.send(new_id)
    state = await service.until(new_id, Status.AWAITING_INTERVENTION)
    assert state.reports == ()
    await service.client.abandon(new_id)
    assert (await service.client.outcome(new_id)).reports == ()


async def test_an_abandon_before_the_first_attempt_is_reported(
    service: SkippedTime, new_id: str
) -> None:
    due = datetime.now(UTC) + timedelta(days=1)
    await service.send(new_id, not_before=due, report_to=REPORT_TO)
    await service.client.abandon(new_id)
    await service.client.outcome(await service.until_reported(new_id, 1))
    (report,) = reports(service, new_id)
    assert (report["type"], report["data"]["last_error"]) == ("notification.abandoned", None)


async def test_a_report_can_get_stuck_and_be_resent(service: SkippedTime, new_id: str) -> None:
    """It outlives its notification, and has no report of its own."""
    report_id = f"{new_id}:report:1"
    service.target.answer(new_id, 404)
    service.target.answer(report_id, 410, 200)
    await service.send(new_id, report_to=REPORT_TO)
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    await service.until_reported(new_id, 1)
    stuck = await service.until(report_id, Status.AWAITING_INTERVENTION)
    assert stuck.reports == ()
    await service.client.abandon(new_id)
    await service.client.outcome(new_id)
    await service.client.resend(report_id, Resend(target="http://business.test/moved"))
    assert (await service.client.outcome(report_id)).status is Status.DELIVERED


async def test_a_report_reaches_a_business_system_that_was_down(
    idle_service: SkippedTime, new_id: str
) -> None:
    """Its worker ends in between, and another one continues."""
    service = idle_service
    report_id = f"{new_id}:report:1"
    service.target.answer(new_id, 404)
    service.target.answer(report_id, httpx.ConnectError("down"), httpx.ConnectError("down"), 200)
    async with service.worker():
        await service.send(new_id, report_to=REPORT_TO)
        await service.until_attempts(await service.until_reported(new_id, 1), 1)
    async with service.worker():
        await service.skip(report_id, timedelta(hours=1))
        state = await service.client.outcome(report_id)
    assert [each.failure for each in state.attempts] == ["connection", "connection", None]


async def test_a_report_whose_id_is_taken_is_a_problem_in_the_state(
    service: SkippedTime, new_id: str
) -> None:
    service.target.answer(new_id, 404)
    await service.send(f"{new_id}:report:1")
    await service.send(new_id, report_to=REPORT_TO)
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    state = await service.client.abandon(new_id)
    assert "is taken" in (state.reports[0].problem or "")
    ended = await service.client.outcome(new_id)
    assert [each.problem is None for each in ended.reports] == [False, True]


def test_an_id_leaves_room_for_the_ids_of_its_reports() -> None:
    longest = Notification(
        id="x" * 180, type="a.b", target="http://target.test/", report_to=REPORT_TO
    )
    assert len(contract.report_id(longest.id, 10**9)) <= 200
