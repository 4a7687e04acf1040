"""Time and memory of one command."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from demo.child import ROOT


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What one run of a command took."""

    seconds: float
    """From its start to its end, with the start of Python."""
    mebibytes: float
    """The most memory that it had (resident set)."""
    lines: int
    """Lines on standard output."""


def measured(arguments: Sequence[str], environment: Mapping[str, str], directory: Path) -> Measured:
    """Runs ``starter.py`` with ``arguments``; its output goes to a file in ``directory``.

    Standard input is empty, which answers a question with no. Raises ``RuntimeError`` if the
    command fails for another cause.
    """
    out, err = directory / "out", directory / "err"
    begun = time.monotonic()
    with out.open("wb") as stdout, err.open("wb") as stderr:
        process = subprocess.Popen(  # noqa: S603 -- the commands are this module's own
            [sys.executable, ROOT / "starter.py", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            env={**os.environ, **environment},
        )
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    problem = err.read_text(errors="replace")
    if process.returncode != 0 and "nothing has been changed" not in problem:
        raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}: {problem}")
    return Measured(
        seconds=seconds,
        mebibytes=usage.ru_maxrss / 1024,
        lines=out.read_bytes().count(b"\n"),
    )
