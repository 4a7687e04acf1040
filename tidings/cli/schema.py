"""``schema``: print the JSON Schema of a notification."""

from tidings import Notification
from tidings.cli import output


def schema() -> None:
    """Print the JSON Schema of a notification."""
    output.print_json(Notification.model_json_schema())
