"""The text of a keyring's file, and the keys in it; pure. No message shows a part of a key."""

import re
import tomllib
from typing import Final

from activities.secrets.signing import Key, parse_keys
from tidings.credentials import is_key
from tidings.fields.key_name import KEY_NAME

_SHORTEST_KEY: Final = 32
"""Characters: the base64 of the 24 bytes that a key has at least."""
_TOML_LINE: Final = re.compile(r"\(at line ([0-9]+), column [0-9]+\)\Z")
"""The end of ``tomllib``'s messages (Python 3.11 to 3.13). The rest may quote a key."""


Keys = dict[str, tuple[Key, ...]]
"""Keys by name."""


def parse_table(text: str) -> Keys:
    """The keys by name in TOML; raises ``ValueError`` with the name or the line, and the rule."""
    if not text:
        raise ValueError("it is empty")  # as a file is for a moment if it is written in place
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        line = _TOML_LINE.search(str(error))
        place = f"line {line[1]}" if line else "it"
        raise ValueError(f"{place} is not valid TOML") from None
    return {checked_name(name): _entry(name, value) for name, value in table.items()}


def parse_lines(text: str) -> tuple[Key, ...]:
    """The keys in a text with one key a line; raises ``ValueError`` with the rule."""
    lines = (line.strip() for line in text.splitlines())
    return parse_keys([line for line in lines if line and not line.startswith("#")])


def checked_name(name: str) -> str:
    """``name`` itself; raises ``ValueError`` unless it is the name of a key."""
    if not re.fullmatch(KEY_NAME, name) or is_key(name):
        rule = f"a name matches {KEY_NAME} and is not itself a key"
        raise ValueError(f"{_without_key(name)} is not the name of a key: {rule}")
    return name


def _entry(name: str, value: object) -> tuple[Key, ...]:
    if isinstance(value, dict):
        message = f'{_without_key(name)} is a table; quote a name with a dot: "a.b" = …'
        raise ValueError(message)  # noqa: TRY004 -- it comes from a file
    try:
        return parse_keys(value if isinstance(value, list) else [value])
    except ValueError as error:
        raise ValueError(f"{_without_key(name)}: {error}") from None


def _without_key(name: str) -> str:
    """``name`` for a message; only its length if somebody has swapped name and key."""
    is_long = len(name) >= _SHORTEST_KEY
    return f"a name of {len(name)} characters" if is_long or is_key(name) else repr(name)
