"""The stories that the demo tells: what is sent, what is done to it, and what must come of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tidings import Abandon, Acknowledgement, FixedInterval, Intervals, Notification, Resend, Status

ANSWERS: Final[Mapping[str, Sequence[int]]] = {
    "/members/points": [200],
    "/orders/status": [503, 503, 200],
    "/orders/v2/status": [200],
    "/inventory/release": [200],
    "/push": [503],
}
"""What the receiver is told to answer; it knows no other path, and answers that with 404."""

_SUCCESS: Final = Acknowledgement(body_equals="success")


@dataclass(frozen=True, kw_only=True)
class Story:
    """One notification, and how it has to go."""

    title: str
    notification: Notification
    ends: Status
    rounds: tuple[tuple[int, ...], ...]
    """The answers to the attempts of each round; nothing where it is never sent."""
    withdrawal: Abandon | None = None
    """What the business system does while the notification still waits for its time."""
    resolution: Resend | Abandon | None = None
    """What a person does once it is stuck."""

    @property
    def id(self) -> str:
        """The id of its notification."""
        return self.notification.id


def cast(receiver: str, now: datetime) -> tuple[Story, ...]:
    """All stories, told to the ``receiver`` (a URL without path) from ``now`` on."""
    return (
        Story(
            title="points for a member",
            notification=Notification(
                id="points-7001",
                type="member.points_granted",
                target=f"{receiver}/members/points",
                body={"member": "7001", "points": 120},
            ),
            ends=Status.DELIVERED,
            rounds=((200,),),
        ),
        Story(
            title="payment → order status",
            notification=_payment("1001", f"{receiver}/orders/status"),
            ends=Status.DELIVERED,
            rounds=((503, 503, 200),),
        ),
        Story(
            title="payment → order status",
            notification=_payment("1002", f"{receiver}/order/status"),
            ends=Status.DELIVERED,
            rounds=((404,), (200,)),
            resolution=Resend(
                operator="li", reason="the path was wrong", target=f"{receiver}/orders/v2/status"
            ),
        ),
        Story(
            title="order timeout → release inventory",
            notification=_timeout("2001", receiver, now + timedelta(seconds=5)),
            ends=Status.DELIVERED,
            rounds=((200,),),
        ),
        Story(
            title="order timeout → release inventory",
            notification=_timeout("2002", receiver, now + timedelta(seconds=10)),
            ends=Status.ABANDONED,
            rounds=(),
            withdrawal=Abandon(operator="orders", reason="order was paid in time"),
        ),
        Story(
            title="push message",
            notification=Notification(
                id="push-3001",
                type="push.message",
                target=f"{receiver}/push",
                body="Your order is on its way",
                content_type="text/plain",
                retry=Intervals(intervals=[2, 3]),
            ),
            ends=Status.ABANDONED,
            rounds=((503, 503, 503),),
            resolution=Abandon(operator="li", reason="the device is gone"),
        ),
    )


def left_stuck(receiver: str) -> tuple[Notification, Resend]:
    """One that gets stuck for the reader to resolve, and a resend that would resolve it."""
    correction = Resend(
        operator="you", reason="the path was wrong", target=f"{receiver}/orders/v2/status"
    )
    return _payment("1003", f"{receiver}/order/status"), correction


def _payment(order: str, target: str) -> Notification:
    return Notification(
        id=f"payment-{order}",
        type="payment.succeeded",
        target=target,
        body={"order": order, "paid": "12.50"},
        acknowledgement=_SUCCESS,
        retry=Intervals(intervals=[1.5, 3]),
    )


def _timeout(order: str, receiver: str, due_at: datetime) -> Notification:
    return Notification(
        id=f"order-{order}-timeout",
        type="order.timed_out",
        target=f"{receiver}/inventory/release",
        body={"order": order},
        not_before=due_at,
        acknowledgement=_SUCCESS,
        retry=FixedInterval(interval=1, maximum_attempts=5),
    )
