"""The entry of a notification in Temporal's lists."""

from tests.support.samples import notification
from tidings.state import Status
from tidings.temporal.visibility import search_attributes


def test_a_notification_is_found_by_status_target_and_type() -> None:
    sent = notification(target="https://Orders.example.com/notify?secret=1")
    written = {
        pair.key.name: pair.value
        for pair in search_attributes(sent, Status.AWAITING_INTERVENTION).search_attributes
    }
    assert written == {
        "NotificationStatus": "awaiting_intervention",
        "NotificationTarget": "orders.example.com:443",
        "NotificationType": "payment.succeeded",
    }
