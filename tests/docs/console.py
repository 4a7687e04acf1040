"""Console blocks: their commands, and the output that they show."""

import re
import shlex
from dataclasses import dataclass, field


@dataclass
class Console:
    """A console block as a script, with the output that a reader is to expect."""

    script: str
    expected: list[str] = field(default_factory=list)
    """Its lines; ``…`` stands for anything. Without lines, any output will do."""

    @classmethod
    def parse(cls, text: str) -> "Console":
        """Reads a block: a command begins with ``$``, and goes on until its quotes are closed."""
        commands: list[str] = []
        expected: list[str] = []
        for line in text.splitlines():
            if commands and _is_open(commands[-1]):
                commands[-1] += f"\n{line}"
            elif line.startswith("$ "):
                commands.append(line.removeprefix("$ "))
            else:
                expected.append(line)
        return cls("\n".join(commands), [line for line in expected if line.strip()])

    def missing(self, output: str) -> str | None:
        """The first expected line that ``output`` does not have in its place; ``None`` if none."""
        lines = iter(" ".join(line.split()) for line in output.splitlines())
        for wanted in self.expected:
            pattern = ".*".join(re.escape(part) for part in " ".join(wanted.split()).split("…"))
            if not any(re.fullmatch(pattern, line) for line in lines):
                return wanted
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
