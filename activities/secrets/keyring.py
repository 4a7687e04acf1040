"""The keys that sign notifications, by name, from files that may change while the worker runs."""

import logging
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final

from activities.secrets.key_file import Signers, checked_name, parse_file, parse_table
from activities.secrets.signature import Signer, UnsignedError
from tidings.credentials import is_key
from tidings.errors import InvalidInputError

SETTING: Final = "TIDINGS_KEYRING"

logger = logging.getLogger("tidings.keyring")


class Keyring:
    """Keys by name, from a TOML file, or from a directory with one file for each name.

    TOML: ``name = "whsec_…"``; or a list of keys that sign side by side while they rotate; or a
    table, which describes another scheme (see ``hmac_table``).
    A directory, as Kubernetes mounts a secret: each file has one key a line, or the lines of such a
    table. Blank lines, lines that begin with ``#``, and files with a dot before their name are
    ignored.

    A change takes effect at the next call. To change a file, write a new one and rename it over
    the old one. A change that breaks a file is logged once, and its keys from before stay in use.
    """

    def __init__(self, path: Path | None) -> None:
        """Reads every file once; without a path there are no keys.

        Raises ``InvalidInputError`` with the setting, the path, the key's name and the rule.
        """
        self._path = path
        self._table: _File | None = None
        self._files: dict[str, _File] = {}
        """The files of a directory, by the name of their keys."""
        if path is not None:
            try:
                self._open(path)
            except (OSError, ValueError) as error:
                place = "not shown: it has a key" if is_key(str(path)) else path
                raise InvalidInputError(f"{SETTING} ({place}): {error.args[-1]}") from None

    def signer(self, name: str) -> Signer:
        """The entry of that name, as the files hold it now.

        Raises ``UnsignedError`` if there is no such entry.
        """
        if self._path is None:
            raise UnsignedError(f"this worker has no keyring; set {SETTING}")
        try:
            checked_name(name)  # before it becomes part of a path
        except ValueError as error:
            raise UnsignedError(str(error)) from None
        file = self._table or self._files.setdefault(name, _own_file(self._path, name))
        if self._table is None and _is_removed(file.path):
            del self._files[name]
            raise _unknown(name)
        problem = file.refresh()
        if problem is not None:
            extra = {"path": str(file.path), "problem": problem}
            logger.error("keyring.unreadable", extra=extra)
        if name not in file.signers:
            raise _unknown(name, file.problem)
        return file.signers[name]

    def _open(self, path: Path) -> None:
        if path.is_dir():
            names = sorted(each.name for each in path.iterdir() if not each.name.startswith("."))
            self._files = {name: _own_file(path, checked_name(name)) for name in names}
        else:
            self._table = _File(path, parse_table)
        files = [self._table] if self._table else self._files.values()
        for file in files:
            problem = file.refresh()
            if problem is not None:
                place = "" if file is self._table else f"{file.path.name!r}: "
                raise ValueError(f"{place}{problem}")
        if any(file.path.stat().st_mode & stat.S_IROTH for file in files):
            advice = "every account of this machine may read it; take that away: chmod o-r"
            extra = {"path": str(path), "problem": advice}
            logger.warning("keyring.readable_by_others", extra=extra)


class _File:
    """One file and its entries."""

    def __init__(self, path: Path, parse: Callable[[str], Signers]) -> None:
        self.path = path
        self.signers: Signers = {}
        self.problem: str | None = None
        """The reason why the file cannot be read now; ``signers`` are from before."""
        self._parse = parse
        self._stamp: tuple[int, ...] | None = None

    def refresh(self) -> str | None:
        """Reads the file if it has changed; returns a problem that is new."""
        try:
            found = self.path.stat()
            stamp = (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)
            if stamp == self._stamp:
                return None
            if not stat.S_ISREG(found.st_mode):  # to open a pipe would wait for its other end
                raise OSError("it is not a regular file")  # noqa: TRY301 -- as an unreadable one
            self._stamp = stamp
            self.signers, self.problem = self._parse(self.path.read_text("utf-8-sig")), None
        except OSError as error:
            self._stamp = None  # the cause may go away while the file stays as it is
            problem = str(error.args[-1])  # without the path
            if problem == self.problem:
                return None
            self.problem = problem
        except UnicodeDecodeError:  # its message quotes the file
            self.problem = "it is not UTF-8"
        except ValueError as error:
            self.problem = str(error)
        return self.problem


def _own_file(directory: Path, name: str) -> _File:
    return _File(directory / name, lambda text: {name: parse_file(text)})


def _is_removed(path: Path) -> bool:
    """True if the directory is there without the file; a link into nothing is still there."""
    return path.parent.is_dir() and not os.path.lexists(path)


def _unknown(name: str, problem: str | None = None) -> UnsignedError:
    where = SETTING if problem is None else f"{SETTING} cannot be read: {problem}"
    advice = "add it there, and the next attempt uses it"
    return UnsignedError(f"the worker's keyring has no key {name!r} ({where}); {advice}")
