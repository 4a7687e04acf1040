"""The run of a command: it reads its command line, connects, and ends the process."""

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

import typer
from typer.core import TyperCommand

from tidings import InvalidInputError, NotificationClient, TidingsError
from tidings.cli import output
from tidings.temporal import process


class Command(TyperCommand):
    """A command that ends with exit code 2, before it connects, if its command line is wrong."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Refuses an option that is repeated: the parser alone would take its last value."""
        _, _, found = self.make_parser(ctx).parse_args(args=list(args))
        for parameter, count in Counter[Any](found).items():
            if count > 1 and _takes_one_value(parameter):
                raise typer.BadParameter(
                    f"it takes one value and was given {count} times; give it once",
                    ctx=ctx,
                    param=parameter,
                )
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Runs the function of the command; prints an ``InvalidInputError`` that it raises."""
        try:
            return super().invoke(ctx)
        except InvalidInputError as error:
            output.print_error(error)
            raise typer.Exit(2) from error


def run(command: Callable[[NotificationClient], Awaitable[int]]) -> NoReturn:
    """Runs ``command`` with a connected client, and ends this process with its exit code."""

    async def main() -> int:
        try:
            return await command(await NotificationClient.connect())
        except TidingsError as error:
            output.print_error(error)
            return 2 if isinstance(error, InvalidInputError) else 1

    process.run(main())


def _takes_one_value(parameter: Any) -> bool:
    if parameter.param_type_name != "option":
        return False
    return not (parameter.multiple or parameter.is_flag or parameter.count)
