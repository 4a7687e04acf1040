"""The embedded server alone, on the ports that ``worker.py`` would use, too."""

import os
from pathlib import Path
from typing import Any, Final

from tidings.temporal.embedded import EmbeddedServer

_SETTINGS: Final = {
    "port": "TIDINGS_PORT",
    "ui_port": "TIDINGS_UI_PORT",
    "http_port": "TIDINGS_HTTP_PORT",
}


def embedded(directory: Path) -> EmbeddedServer:
    """The server whose database is in ``directory``."""
    ports: dict[str, Any] = {
        name: int(os.environ[it]) for name, it in _SETTINGS.items() if it in os.environ
    }
    return EmbeddedServer(directory=directory, **ports)
