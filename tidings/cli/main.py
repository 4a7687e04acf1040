"""The command line: send notifications, see where they stand, and resolve what got stuck.

Exit codes: 0, done; 1, the request failed; 2, the command line, a setting or a notification is
wrong; 130, Ctrl-C.
"""

import typer

from tidings import Notification
from tidings.cli import batch, export, output, presets, resolving, seeing, terminal
from tidings.cli import send as sending

app = typer.Typer(
    help=__doc__,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(sending.send)
app.command()(seeing.state)
app.command("list")(seeing.list_)
app.command()(seeing.count)
app.command()(export.export)
app.command()(resolving.resend)
app.command()(resolving.abandon)
app.command()(batch.batch)
app.command()(presets.presets)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a notification."""
    output.print_json(Notification.model_json_schema())


def main() -> None:
    """Runs the command line."""
    with terminal.standard_output():  # for the output of typer itself, such as --help
        app()
