"""The scenes of the demo: each sends one notification and says how it has to end."""

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
"""The statuses that the receiver answers each path with; all other paths are answered by 404."""

_SUCCESS: Final = Acknowledgement(body_equals="success")


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One notification, the interventions in it, and its expected end."""

    title: str
    notification: Notification
    expected_status: Status
    expected_answers: tuple[tuple[int, ...], ...]
    """The answers to the attempts of each round; empty if it is never sent."""
    withdrawal: Abandon | None = None
    """The intervention of the business system before the notification is due."""
    resolution: Resend | Abandon | None = None
    """The intervention of a person when the notification is stuck."""

    @property
    def id(self) -> str:
        """The id of its notification."""
        return self.notification.id


def all_scenes(receiver: str, now: datetime) -> tuple[Scene, ...]:
    """Returns all scenes, sent to ``receiver`` (a URL without path) from ``now`` on."""
    return (
        Scene(
            title="points for a member",
            notification=Notification(
                id="points-7001",
                type="member.points_granted",
                target=f"{receiver}/members/points",
                body={"member": "7001", "points": 120},
            ),
            expected_status=Status.DELIVERED,
            expected_answers=((200,),),
        ),
        Scene(
            title="payment → order status",
            notification=_payment("1001", f"{receiver}/orders/status"),
            expected_status=Status.DELIVERED,
            expected_answers=((503, 503, 200),),
        ),
        Scene(
            title="payment → order status",
            notification=_payment("1002", f"{receiver}/order/status"),
            expected_status=Status.DELIVERED,
            expected_answers=((404,), (200,)),
            resolution=Resend(
                operator="li", reason="the path was wrong", target=f"{receiver}/orders/v2/status"
            ),
        ),
        Scene(
            title="order timeout → release inventory",
            notification=_timeout("2001", receiver, now + timedelta(seconds=5)),
            expected_status=Status.DELIVERED,
            expected_answers=((200,),),
        ),
        Scene(
            title="order timeout → release inventory",
            notification=_timeout("2002", receiver, now + timedelta(seconds=10)),
            expected_status=Status.ABANDONED,
            expected_answers=(),
            withdrawal=Abandon(operator="orders", reason="order was paid in time"),
        ),
        Scene(
            title="push message",
            notification=Notification(
                id="push-3001",
                type="push.message",
                target=f"{receiver}/push",
                body="Your order is on its way",
                content_type="text/plain",
                retry=Intervals(intervals=[2, 3]),
            ),
            expected_status=Status.ABANDONED,
            expected_answers=((503, 503, 503),),
            resolution=Abandon(operator="li", reason="the device is gone"),
        ),
    )


def stuck_example(receiver: str) -> tuple[Notification, Resend]:
    """Returns a notification that gets stuck for the reader, and a resend that resolves it."""
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
