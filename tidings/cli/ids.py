"""The ids of a command line: its arguments, and a file of them."""

from collections.abc import Sequence
from pathlib import Path

from tidings import InvalidInputError
from tidings.cli import file as files


def read(arguments: Sequence[str] | None, file: Path | None) -> list[str]:
    """The ids of the arguments and of the file, each once, in their order.

    Raises ``InvalidInputError`` if the file cannot be read, or has no ids.
    """
    listed = _lines(file) if file is not None else []
    return [*dict.fromkeys([*(arguments or ()), *listed])]


def _lines(file: Path) -> list[str]:
    try:
        text = files.content(file).decode()
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"--ids {file} is not in UTF-8: {error}") from error
    found = [line.strip() for line in text.splitlines() if line.strip()]
    if not found:
        raise InvalidInputError(f"--ids {file} has no ids: it takes one a line")
    return found
