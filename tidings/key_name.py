"""The name of a signing key, which is all that a notification holds of it; pure."""

import re
from typing import Annotated, Final

from pydantic import BeforeValidator, Field

KEY_NAME: Final = r"^[A-Za-z0-9_][A-Za-z0-9_.\-]{0,99}$"
"""What the name of a key matches."""

_KEY_ITSELF: Final = re.compile(
    r"(?i:whsec_|whsk_)"  # the prefixes of Standard Webhooks
    # Base64 of the 24 bytes that a key has at least, without its prefix; a UUID is none.
    r"|(?=[A-Z0-9]{0,31}[a-z])(?=[a-z0-9]{0,31}[A-Z])(?=[A-Za-z]{0,31}[0-9])[A-Za-z0-9]{32}"
)
_MOST_SEARCHED: Final = 10_000
"""Anybody may send a text of megabytes, which would take the worker's whole time."""


def may_be_key(text: str) -> bool:
    """Whether somebody may have written a key where its name belongs."""
    return _KEY_ITSELF.search(text[:_MOST_SEARCHED]) is not None


def _no_key(name: object) -> object:
    if isinstance(name, str) and may_be_key(name):
        raise ValueError("it looks like a secret; give the name of a key, never the secret")
    return name


KeyName = Annotated[str, Field(pattern=KEY_NAME), BeforeValidator(_no_key)]
"""The name of a key in the worker's keyring, 1 to 100 of ``A-Z a-z 0-9 _ . -``."""
