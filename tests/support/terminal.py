"""A page that shows the output of a command as a terminal does."""

from io import StringIO
from typing import Final

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

_PAGE: Final = """<!DOCTYPE html>
<html>
<head><meta charset="utf-8"><style>body {{ margin: 0; background: {background}; }}</style></head>
<body><pre id="terminal" style="font: 14px/1.4 'DejaVu Sans Mono', monospace; width: 152ch;
margin: 0; padding: 16px; white-space: pre-wrap; word-break: break-all; color: {foreground}"
>{code}</pre></body>
</html>
"""


def page(command: str, output: str) -> str:
    """HTML with the command line and its coloured output."""
    text = Text.assemble(("$ ", "green"), (command, "bold"), "\n", Text.from_ansi(output.strip()))
    console = Console(record=True, file=StringIO(), legacy_windows=False)
    console.print(text, soft_wrap=True)
    return console.export_html(theme=MONOKAI, code_format=_PAGE, inline_styles=True)
