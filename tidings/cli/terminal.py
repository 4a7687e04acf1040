"""The terminal, or whatever stands in its place: a pipe, a file, a disk that is full."""

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

_WIDTH: Final = 2000
"""A table that is cut is worse than one that the terminal has to wrap."""


class _Output(Console):
    """A console whose reader may leave, or whose disk may be full."""

    def on_broken_pipe(self) -> None:
        _leave(self.file)

    def print(self, *objects: Any, **options: Any) -> None:
        try:
            super().print(*objects, **options)
        except OSError as error:
            if not self.stderr:  # where nothing can be told, there is nothing to do about it
                _stop(error)


def _any_text(stream: TextIO) -> None:
    """Makes a stream show what its encoding cannot, as escapes, instead of failing at it."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")


def _closed() -> TextIO:
    """What stands in the place of a standard output that is closed, and fails like one."""
    return os.fdopen(os.open(os.devnull, os.O_RDONLY), "w")


if sys.__stdout__ is None:
    sys.stdout = _closed()
_any_text(sys.stdout)
_any_text(sys.stderr)
# Without emoji: ``order:star:1`` is an id, and means what it says.
out = _Output(highlight=False, emoji=False, width=_WIDTH)
err = _Output(highlight=False, emoji=False, soft_wrap=True, stderr=True)


def _leave(stream: IO[str]) -> None:
    """Ends quietly because the reader of ``stream`` (``… | head``) has seen enough."""
    # What is still buffered would be tried again, and fail again, when the process ends.
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    if stream is sys.stdout:
        raise SystemExit(0)


def _stop(error: OSError) -> NoReturn:
    """Ends because standard output takes no more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    err.print(f"[red]error:[/red] standard output cannot be written: {error.strerror}")
    raise SystemExit(1)


@contextmanager
def standard_output() -> Iterator[TextIO]:
    """Standard output; ends the process, with an error or quietly, where it takes no more."""
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
        with out.capture() as captured:  # whose end writes too, if only nothing
            out.print(table)
        stream.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


def json_text(document: Any) -> str:
    """A JSON document that standard output can hold, whatever its encoding."""
    unicode = sys.stdout.encoding.lower().startswith("utf")
    return json.dumps(document, ensure_ascii=not unicode, indent=2)


def escaped(text: str) -> str:
    """Text of others as it is, in one line, and without power over the terminal."""
    return escape("".join(char if char.isprintable() else "·" for char in text))
