"""What the business system is told of a notification: a notification of its own; pure."""

from datetime import datetime
from typing import Final

from tidings import contract
from tidings.notification import Notification
from tidings.state import NotificationState, Status

REPORT_RETRY: Final = "standard-webhooks"
"""Reports are tried for three days: who has to act on them may be down for a while."""


def report(
    state: NotificationState, report_to: str, signing_key: str | None, now: datetime
) -> Notification:
    """The report on ``state``, in the envelope of Standard Webhooks: type, timestamp and data.

    It has the same attempt log, stuck state and resend as any notification, and no report of
    its own.
    """
    type_ = contract.REPORT_TYPES[state.status]
    # The last attempt of what was delivered is no error.
    failed = state.attempts[:-1] if state.status is Status.DELIVERED else state.attempts
    story = state.to_json()
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
                "attempts": story["attempts"],
                "last_error": failed[-1].explanation if failed else None,
            },
        },
    )
