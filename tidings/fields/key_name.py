"""The name of a signing key. A notification holds this name and never the key; pure."""

import re
from typing import Annotated, Final

from pydantic import BeforeValidator, Field

KEY_NAME: Final = r"^[A-Za-z0-9_][A-Za-z0-9_.\-]{0,99}$"
"""The pattern of a key's name."""


def _check(name: object) -> object:
    # The rule of the pattern alone would not say that this is no place for the key itself.
    if isinstance(name, str) and not re.fullmatch(KEY_NAME, name):
        raise ValueError(
            "String should be 1 to 100 of A-Z a-z 0-9 _ . -: give the name of a key, not the secret"
        )
    return name


KeyName = Annotated[str, Field(pattern=KEY_NAME), BeforeValidator(_check)]
"""The name of a key in the worker's keyring, 1 to 100 of ``A-Z a-z 0-9 _ . -``."""
