"""The period of an export, and its memory."""

import asyncio
import os
import time
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.api.common.v1 import WorkflowExecution as Execution
from temporalio.api.enums.v1 import WorkflowExecutionStatus
from temporalio.api.workflow.v1 import WorkflowExecutionInfo
from temporalio.client import WorkflowExecution
from temporalio.converter import encode_search_attributes

from tests.support.fake_temporal import client_of
from tests.support.samples import NOW
from tidings import Filter, InvalidInputError, Notification, Status, contract
from tidings.cli import export
from tidings.cli.groups import FilterOptions
from tidings.cli.reconciliation import COLUMNS, Format, writer
from tidings.temporal import visibility
from tidings.temporal.converter import DATA_CONVERTER


@pytest.fixture(params=["UTC", "Asia/Shanghai", "America/New_York"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The time zone of this process."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def period(day: str | None, now: datetime = NOW, **chosen: Any) -> tuple[str | None, str | None]:
    found = export._of_period(FilterOptions(**chosen), day, now)
    return found.since, found.until


@pytest.mark.parametrize("day", ["2026-11-22", "2026-03-08", "2026-11-01"])
def test_a_day_is_from_midnight_to_midnight(day: str, zone: str) -> None:
    """Also if the clock is changed on that day, as in New York."""
    begin, end = period(day)
    assert begin is not None
    assert end is not None
    local = [datetime.fromisoformat(each).astimezone() for each in (begin, end)]
    following = datetime.fromisoformat(day) + timedelta(days=1)
    assert [f"{each:%F %T}" for each in local] == [f"{day} 00:00:00", f"{following:%F %T}"]
    hours = {"2026-03-08": 23, "2026-11-01": 25} if zone == "America/New_York" else {}
    assert local[1] - local[0] == timedelta(hours=hours.get(day, 24))


def test_today_and_yesterday_are_local(zone: str) -> None:
    now = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    today = now.astimezone().date()
    assert period("today", now) == period(f"{today}")
    assert period("yesterday", now) == period(f"{today - timedelta(days=1)}")
    assert f"{today}" == ("2026-11-23" if zone == "Asia/Shanghai" else "2026-11-22")


def test_a_period_may_have_one_end() -> None:
    assert period(None, since="2h") == ("2h", None)
    assert period(None, until="yesterday") == (None, "yesterday")
    assert period(None, older_than="2h") == (None, None)


@pytest.mark.parametrize(
    ("day", "chosen", "problem"),
    [
        pytest.param(None, {}, "an export needs a period: give --day", id="no-period"),
        pytest.param("today", {"since": "2h"}, "leave --since out", id="day-and-since"),
        pytest.param(
            "today",
            {"until": "2h", "older_than": "2h"},
            "leave --until and --older-than out",
            id="day-and-ends",
        ),
        pytest.param("2h", {}, "--day is '2h'; it takes today, yesterday", id="span"),
        pytest.param("2026-02-30", {}, "--day is '2026-02-30'", id="no-such-day"),
        pytest.param("14:30", {}, "--day is '14:30'", id="time"),
        pytest.param("9999-12-31", {}, "--day is '9999-12-31'", id="last-day"),
        pytest.param("", {}, "--day is ''", id="empty"),
    ],
)
def test_another_period_is_refused(day: str | None, chosen: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidInputError, match=problem):
        period(day, **chosen)


class Many:
    """A Temporal client with very many notifications of one day, all delivered."""

    namespace = "default"

    def __init__(self, count: int) -> None:
        self.count = count

    async def list_workflows(self, query: str, **_: object) -> AsyncIterator[WorkflowExecution]:
        if "IS NOT NULL" in query and "RunId" not in query:
            return  # no notification was sent again after its end
        for number in range(self.count):
            if number % 100 == 0:
                await asyncio.sleep(0)  # a page comes
            yield await execution(number)


async def execution(number: int) -> WorkflowExecution:
    """The entry of a delivered notification, as the SDK has it."""
    notification = Notification(
        id=f"payment-{number}", type="payment.succeeded", target="https://orders.example.com/paid"
    )
    info = WorkflowExecutionInfo(
        execution=Execution(
            workflow_id=contract.workflow_id(notification.id), run_id=f"run-{number}"
        ),
        status=WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED,
    )
    info.start_time.FromDatetime(NOW)
    info.close_time.FromDatetime(NOW)
    attributes = visibility.search_attributes(notification, Status.DELIVERED)
    encode_search_attributes(attributes, info.search_attributes)
    for name, value in visibility.first_memo(notification).items():
        (payload,) = await DATA_CONVERTER.encode([value])
        info.memo.fields[name].CopyFrom(payload)
    return WorkflowExecution._from_raw_info(info, "default", DATA_CONVERTER)


async def peak(count: int) -> int:
    """The most memory, in bytes, of the export of ``count`` notifications."""
    client = client_of(Many(count))
    with open(os.devnull, "w") as text:  # noqa: ASYNC230, PTH123 -- it never blocks
        write = writer(Format.CSV, tuple(COLUMNS), text)
        tracemalloc.start()
        try:
            rows = 0
            async for each in export._shown(client, Filter(status=Status.DELIVERED)):
                write(each)
                rows += 1
            assert rows == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


async def test_an_export_needs_no_more_memory_for_more_rows() -> None:
    await peak(100)  # what is made once
    few, many = await peak(300), await peak(int(os.environ.get("TIDINGS_TEST_ROWS", "3000")))
    assert many < few + 50_000, (few, many)
