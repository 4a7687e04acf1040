"""The name of a signing key. A notification holds this name and never the key; pure."""

from typing import Annotated, Final

from pydantic import Field

KEY_NAME: Final = r"^[A-Za-z0-9_][A-Za-z0-9_.\-]{0,99}$"
"""The pattern of a key's name."""

KeyName = Annotated[str, Field(pattern=KEY_NAME)]
"""The name of a key in the worker's keyring, 1 to 100 of ``A-Z a-z 0-9 _ . -``."""
