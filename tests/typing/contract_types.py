"""The public contract for type checkers. Only ``mypy --strict`` reads this file.

Each ``type: ignore`` is an error that has to be reported: mypy reports those that are unused.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import assert_type

from tidings import (
    Abandon,
    Acknowledgement,
    Attempt,
    Batch,
    BodyCondition,
    Correct,
    Exponential,
    FailureKind,
    Filter,
    FixedInterval,
    Intervals,
    Notification,
    NotificationClient,
    NotificationState,
    NotificationSummary,
    Receipt,
    Resend,
    SendResult,
    Status,
    WaitReason,
)


def the_example_of_the_design() -> Notification:
    return Notification(
        id="payment-1001-paid",
        type="payment.succeeded",
        target="https://orders.example.com/notify",
        body={"order": "1001", "paid": "12.50"},
        retry=Exponential(
            initial_interval=10, coefficient=2, maximum_interval=3600, maximum_attempts=8
        ),
        acknowledgement=Acknowledgement(body_equals="success"),
    )


def everything_that_may_be_written() -> None:
    Notification(
        id="a",
        type="t",
        target="http://a/",
        body=["text", 1, 1.5, None, True, {"nested": []}],
        content_type="application/json",
        headers={"x-trace": "1"},
        method="PUT",
        retry="wechat",
        timeout=timedelta(seconds=5),
        not_before=datetime.now(UTC),
        expires_at=None,
        signing_key="orders-1",
        report_to="http://business/",
        report_signing_key="business-1",
        intervention_timeout=86400,
    )
    Notification(id="a", type="t", target="http://a/", retry=Intervals(intervals=[10, 30.5]))
    Notification(
        id="a",
        type="t",
        target="http://a/",
        timeout=0.5,
        retry=FixedInterval(interval=timedelta(minutes=1), maximum_attempts=3),
    )
    Exponential(initial_interval=timedelta(seconds=1), maximum_interval=1.5, jitter=0)
    Intervals(intervals=[timedelta(seconds=1), 60], jitter=0.2)
    Acknowledgement(status=[200, 204])
    Acknowledgement(status={200})
    Acknowledgement(status=range(200, 300), body_equals=None)
    Acknowledgement(status=200, pending=202, refused=[429, "500-599"])
    Acknowledgement(status="200-204", pending=None, pending_interval=30)
    Acknowledgement(status=[200, "202-204"], pending_interval=timedelta(minutes=5))
    Acknowledgement(body_equals="ok", ignore_case_and_space=True)
    Acknowledgement(json_equals={"/code": "SUCCESS", "/data/0": 1, "/a": 1.5, "/b": None})
    Acknowledgement(xml_equals={"return_code": "SUCCESS", ".": ""})
    Acknowledgement(body_equals=["ok", "OK"], retry=[404, "500-599"])
    Acknowledgement(json_equals={"/code": [0, 200]}, pending_if=BodyCondition(body_equals="wait"))
    Acknowledgement(
        xml_equals={"code": {"0", "1"}}, refused_if=BodyCondition(xml_equals={".": "no"})
    )
    Resend(retry="alipay", body=None, expires_at=None, even_if_expired=True)
    Resend(only_if=Filter(status=Status.DELIVERED), batch="batch:resend-1")
    Correct(target="http://a/", timeout=5, method="PUT", not_before=None)
    Filter(status={Status.DELIVERED, Status.ABANDONED}, id_prefix="order-")
    Filter(status=[Status.SCHEDULED], reason=WaitReason.REFUSED, target="http://a/paid")
    Resend(signing_key="orders-2")
    Resend(signing_key=None)
    Resend(operator="li", reason="endpoint fixed", target="https://orders.example.com/v2")
    Abandon(operator="li", reason="order cancelled")


def what_is_read_back(notification: Notification, acknowledgement: Acknowledgement) -> None:
    """A field is read as one type, although it may be written as several."""
    assert_type(notification.timeout, timedelta)
    assert_type(notification.intervention_timeout, timedelta)
    assert_type(notification.retry, Exponential | FixedInterval | Intervals)
    assert_type(notification.retry.total, timedelta)
    assert_type(notification.expires_at, datetime | None)
    assert_type(notification.headers, dict[str, str])
    assert_type(notification.body_bytes, bytes)
    assert_type(notification.signing_key, str | None)
    assert_type(notification.report_signing_key, str | None)
    assert_type(acknowledgement.status, tuple[int, ...] | None)
    assert_type(acknowledgement.pending, tuple[int, ...] | None)
    assert_type(acknowledgement.refused, tuple[int, ...] | None)
    assert_type(acknowledgement.pending_interval, timedelta)
    assert_type(acknowledgement.ignore_case_and_space, bool)
    assert_type(acknowledgement.body_equals, str | tuple[str, ...] | None)
    assert_type(
        acknowledgement.json_equals,
        dict[str, bool | int | float | str | tuple[bool | int | float | str | None, ...] | None]
        | None,
    )
    assert_type(acknowledgement.xml_equals, dict[str, str | tuple[str, ...]] | None)
    assert_type(acknowledgement.retry, tuple[int, ...] | None)
    assert_type(acknowledgement.refused_if, BodyCondition | None)
    assert_type(Exponential().initial_interval, timedelta)
    assert_type(Intervals(intervals=[1]).intervals, tuple[timedelta, ...])
    assert_type(FixedInterval(interval=1, maximum_attempts=2).delays, tuple[timedelta, ...])


def what_a_state_tells(state: NotificationState, attempt: Attempt) -> None:
    assert_type(state.status, Status)
    assert_type(state.reason, WaitReason | None)
    assert_type(state.attempts, tuple[Attempt, ...])
    assert_type(state.attempt_count, int)
    assert_type(state.next_attempt_at, datetime | None)
    assert_type(attempt.duration, timedelta)
    assert_type(attempt.failure, FailureKind | None)
    assert_type(attempt.status_code, int | None)


async def what_a_client_answers(notification: Notification) -> None:
    client = await NotificationClient.connect()
    receipt = await client.send(notification)
    assert_type(receipt, Receipt)
    assert_type(receipt.created, bool)
    assert_type(await client.send_many([notification, {"id": "a"}]), list[SendResult])
    assert_type(await client.state("a"), NotificationState)
    assert_type(await client.outcome("a"), NotificationState)
    assert_type(await client.resend("a"), NotificationState)
    await client.resend("a", Resend(target="https://orders.example.com/v2"))
    assert_type(await client.abandon("a", Abandon(reason="cancelled")), NotificationState)
    correct = Correct(target="https://orders.example.com/v2")
    assert_type(await client.correct("a", correct), NotificationState)
    assert_type(await client.correct_all(correct, target="http://a/old"), Batch | None)
    assert_type(await client.resend_all(reason=WaitReason.REFUSED), Batch | None)
    await client.count(status=[Status.DELIVERED, Status.ABANDONED], id_prefix="order-")
    found = client.list(status=Status.AWAITING_INTERVENTION, target="orders.example.com")
    assert_type(found, AsyncIterator[NotificationSummary])
    assert_type(await client.count(since=datetime.now(UTC)), int)


async def what_is_wrong(client: NotificationClient, notification: Notification) -> None:
    Notification(id="a", type="t")  # type: ignore[call-arg]
    Notification(id=1, type="t", target="http://a/")  # type: ignore[arg-type]
    Notification(id="a", type="t", target="http://a/", colour="red")  # type: ignore[call-arg]
    Notification(id="a", type="t", target="http://a/", method="DELETE")  # type: ignore[arg-type]
    Notification(id="a", type="t", target="http://a/", body=object())  # type: ignore[arg-type]
    Notification(id="a", type="t", target="http://a/", timeout="PT5S")  # type: ignore[arg-type]
    Notification(id="a", type="t", target="http://a/", timeout=None)  # type: ignore[arg-type]
    Notification(id="a", type="t", target="http://a/", retry=5)  # type: ignore[arg-type]
    Notification(id="a", type="t", target="http://a/", retry=None)  # type: ignore[arg-type]
    Notification(id="a", type="t", target="http://a/", headers={"a": 1})  # type: ignore[dict-item]
    Notification(id="a", type="t", target="http://a/", expires_at=5)  # type: ignore[arg-type]
    Exponential(initial_interval="10s")  # type: ignore[arg-type]
    Exponential(maximum_attempts="3")  # type: ignore[arg-type]
    Notification("a", "t", "http://a/")  # type: ignore[call-arg]
    FixedInterval(interval=10)  # type: ignore[call-arg]
    FixedInterval(maximum_attempts=2)  # type: ignore[call-arg]
    Intervals()  # type: ignore[call-arg]
    Intervals(intervals=10)  # type: ignore[arg-type]
    Intervals(intervals=["10s"])  # type: ignore[list-item]
    Acknowledgement(status=200.5)  # type: ignore[arg-type]
    Acknowledgement(status=[200.5])  # type: ignore[list-item]
    Acknowledgement(pending_interval="1m")  # type: ignore[arg-type]
    Acknowledgement(pending_interval=None)  # type: ignore[arg-type]
    Acknowledgement(json_equals={"/a": [[1]]})  # type: ignore[list-item]
    Acknowledgement(refused_if="FAILURE")  # type: ignore[arg-type]
    Acknowledgement(json_equals={1: "a"})  # type: ignore[dict-item]
    Acknowledgement(xml_equals={"a": 1})  # type: ignore[dict-item]
    Acknowledgement(xml_equals="a")  # type: ignore[arg-type]
    Acknowledgement(ignore_case_and_space="yes")  # type: ignore[arg-type]
    Notification(id="a", type="t", target="http://a/", signing_key=5)  # type: ignore[arg-type]
    Resend(signing_key=b"orders")  # type: ignore[arg-type]
    Resend(intervention_timeout=1)  # type: ignore[call-arg]
    Acknowledgement(body_equals=b"ok")  # type: ignore[arg-type]
    Resend(id="b")  # type: ignore[call-arg]
    Abandon(target="http://a/")  # type: ignore[call-arg]
    await client.send({"id": "a"})  # type: ignore[arg-type]
    Correct(intervention_timeout=1)  # type: ignore[call-arg]
    Filter(status="delivered")  # type: ignore[arg-type]
    Filter(reason="refused")  # type: ignore[arg-type]
    await client.correct("a", Resend())  # type: ignore[arg-type]
    await client.correct_all(target="a")  # type: ignore[call-arg]
    await client.resend("a", Abandon())  # type: ignore[arg-type]
    await client.abandon("a", Resend())  # type: ignore[arg-type]
    client.list(status="delivered")  # type: ignore[arg-type]
    client.list(since="2026-01-01")  # type: ignore[arg-type]
    notification.timeout + 5  # type: ignore[operator]
