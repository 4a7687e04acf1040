"""A notification, and a correction of each field that can be corrected."""

from datetime import timedelta
from typing import Any

from tests.support.samples import NOW, notification
from tidings.fields.acknowledgement import Acknowledgement

ORIGINAL = notification(
    body={"order": "1001"},
    content_type="application/json",
    headers={"x-trace": "1"},
    retry="alipay",
    acknowledgement=Acknowledgement(body_equals="success"),
    expires_at=NOW,
    signing_key="orders-1",
    method="PATCH",
    timeout=20,
    report_to="https://business.example.com/reports",
    report_signing_key="reports-1",
)

CORRECTIONS: dict[str, Any] = {
    "target": "https://orders.example.com/v2",
    "body": {"order": "1002"},
    "content_type": "application/vnd.v2+json",
    "headers": {"x-trace": "2"},
    "retry": "wechat",
    "acknowledgement": {"status": [200]},
    "expires_at": (NOW + timedelta(days=1)).isoformat(),
    "signing_key": "orders-2",
    "method": "PUT",
    "timeout": 5,
    "report_to": "https://business.example.com/v2",
    "report_signing_key": "reports-2",
}
