"""How every command runs: it reads its command line, connects, and ends the process.

What is wrong with the command line ends it with exit code 2, before anything is sent.
"""

from collections.abc import Awaitable, Callable
from typing import Any, NoReturn, TypeVar

import typer

from tidings import InvalidInputError, NotificationClient, TidingsError
from tidings.base import Model
from tidings.cli import options, output
from tidings.temporal import process, runtime

M = TypeVar("M", bound=Model)
T = TypeVar("T")


def checked(read: Callable[[], T]) -> T:
    """What ``read`` makes of the command line."""
    try:
        return read()
    except InvalidInputError as error:
        refuse(error)


def given(**fields: object) -> dict[str, Any]:
    """The fields that options give a model; see ``options.given``."""
    return checked(lambda: options.given(**fields))


def valid(model: type[M], fields: dict[str, Any]) -> M:
    """The model that the options describe."""
    return checked(lambda: model.model_validate(fields))


def refuse(problem: object) -> NoReturn:
    """Ends with what is wrong with the command line."""
    output.print_error(problem)
    raise typer.Exit(2)


def run(command: Callable[[NotificationClient], Awaitable[int]]) -> NoReturn:
    """Runs a command with a connected client, and ends this process with its exit code."""
    runtime.forward_sdk_logs(level="ERROR")

    async def main() -> int:
        try:
            return await command(await NotificationClient.connect())
        except TidingsError as error:
            output.print_error(error)
            return 2 if isinstance(error, InvalidInputError) else 1

    process.run(main())
