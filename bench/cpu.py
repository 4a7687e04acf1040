"""The processor time of a process and of the processes below it, from Linux's ``/proc``."""

import os
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Process:
    """One process, as ``/proc`` shows it."""

    pid: int
    parent: int
    name: str
    seconds: float
    """User and system time together."""


def tree(root: int) -> list[Process]:
    """The process ``root`` and all processes below it."""
    found = {each.pid: each for each in _processes()}
    chosen = {root}
    while grown := {it.pid for it in found.values() if it.parent in chosen} - chosen:
        chosen |= grown
    return [found[pid] for pid in chosen if pid in found]


def _processes() -> list[Process]:
    processes = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text()
        except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            continue
        # The name stands in parentheses, and may hold spaces and parentheses itself.
        before, _, rest = text.rpartition(")")
        pid, _, name = before.partition(" (")
        fields = rest.split()
        seconds = (int(fields[11]) + int(fields[12])) / _TICKS
        processes.append(Process(int(pid), int(fields[1]), name, seconds))
    return processes
