"""The command that writes a reconciliation file, as JSON Lines or CSV."""

import csv
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, TextIO

import typer

from tidings import InvalidInputError, NotificationClient, NotificationSummary
from tidings.cli import command, options, output, selection, terminal

FIELDS: Final = (
    "id",
    "type",
    "authority",
    "status",
    "reason",
    "explanation",
    "accepted_at",
    "closed_at",
    "awaiting_since",
)
"""What stands in a line, in this order; times are in UTC."""

_FORMULA_STARTS: Final = tuple("=+-@\t\r\n")


class Format(StrEnum):
    """How the lines are written."""

    JSONL = "jsonl"
    """One JSON object a line; what is absent is ``null``."""
    CSV = "csv"
    """RFC 4180, with a header; what is absent is empty."""


def export(
    since: Annotated[
        str, options.option("Accepted from then on: ISO 8601 with time zone, or a date.")
    ],
    until: Annotated[str, options.option("Accepted before then, likewise.")],
    format_: Annotated[Format, typer.Option("--format", help="How to write.")] = Format.JSONL,
    status: options.StatusFilter = None,
    target: options.TargetFilter = None,
    type_: options.TypeFilter = None,
    file: Annotated[
        Path | None,
        options.option(
            "The file to write, in whole or not at all; else standard output.", "--output"
        ),
    ] = None,
) -> None:
    """Write what was accepted in a period, one notification a line, to compare with your books.

    In CSV a value that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    wanted = command.checked(
        lambda: selection.read(status, target, type_, since=since, until=until)
    )
    path = command.checked(lambda: _regular(file)) if file is not None else None

    async def write_it(client: NotificationClient) -> int:
        await selection.print_retention(client, wanted)
        with _written(path) as text:
            write = writer(format_, text)
            count = 0
            async for each in client.list(wanted):
                write(each)
                count += 1
        output.print_note(f"{count:,} notification{'' if count == 1 else 's'}")
        return 0

    command.run(write_it)


def writer(format_: Format, text: TextIO) -> Callable[[NotificationSummary], object]:
    """What writes each notification to ``text`` as a line; a header is written at once."""
    if format_ is Format.JSONL:
        return lambda each: text.write(json.dumps(_line(each), ensure_ascii=False) + "\n")
    rows = csv.writer(text)
    rows.writerow(FIELDS)
    return lambda each: rows.writerow(_harmless(value) for value in _line(each).values())


def _line(notification: NotificationSummary) -> dict[str, Any]:
    document = notification.to_json()
    return {field: document[field] for field in FIELDS}


def _harmless(value: str | None) -> str:
    """A value that no spreadsheet takes for a formula (OWASP, CSV Injection)."""
    value = value or ""
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value


def _regular(path: Path) -> Path | None:
    """The file behind ``path``; ``None`` for ``-``, standard output."""
    if str(path) == "-":
        return None
    try:
        path = path.resolve()
        if path.exists() and not path.is_file():
            raise InvalidInputError(f"--output {path} is not a file; '-' is standard output")
        if not path.parent.is_dir():
            raise InvalidInputError(f"--output {path} is in no directory that exists")
    except (OSError, RuntimeError) as error:
        raise InvalidInputError(f"--output {path} cannot be written: {error}") from error
    return path


@contextmanager
def _written(path: Path | None) -> Iterator[TextIO]:
    """A file that takes its name when it is complete, so that no part is taken for the whole.

    It is UTF-8, whatever the terminal is, on standard output too. Ends the process where it
    cannot be written.
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
