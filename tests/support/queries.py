"""The conditions of every query."""

from typing import Final

ALL: Final = (
    "WorkflowType = 'Notification' AND WorkflowId STARTS_WITH 'notification:'"
    " AND ExecutionStatus != 'Failed' AND ExecutionStatus != 'ContinuedAsNew'"
)
"""It is a notification, and was accepted."""
