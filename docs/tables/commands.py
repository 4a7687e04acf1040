"""The commands of the command line, as it describes them itself."""

from typing import Any

import typer

from docs.tables.markdown import code, paragraphs, prose, table
from tidings.cli.app import app


def commands() -> str:
    """Every command: its purpose, its arguments and its options."""
    group: Any = typer.main.get_command(app)
    return "\n\n".join(_command(name, command) for name, command in group.commands.items())


def _command(name: str, command: Any) -> str:
    context = command.context_class(command, info_name=f"tidings {name}")
    records = [each.get_help_record(context) for each in command.params]
    usage = " ".join(["tidings", name, *command.collect_usage_pieces(context)])
    parts = [f"### {code(name)}", paragraphs(command.help), f"```text\n{usage}\n```"]
    rows = [(code(option), prose(help_)) for option, help_ in filter(None, records)]
    if rows:
        parts.append(table(("argument or option", "meaning"), rows))
    return "\n\n".join(parts)
