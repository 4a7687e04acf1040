"""The report on a notification to its business system: a notification of its own; pure."""

from datetime import datetime
from typing import Final

from tidings import contract
from tidings.notification import Notification
from tidings.state import NotificationState, Status

REPORT_RETRY: Final = "standard-webhooks"
"""The preset of reports: three days, because the business system may be down for a while."""


def report(
    state: NotificationState,
    report_to: str,
    signing_key: str | None,
    *,
    now: datetime,
) -> Notification:
    """The report on ``state``, in the envelope of Standard Webhooks: type, timestamp and data.

    It is delivered, gets stuck and is resent like any notification. It has no report of its own.
    """
    type_ = contract.REPORT_TYPES[state.status]
    # The last attempt of a delivered notification is not an error.
    failed = state.attempts[:-1] if state.status is Status.DELIVERED else state.attempts
    return Notification(
        id=contract.report_id(state.id, state.report_count + 1),
        type=type_,
        target=report_to,
        retry=REPORT_RETRY,
        signing_key=signing_key,
        body={
            "type": type_,
            "timestamp": now.isoformat(),
            "data": {
                "id": state.id,
                "type": state.type,
                "target": state.target,
                "status": state.status.value,
                "reason": state.reason.value if state.reason is not None else None,
                "explanation": state.explanation,
                "attempt_count": state.attempt_count,
                "attempts": state.to_json()["attempts"],
                "last_error": failed[-1].explanation if failed else None,
            },
        },
    )
