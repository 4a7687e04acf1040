"""The terminal, or what replaces it: a pipe, a file, a full disk."""

import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, Final, NoReturn, TextIO

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tidings.base.text import printable

_WIDTH: Final = 2000
"""Columns. A table that is cut is worse than one that the terminal has to wrap."""


class _Output(Console):
    """A console whose reader may leave, or whose disk may be full."""

    def on_broken_pipe(self) -> None:
        _leave(self.file)

    def print(self, *objects: Any, **options: Any) -> None:
        try:
            super().print(*objects, **options)
        except OSError as error:
            if not self.stderr:  # if standard error is full, nobody can be informed
                _stop(error)


def _escape_unencodable(stream: TextIO) -> None:
    """Has a stream write escapes for what its encoding lacks, instead of raising."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")


def _closed() -> TextIO:
    """A stream that replaces a closed standard output, and fails like one."""
    return os.fdopen(os.open(os.devnull, os.O_RDONLY), "w")


if sys.__stdout__ is None:
    sys.stdout = _closed()
_escape_unencodable(sys.stdout)
_escape_unencodable(sys.stderr)
# With emoji, rich would print the id ``order:star:1`` with a star in it.
out = _Output(highlight=False, emoji=False, width=_WIDTH)
err = _Output(highlight=False, emoji=False, soft_wrap=True, stderr=True)


def _leave(stream: IO[str]) -> None:
    """Ends quietly because the reader of ``stream`` (``… | head``) has left."""
    # The interpreter would write what is buffered once more as it ends, and fail again.
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    if stream is sys.stdout:
        raise SystemExit(0)


def _stop(error: OSError) -> NoReturn:
    """Ends with an error because standard output cannot be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    err.print(f"[red]error:[/red] standard output cannot be written: {error.strerror}")
    raise SystemExit(1)


@contextmanager
def standard_output() -> Iterator[TextIO]:
    """Standard output; ends the process, with an error or quietly, if it cannot be written."""
    try:
        yield sys.stdout
        sys.stdout.flush()
    except BrokenPipeError:
        _leave(sys.stdout)
    except OSError as error:
        _stop(error)


def write(text: str) -> None:
    """Writes text to standard output as it is, at once."""
    with standard_output() as stream:
        stream.write(text)


@contextmanager
def content() -> Iterator[TextIO]:
    """Standard output for the content of a file: UTF-8, whatever the terminal is."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="")
    with standard_output() as stream:
        yield stream


def print_table(table: Table) -> None:
    """Prints a table as wide as it is, without blanks at the ends of its lines."""
    with standard_output() as stream:
        with out.capture() as captured:  # its end writes too, even if only an empty text
            out.print(table)
        stream.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


def json_text(document: Any) -> str:
    """A JSON document that standard output can encode."""
    unicode = sys.stdout.encoding.lower().startswith("utf")
    return json.dumps(document, ensure_ascii=not unicode, indent=2)


def escaped(text: str) -> str:
    """Foreign text in one line, without markup and without power over the terminal."""
    return escape(printable(text))
