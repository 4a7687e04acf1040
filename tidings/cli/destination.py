"""The destination of an export: a file that is written whole, or standard output."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from tidings import InvalidInputError
from tidings.cli import output, terminal


def regular_file(path: Path) -> Path | None:
    """The file behind ``path``; ``None`` for ``-``, which is standard output.

    Raises ``InvalidInputError`` if no file can be written there.
    """
    if str(path) == "-":
        return None
    try:
        path = path.resolve()
        if path.exists() and not path.is_file():
            raise InvalidInputError(f"--output {path} is not a file; '-' is standard output")
        if not path.parent.is_dir():
            raise InvalidInputError(f"--output {path} is in a directory that does not exist")
    except (OSError, RuntimeError) as error:
        raise InvalidInputError(f"--output {path} cannot be written: {error}") from error
    return path


@contextmanager
def opened(path: Path | None) -> Iterator[TextIO]:
    """A text stream in UTF-8, whatever the terminal is; ``None`` is standard output.

    The file gets its name once it is complete, so that nobody reads a part as the whole. Ends the
    process if the file cannot be written.
    """
    if path is None:
        with terminal.content() as text:
            yield text
        return
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("x", encoding="utf-8", errors="backslashreplace", newline="") as text:
            yield text
            text.flush()
            os.fsync(text.fileno())
        part.replace(path)
    except OSError as error:
        output.print_error(f"{path} cannot be written: {error.strerror}")
        raise SystemExit(1) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
