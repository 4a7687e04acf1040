"""Writes the tables of the reference pages: ``python -m docs.generate``.

A page holds prose by hand, and tables between two comments, of which the first names the table:
``<!-- table: settings -->`` and ``<!-- end of table -->``. The tables are committed, so that the
pages can be read without building them; a test compares them with the code.
"""

import re
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from docs.tables import causes, commands, models, python, schedules, settings

REFERENCE: Final = Path(__file__).parent / "reference"
_MARKED: Final = re.compile(
    r"(<!-- table: (?P<name>[a-z-]+)(?: (?P<subject>\S+))? -->\n).*?(<!-- end of table -->)",
    re.DOTALL,
)
_TABLES: Final[Mapping[str, Callable[[], str]]] = {
    "causes": causes.causes,
    "client": python.client,
    "commands": commands.commands,
    "delays": schedules.delays,
    "errors": python.errors,
    "names": python.names,
    "presets": schedules.presets,
    "settings": settings.settings,
}
_TABLES_OF: Final[Mapping[str, Callable[[Any], str]]] = {
    "dataclass": models.dataclass_fields,
    "enum": models.members,
    "fields": models.fields,
    "record": lambda model: models.fields(model, reading=True),
}


def filled(page: str) -> str:
    """``page`` with all of its tables made anew."""
    return _MARKED.sub(_filled, page)


def _filled(match: re.Match[str]) -> str:
    name, subject = match["name"], match["subject"]
    made = _TABLES[name]() if subject is None else _TABLES_OF[name](_named(subject))
    return f"{match[1]}\n{made}\n\n{match[4]}"


def _named(subject: str) -> Any:
    """The object of a name such as ``tidings:Attempt``."""
    module, _, name = subject.partition(":")
    return getattr(import_module(module), name)


def main() -> None:
    """Writes each page whose tables have changed, and prints its name."""
    for path in sorted(REFERENCE.glob("*.md")):
        before = path.read_text(encoding="utf-8")
        after = filled(before)
        if after != before:
            path.write_text(after, encoding="utf-8")
            sys.stdout.write(f"{path.relative_to(REFERENCE.parent)}\n")


if __name__ == "__main__":
    main()
