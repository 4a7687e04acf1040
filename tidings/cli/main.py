"""The entry point of the command line: starts it, or says which extra is missing."""

import sys
from importlib.util import find_spec
from typing import Final

from tidings.cli import program

_NEEDED: Final = ("rich", "typer")
"""The packages of the extra ``cli``."""


def main() -> None:
    """Runs the command line; exits with 1 and one line of advice without the extra ``cli``."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        sys.exit(f"error: {program.NAME} needs {' and '.join(missing)}: pip install 'tidings[cli]'")
    from tidings.cli import app  # noqa: PLC0415 -- it imports the extra

    app.run()
