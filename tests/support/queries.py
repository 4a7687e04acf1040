"""What every query holds."""

from typing import Final

ALL: Final = (
    "WorkflowType = 'Notification' AND WorkflowId STARTS_WITH 'notification:'"
    " AND ExecutionStatus != 'Failed' AND ExecutionStatus != 'ContinuedAsNew'"
)
"""That it is a notification, and was accepted."""
