"""The command lines that do what the demo does, as a person types them in this checkout."""

import os
import shlex
import sys
from pathlib import Path
from typing import Final

from demo.child import ROOT
from tidings import Abandon, Resend, Status
from tidings.temporal.connect import DEFAULT_ADDRESS

_USUAL_ADDRESS: Final = os.environ.get("TEMPORAL_ADDRESS", DEFAULT_ADDRESS)
"""The server that commands use if they do not name one; the demo itself ignores the variable."""


class Commands:
    """``starter.py`` with this Python, on the Temporal server at ``address`` (host:port)."""

    def __init__(self, address: str) -> None:
        python = Path(sys.executable)
        if python.is_relative_to(ROOT):
            python = python.relative_to(ROOT)
        self._setting = [] if address == _USUAL_ADDRESS else [f"TEMPORAL_ADDRESS={address}"]
        self._starter = [str(python), "starter.py"]

    def list(self, status: Status) -> str:
        """Returns the command that lists the notifications with a status."""
        return self._line("list", "--status", status.value)

    def intervene(self, notification_id: str, action: Resend | Abandon) -> str:
        """Returns the command that resends or abandons a notification."""
        options = []
        for name, value in action.model_dump(mode="json", exclude_unset=True).items():
            option = "new-target" if name == "target" else name.replace("_", "-")
            options += [f"--{option}", str(value)]
        verb = "abandon" if isinstance(action, Abandon) else "resend"
        return self._line(verb, notification_id, *options)

    def _line(self, *arguments: str) -> str:
        return shlex.join([*self._setting, *self._starter, *arguments])
