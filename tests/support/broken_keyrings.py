"""Contents of a keyring that cannot be read, each with its problem."""

from typing import Final

from tests.support.keyrings import OLD
from tests.support.signing_keys import MARKER, NOT_KEYS, key_of

Broken = tuple[str | bytes, str]
"""The content of a file, and the problem with it."""

KEY: Final = key_of(24)
TWICE: Final = f'orders = "{OLD}"\norders = "{KEY}"'
NOT_TEXT: Final = "'orders': key 1: it is not text"
IS_TABLE: Final = (
    "'orders' is a table without scheme; write scheme = \"hmac\" into it, or quote a name"
)

BROKEN_TABLES: Final[dict[str, Broken]] = {
    "empty": ("", "it is empty"),
    # The text of TOML.
    "unclosed quote": (f'orders = "{KEY}\n', "line 1 is not valid TOML"),
    "unclosed quote at the end": (f'orders = "{KEY}', "it is not valid TOML"),
    "unclosed single quote": (f"orders = '{KEY}", "it is not valid TOML"),
    "missing first quote": (f'# new\n\norders = {MARKER}"\n', "line 3 is not valid TOML"),
    "no quotes": (f"orders = {KEY}", "line 1 is not valid TOML"),
    "unclosed list": (f"orders = [\n'{KEY}'", "it is not valid TOML"),
    "missing comma": (f"orders = ['{OLD}'\n'{KEY}']", "line 2 is not valid TOML"),
    "name twice, at the end": (TWICE, "it is not valid TOML"),
    "name twice": (f"{TWICE}\n", "line 2 is not valid TOML"),
    "two values": (f'orders = "{MARKER}", "{MARKER}"\n', "line 1 is not valid TOML"),
    "key alone": (KEY, "it is not valid TOML"),
    "colon in place of =": (f'orders: "{KEY}"', "line 1 is not valid TOML"),
    "unknown escape": (f'orders = "{MARKER}\\q"', "line 1 is not valid TOML"),
    "text like a message": (
        f'\norders = "{MARKER} (at line 7, column 7)\n',
        "line 2 is not valid TOML",
    ),
    "inline name twice": (
        f'orders = {{"{MARKER}" = 1, "{MARKER}" = 2}}',
        "line 1 is not valid TOML",
    ),
    "table twice": (f'[orders]\nx = "{MARKER}"\n[orders]', "line 3 is not valid TOML"),
    "huge number": (f"# {MARKER}\norders = {'9' * 5000}", "it is not valid TOML"),
    "deep list": (f"# {MARKER}\norders = {'[' * 50_000}", "it is not valid TOML"),
    "control character": (f'orders = "{MARKER}\x00"', "line 1 is not valid TOML"),
    "not UTF-8": (f'orders = "{MARKER}'.encode() + b'\xff"', "it is not UTF-8"),
    "UTF-16": (f"# {MARKER}".encode("utf-16"), "it is not UTF-8"),
    # Its values.
    "number": ("orders = 3", NOT_TEXT),
    "boolean": ("orders = true", NOT_TEXT),
    "date": ("orders = 2026-01-01", NOT_TEXT),
    "no keys": ("orders = []", "'orders': it has 0 keys; 1 to 10 are needed"),
    "too many keys": (
        f"orders = {[KEY] * 11}",
        "'orders': it has 11 keys; 1 to 10 are needed",
    ),
    "list in a list": (f'orders = [["{MARKER}"]]', NOT_TEXT),
    "number in a list": (
        f'orders = ["{OLD}", 3, "{MARKER}"]',
        "'orders': key 2: it is not text",
    ),
    "list of tables": (f'[[orders]]\nkey = "{KEY}"', NOT_TEXT),
    "table": (f'[orders]\nkey = "{KEY}"', IS_TABLE),
    "dotted name": (f'orders.new = "{KEY}"', IS_TABLE),
    # Its names.
    "key as a table": (f'{KEY}.new = "orders"', "a name of 38 characters is not the name"),
    "key as the name": (f'{KEY} = "orders"', "a name of 38 characters is not the name"),
    "key as the name, without prefix": (
        f'{KEY[6:]} = "orders"',
        "a name of 32 characters: key 1: it begins with neither",
    ),
    "quoted key as the name": (
        f'"{key_of(25)[6:]}" = "orders"',
        "a name of 36 characters is not the name",
    ),
    "private key as the name": (
        f'whsk_{MARKER} = "orders"',
        "a name of 15 characters is not the name",
    ),
    "space in the name": (f'"a b" = "{KEY}"', "'a b' is not the name of a key"),
    "path as the name": (f'"../orders" = "{KEY}"', "'../orders' is not the name of a key"),
    "empty name": (f'"" = "{KEY}"', "'' is not the name of a key"),
}

BROKEN_FILES: Final[dict[str, Broken]] = {
    "empty": ("", "it has 0 keys; 1 to 10 are needed"),
    "comment alone": (f"\n \n# {KEY}\n", "it has 0 keys; 1 to 10 are needed"),
    "too many keys": (f"{KEY}\n" * 11, "it has 11 keys; 1 to 10 are needed"),
    "comment after a key": (
        f"{OLD}\n\n{KEY} # new",
        "key 2: what follows its prefix is not base64",
    ),
    "TOML": (f'orders = "{KEY}"', "key 1: it begins with neither whsec_ nor whsk_"),
    "comma": (f"{KEY},{KEY}", "key 1: what follows its prefix is not base64"),
    "not UTF-8": (f"{MARKER}".encode() + b"\xff", "it is not UTF-8"),
    "UTF-16": (KEY.encode("utf-16"), "it is not UTF-8"),
    **{
        f"not a key, {number}": (text, f"key 1: {problem}")
        for number, (text, problem) in enumerate(NOT_KEYS)
        if isinstance(text, str) and text.isalnum()
    },
}
