"""The names that others depend on: other languages, operators, dashboards, saved searches.

A name never changes. The content that it stands for may only grow.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

WORKFLOW_TYPE: Final = "Notification"
BATCH_WORKFLOW_TYPE: Final = "NotificationBatch"
TASK_QUEUE: Final = "notifications"
SLOW_TASK_QUEUE: Final = "notifications-slow"
"""The task queue of attempts at slow targets."""

SIGNAL_RESEND: Final = "resend"
SIGNAL_CORRECT: Final = "correct"
SIGNAL_ABANDON: Final = "abandon"
UPDATE_INTERVENE: Final = "intervene"
QUERY_STATE: Final = "state"
QUERY_NOTIFICATION: Final = "notification"

ATTRIBUTE_STATUS: Final = "NotificationStatus"
ATTRIBUTE_TARGET: Final = "NotificationTarget"
ATTRIBUTE_TYPE: Final = "NotificationType"
ATTRIBUTE_CAUSE: Final = "NotificationCause"
"""Only a stuck notification has it."""
ATTRIBUTE_ACCEPTED_AT: Final = "NotificationAcceptedAt"
"""Only a later run of a notification has it; the first run began when it was accepted."""
SEARCH_ATTRIBUTES: Final[Mapping[str, str]] = MappingProxyType(
    {
        ATTRIBUTE_STATUS: "Keyword",
        ATTRIBUTE_TARGET: "Keyword",
        ATTRIBUTE_TYPE: "Keyword",
        ATTRIBUTE_CAUSE: "Keyword",
        ATTRIBUTE_ACCEPTED_AT: "Datetime",
    }
)
"""The search attributes and their types in Temporal."""

REPORT_TYPES: Final = {
    "awaiting_intervention": "notification.awaiting_intervention",
    "delivered": "notification.delivered",
    "abandoned": "notification.abandoned",
}
"""The types of the reports to the business system, by the status that they report."""

ACTIVITY_DELIVER: Final = "deliver"
ACTIVITY_DELIVER_AT_ONCE: Final = "deliver_at_once"
ACTIVITY_HALT: Final = "halt"
ACTIVITY_FORGET: Final = "forget"
ACTIVITY_BATCH: Final = "run_batch"

FAILURE_INVALID: Final = "InvalidNotification"
"""The workflow's failure if its input is not a notification."""
FAILURE_AGAIN: Final = "NotAcknowledged"
"""An attempt's failure that Temporal has to retry."""
FAILURE_TOO_EARLY: Final = "TooEarly"
"""An attempt that was handed out before it was due."""
FAILURE_HALTED: Final = "Halted"
"""An attempt that must not be made, because somebody intervened in its round."""
FAILURE_SLOW_TARGET: Final = "SlowTarget"
"""An attempt that must not be made in the ordinary lane, because its target is slow."""
FAILURE_REPEATED: Final = "Repeated"
"""An attempt of the fast lane that must not be made, because it may have been made before."""
# An attempt that ends its round for a ``WaitReason`` fails with the value of that reason.

_FAIRNESS_KEY_BYTES: Final = 64
WORKFLOW_ID_PREFIX: Final = "notification:"


def workflow_id(notification_id: str) -> str:
    """The id of the workflow that delivers the notification."""
    return f"{WORKFLOW_ID_PREFIX}{notification_id}"


def possible_workflow_ids(notification_id: str) -> tuple[str, ...]:
    """The ids of the workflows that a person may mean by ``notification_id``.

    An id that begins with ``notification:``, as one that was copied from the Web UI, may also be
    the workflow's.
    """
    own = workflow_id(notification_id)
    is_copied = notification_id.startswith(WORKFLOW_ID_PREFIX)
    return (own, notification_id) if is_copied else (own,)


def notification_id(workflow_id: str) -> str:
    """The id of the notification that a workflow delivers.

    Raises ``ValueError`` if the workflow does not belong to a notification.
    """
    if not workflow_id.startswith(WORKFLOW_ID_PREFIX):
        raise ValueError(foreign_id(workflow_id))
    return workflow_id.removeprefix(WORKFLOW_ID_PREFIX)


def foreign_id(workflow_id: str) -> str:
    """The problem with a workflow id that no notification can have."""
    return (
        f"workflow id {workflow_id[:100]!r} does not belong to a notification: "
        f"it has to be {WORKFLOW_ID_PREFIX!r} followed by the notification's id"
    )


def report_id(notification_id: str, number: int) -> str:
    """The id of the ``number``-th report (from 1) on a notification."""
    return f"{notification_id}:report:{number}"


def fairness_key(authority: str) -> str:
    """Temporal's fairness key of a host and port, so that no target starves another."""
    return authority[-_FAIRNESS_KEY_BYTES:]


def round_activity_id(round_: int) -> str:
    """The id of the activity that runs a round, counted from 1."""
    return f"round-{round_}"
