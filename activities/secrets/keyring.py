"""The keys that sign notifications, by name, from files that may change while the worker runs."""

import logging
import re
import stat
import time
import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Final

from activities.secrets.signing import Key, parse_keys
from tidings.credentials import is_key
from tidings.errors import InvalidInputError
from tidings.fields.key_name import KEY_NAME

SETTING: Final = "TIDINGS_KEYRING"

logger = logging.getLogger("tidings.keyring")

_READABLE: Final = "whoever has an account here may read it; take that away: chmod o-r"
_MAX_TABLE: Final = 1024 * 1024  # bytes
_MAX_FILE: Final = 64 * 1024
_SETTLED_NS: Final = 2_000_000_000  # the step of the coarsest file system's clock
_TOML_MESSAGE: Final = re.compile(r"(.*) \(at (line \d+, column \d+|end of document)\)", re.DOTALL)
_TOML_PROBLEMS: Final = {
    "Cannot overwrite a value": "a name is given twice",
    "Expected '=' after a key in a key/value pair": "a name has no = after it",
    "Expected newline or end of document after a statement": "a line goes on after its value",
    'Expected "\'"': "a text has no closing quote",
    "Illegal character '\\n'": "a text has no closing quote",
    "Invalid value": "a value is neither a text in quotes nor a list of them",
    "Unclosed array": "a list has no closing bracket, or no comma between two keys",
    "Unterminated string": "a text has no closing quote",
}
"""What ``tomllib`` says without quoting the document, of mistakes that a keyring may have."""


class UnknownKeyError(Exception):
    """The worker has no key of that name; the message says what to do about it."""


class _File:
    """Keys by name from one file, read again when it has changed.

    Where that fails, ``held`` stays as it was, and ``problem`` says what is wrong.
    """

    def __init__(self, path: Path, name: str | None = None) -> None:
        """``name`` is that of all its keys; without one it is a TOML table."""
        self.path = path
        self.name = name
        self.held: dict[str, tuple[Key, ...]] = {}
        self.problem: str | None = None
        self._stamp: tuple[int, ...] | None = None
        self._digest = b""

    def refresh(self) -> bool:
        """Reads it again if it has changed; whether that has found a new problem."""
        before = self.problem
        try:
            content = self._changed_content()
        except OSError as error:
            # It may pass without a change of the file, so every call tries. No path is in args[-1].
            self._stamp, self._digest = None, b""
            self.problem = str(error.args[-1])
            return self.problem != before
        if content is None:
            return False
        self._take_up(content)
        return self.problem is not None

    def _changed_content(self) -> bytes | None:
        """What it holds now; ``None`` where that is known."""
        found = self.path.stat()
        stamp = (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)
        if stamp == self._stamp:
            return None
        content = self._read(found.st_mode)
        # Two writes in quick succession may leave the same stamp, so a recent one is not trusted.
        settled = time.time_ns() - found.st_ctime_ns > _SETTLED_NS
        self._stamp = stamp if settled else None
        before, self._digest = self._digest, sha256(content).digest()
        return content if self._digest != before else None

    def _take_up(self, content: bytes) -> None:
        try:
            text = content.decode("utf-8-sig")
            self.held = _parse_table(text) if self.name is None else _parse_lines(self.name, text)
            self.problem = None
        except UnicodeDecodeError:
            self.problem = "it is not UTF-8"
        except ValueError as error:
            self.problem = str(error)

    def _read(self, mode: int) -> bytes:
        if not stat.S_ISREG(mode):  # to open a pipe would wait for its other end
            raise OSError("it is no regular file")
        limit = _MAX_TABLE if self.name is None else _MAX_FILE
        with self.path.open("rb") as file:
            content = file.read(limit + 1)
        if len(content) > limit:
            raise OSError(f"it is larger than {limit // 1024} KiB")
        return content


class Keyring:
    """Keys by name, from a TOML file or from a directory with one file a name.

    TOML: ``name = "whsec_…"``, or a list of keys that sign side by side while they rotate.
    A directory, as Kubernetes mounts a secret: one key a line. Blank lines, lines that begin
    with ``#``, and files whose name begins with a dot are ignored.

    A change takes effect at the next call. One that breaks a file is logged, and leaves the keys
    that it held before; so a file is taken up whole or not at all. Without a path there are none.
    """

    def __init__(self, path: Path | None) -> None:
        """Reads everything once.

        Raises ``InvalidInputError`` with the setting, the path, the key's name and the rule.
        """
        self._path = path
        self._table: _File | None = None
        self._files: dict[str, _File] = {}  # of a directory
        if path is not None:
            try:
                self._open(path)
            except (OSError, ValueError) as error:
                where = "not shown: it has a key" if is_key(str(path)) else path
                raise InvalidInputError(f"{SETTING} ({where}): {error.args[-1]}") from None

    def keys(self, name: str) -> tuple[Key, ...]:
        """The keys of that name, 1 to 10, as the files hold them now.

        Raises ``UnknownKeyError``.
        """
        if self._path is None:
            raise UnknownKeyError(f"this worker has no keyring; set {SETTING}")
        try:
            _checked(name)  # before it becomes part of a path
        except ValueError as error:
            raise UnknownKeyError(str(error)) from None
        file = self._table or self._files.setdefault(name, _File(self._path / name, name))
        is_new_problem = file.refresh()
        if file.problem is not None and file is not self._table and _is_removed(file.path):
            del self._files[name]
            raise _unknown(name)
        if is_new_problem:
            extra = {"path": str(file.path), "problem": file.problem}
            logger.error("keyring.unreadable", extra=extra)
        if name not in file.held:
            raise _unknown(name, file.problem)
        return file.held[name]

    def _open(self, path: Path) -> None:
        if path.is_dir():
            names = sorted(entry.name for entry in path.iterdir() if entry.name[0] != ".")
            self._files = {name: _File(path / name, _checked(name)) for name in names}
        else:
            self._table = _File(path)
        files = [self._table] if self._table else self._files.values()
        for file in files:
            file.refresh()
            if file.problem is not None:
                raise ValueError(f"{file.name!r}: {file.problem}" if file.name else file.problem)
        if any(file.path.stat().st_mode & stat.S_IROTH for file in files):
            logger.warning(
                "keyring.readable_by_others", extra={"path": str(path), "problem": _READABLE}
            )


def _is_removed(path: Path) -> bool:
    """Whether its directory is there without it, and is not just being exchanged."""
    try:
        return path not in path.parent.iterdir()
    except OSError:
        return False


def _unknown(name: str, problem: str | None = None) -> UnknownKeyError:
    where = SETTING if problem is None else f"{SETTING} cannot be read: {problem}"
    then = "add it there, and the next attempt takes it up"
    return UnknownKeyError(f"the worker's keyring has no key {name!r} ({where}); {then}")


def _checked(name: str) -> str:
    if not re.fullmatch(KEY_NAME, name) or is_key(name):
        raise ValueError(f"{_shown(name)} is no name: one is {KEY_NAME}, and no key itself")
    return name


def _shown(name: str) -> str:
    # Name and key may be the wrong way round; 32 characters are the base64 of a key's 24 bytes.
    conceal = len(name) >= 32 or is_key(name)
    return f"a name of {len(name)} characters" if conceal else repr(name)


def _parse_lines(name: str, text: str) -> dict[str, tuple[Key, ...]]:
    lines = (line.strip() for line in text.splitlines())
    return {name: parse_keys([line for line in lines if line and line[0] != "#"])}


def _parse_table(text: str) -> dict[str, tuple[Key, ...]]:
    if not text:
        raise ValueError("it is empty")  # as it is for a moment while somebody writes it
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"no TOML{_toml_problem(str(error))}") from None
    return {_checked(name): _parse_entry(name, value) for name, value in table.items()}


def _toml_problem(message: str) -> str:
    """Where the mistake is, and which if it is a known one: any other message may quote a key."""
    told = _TOML_MESSAGE.fullmatch(message)
    if told is None:
        return ""
    problem = _TOML_PROBLEMS.get(told[1])
    return f" at {told[2]}: {problem}" if problem else f" at {told[2]}"


def _parse_entry(name: str, value: object) -> tuple[Key, ...]:
    if isinstance(value, dict):
        raise ValueError(f'{_shown(name)} is a table; quote a name with a dot: "a.b" = …')  # noqa: TRY004
    try:
        return parse_keys(value if isinstance(value, list) else [value])
    except ValueError as error:
        raise ValueError(f"{_shown(name)}: {error}") from None
