"""The command line: send notifications, see where they stand, and resolve what got stuck.

Exit codes: 0, done; 1, the request failed; 2, the command line, a setting or a notification is
wrong; 130, Ctrl-C.
"""

import typer

from console import batch, export, output, presets, resolving, seeing, sending, terminal
from tidings import Notification

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


if __name__ == "__main__":
    with terminal.standard_output():  # for what typer itself has to say, such as --help
        app()
