"""Console blocks: their commands, and the output that they show."""

import re
import shlex
from dataclasses import dataclass
from typing import Final

NEXT: Final = "-- the next command --"
"""What the script prints between two commands, so that no output counts for another command."""


@dataclass
class Console:
    """A console block as a script, with the output that a reader is to expect."""

    script: str
    expected: list[list[str]]
    """The lines of each command; ``…`` stands for anything. Without lines, any output will do."""

    @classmethod
    def parse(cls, text: str) -> "Console":
        """Reads a block: a command begins with ``$``, and goes on until its quotes are closed."""
        commands: list[str] = []
        expected: list[list[str]] = []
        for line in text.splitlines():
            if commands and _is_open(commands[-1]):
                commands[-1] += f"\n{line}"
            elif line.startswith("$ "):
                commands.append(line.removeprefix("$ "))
                expected.append([])
            elif line.strip():
                expected[-1].append(line)
        return cls(f"\necho '{NEXT}'\n".join(commands), expected)

    def missing(self, output: str) -> str | None:
        """The first expected line that its command did not print in its place; ``None`` if none."""
        printed = output.split(f"{NEXT}\n")
        for wanted, part in zip(self.expected, printed, strict=True):
            lines = iter(" ".join(line.split()) for line in part.splitlines())
            for line in wanted:
                pattern = ".*".join(re.escape(text) for text in " ".join(line.split()).split("…"))
                if not any(re.fullmatch(pattern, each) for each in lines):
                    return line
        return None


def _is_open(command: str) -> bool:
    """True if a command goes on in the next line."""
    if command.endswith("\\"):
        return True
    try:
        shlex.split(command, comments=True)
    except ValueError:  # a quote is not closed
        return True
    return False
