"""The fields of a table in a keyring, each checked when it is read; pure.

No message shows a value, unless it is a word that everybody knows. A value may be a secret that
somebody has put into the wrong field.
"""

import hashlib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Final

MAX_TEXT: Final = 1000
"""Characters."""

_WELL_KNOWN: Final = hashlib.algorithms_available | {
    *(
        "sha-1",
        "sha-224",
        "sha-256",
        "sha-384",
        "sha-512",
        "hmac-sha1",
        "hmac-sha256",
        "hmacsha256",
    ),
    *("hmac-sha512", "ed25519", "rsa", "base16", "base32", "base64url", "hexadecimal"),
    *("utf-8", "binary", "raw", "standard-webhooks", "standard", "basic", "bearer"),
}


class Table:
    """The fields of a table; every problem is a ``ValueError`` with the field and the rule."""

    def __init__(self, fields: Mapping[str, object], known: Sequence[str]) -> None:
        """Refuses a field that is not one of ``known``."""
        self._fields = fields
        for number, name in enumerate(fields, start=1):
            if name not in known:
                near = get_close_matches(name, known, 1)
                advice = f"perhaps {near[0]} is meant" if near else f"known are {', '.join(known)}"
                raise ValueError(f"field {number} is not known; {advice}")

    def __contains__(self, field: str) -> bool:
        return field in self._fields

    def texts(self, field: str) -> tuple[object, ...]:
        """The items of a list, or a value alone."""
        value = self._fields[field]
        return tuple(value) if isinstance(value, list) else (value,)

    def text(self, field: str, default: str | None = None) -> str:
        """A text; it must be there unless there is a ``default``."""
        value = self._fields.get(field, default)
        if value is None:
            raise ValueError(f"{field} is missing")
        return checked_text(field, value)

    def choice(self, field: str, options: Sequence[str], default: str | None = None) -> str:
        """One of ``options``; it must be there unless there is a ``default``."""
        text = self.text(field, default)
        if text not in options:
            shown = repr(text) if text.lower() in _WELL_KNOWN else _length(text)
            raise ValueError(f"{field}: {shown} is not {' or '.join(options)}")
        return text

    def one_of(self, first: str, second: str) -> str:
        """The name of the field that is there, of two that exclude each other."""
        if (first in self) == (second in self):
            found = "both are there" if first in self else "neither is there"
            raise ValueError(f"{first} or {second}: {found}; give exactly one of them")
        return first if first in self else second


def checked_text(field: str, value: object) -> str:
    """``value`` if it is a text of a sensible length; otherwise raises ``ValueError``."""
    if not isinstance(value, str):
        raise ValueError(f"{field}: it is not text")  # noqa: TRY004 -- it comes from a file
    if len(value) > MAX_TEXT:
        raise ValueError(f"{field}: {_length(value)}, and the limit is {MAX_TEXT:,}")
    return value


def _length(text: str) -> str:
    return f"a text of {len(text):,} characters"
