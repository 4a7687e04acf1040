"""The advice of the library, in the options of the command line; pure."""

from typing import Final

_OPTIONS: Final = {
    "set even_if_expired": "add --even-if-expired",
    "a later expires_at": "a later --expires-at",
    "set even_if_delivered": "add --delivered",
    "with even_if_delivered": "with --delivered",
    "set even_if_abandoned": "add --abandoned",
    "with even_if_abandoned": "with --abandoned",
    "so not_before has": "so --not-before has",
}
"""The advice of the library, and the options of the command line that do the same."""


def in_options(text: str) -> str:
    """``text`` with the advice that a person at the command line can follow."""
    for advice, option in _OPTIONS.items():
        text = text.replace(advice, option)
    return text
