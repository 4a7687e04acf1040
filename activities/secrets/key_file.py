"""The text of a keyring's file, and the entries in it; pure. No message shows a part of a key."""

import re
import tomllib
from typing import Any, Final

from activities.secrets.hmac_table import SCHEME, parse_hmac
from activities.secrets.signature import Signer
from activities.secrets.standard import parse_keys
from tidings.credentials import is_key
from tidings.fields.key_name import KEY_NAME

_SHORTEST_KEY: Final = 32
"""Characters: the base64 of the 24 bytes that a key has at least."""
_TOML_LINE: Final = re.compile(r"\(at line ([0-9]+), column [0-9]+\)\Z")
"""The end of ``tomllib``'s messages (Python 3.11 to 3.13). The rest may quote a key."""
_SCHEME_LINE: Final = re.compile(rf"^[ \t]*{SCHEME}[ \t]*=", re.MULTILINE)
"""A line that only a table has."""

Signers = dict[str, Signer]
"""The entries of a keyring, by the names of their keys."""


def parse_table(text: str) -> Signers:
    """The entries in TOML, by name; raises ``ValueError`` with the name or line, and the rule."""
    table = _loaded(text)
    return {checked_name(name): _named_entry(name, value) for name, value in table.items()}


def parse_file(text: str) -> Signer:
    """The entry in the text of a file of its own; raises ``ValueError`` with the rule.

    The text has one key a line; or, if one of its lines begins with ``scheme =``, it is a table.
    """
    if _SCHEME_LINE.search(text):
        return parse_hmac(_loaded(text))
    lines = (line.strip() for line in text.splitlines())
    return parse_keys([line for line in lines if line and not line.startswith("#")])


def checked_name(name: str) -> str:
    """``name`` itself; raises ``ValueError`` unless it is the name of a key."""
    if not re.fullmatch(KEY_NAME, name) or is_key(name):
        rule = f"a name matches {KEY_NAME} and is not itself a key"
        raise ValueError(f"{_without_key(name)} is not the name of a key: {rule}")
    return name


def _loaded(text: str) -> dict[str, Any]:
    if not text:
        raise ValueError("it is empty")  # as a file is for a moment if it is written in place
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        line = _TOML_LINE.search(str(error))
        place = f"line {line[1]}" if line else "it"
        raise ValueError(f"{place} is not valid TOML") from None


def _named_entry(name: str, value: object) -> Signer:
    if isinstance(value, dict) and SCHEME not in value:
        advice = f'write {SCHEME} = "hmac" into it, or quote a name with a dot: "a.b" = …'
        raise ValueError(f"{_without_key(name)} is a table without {SCHEME}; {advice}")
    try:
        return _entry(value)
    except ValueError as error:
        raise ValueError(f"{_without_key(name)}: {error}") from None


def _entry(value: object) -> Signer:
    if isinstance(value, dict):
        return parse_hmac(value)
    return parse_keys(value if isinstance(value, list) else [value])


def _without_key(name: str) -> str:
    """``name`` for a message; only its length if somebody has swapped name and key."""
    is_long = len(name) >= _SHORTEST_KEY
    return f"a name of {len(name)} characters" if is_long or is_key(name) else repr(name)
