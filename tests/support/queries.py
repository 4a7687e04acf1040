"""The conditions of every query."""

from typing import Final

KIND: Final = "WorkflowType = 'Notification' AND ExecutionStatus != 'ContinuedAsNew'"
"""It is a run of a notification that no other run continues."""
ALL: Final = f"{KIND} AND (WorkflowId STARTS_WITH 'notification:' OR ExecutionStatus = 'Failed')"
"""It is a notification, or was rejected."""
