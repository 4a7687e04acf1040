"""The name of the program, as the user ran it."""

import sys
from pathlib import Path
from typing import Final

_CHECKOUT: Final = "starter.py"

NAME: Final = _CHECKOUT if Path(sys.argv[0]).name == _CHECKOUT else "tidings"
"""``starter.py`` in a checkout, ``tidings`` in an installation: for help texts and messages."""
