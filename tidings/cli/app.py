"""Send notifications, show where they stand, and resolve those that got stuck.

Exit codes: 0, done; 1, the request failed; 2, the command line, a setting or a notification is
wrong; 130, Ctrl-C.
"""

from typing import Final

import typer

from tidings.cli import (
    abandon,
    batch,
    correct,
    count,
    export,
    presets,
    program,
    resend,
    schema,
    send,
    state,
    summary,
    terminal,
)
from tidings.cli import list as list_command
from tidings.cli.command import Command
from tidings.cli.groups import expanded

_COMMANDS: Final = (
    send.send,
    state.state,
    summary.summary,
    list_command.list_,
    count.count,
    export.export,
    resend.resend,
    correct.correct,
    abandon.abandon,
    batch.batch,
    presets.presets,
    schema.schema,
)
"""In the order of the help text."""

app = typer.Typer(
    help=__doc__,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for each in _COMMANDS:
    app.command(each.__name__.rstrip("_"), cls=Command)(expanded(each))


def run() -> None:
    """Runs the command that the arguments of this process name."""
    with terminal.standard_output():  # for what typer itself prints, such as --help
        app(prog_name=program.NAME)
