"""Time and memory of one command."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from demo.child import ROOT

_POLL_SECONDS: Final = 0.01
_PEAK: Final = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What one run of a command took."""

    seconds: float
    """From its start to its end, with the start of Python."""
    mebibytes: float
    """The most memory that it had (resident set), but for its last moments."""
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
        kibibytes = 0
        while process.poll() is None:
            kibibytes = _peak(process.pid) or kibibytes
            time.sleep(_POLL_SECONDS)
    seconds = time.monotonic() - begun
    problem = err.read_text(errors="replace")
    if process.returncode != 0 and "nothing has been changed" not in problem:
        raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}: {problem}")
    return Measured(
        seconds=seconds,
        mebibytes=kibibytes / 1024,
        lines=out.read_bytes().count(b"\n"),
    )


def _peak(pid: int) -> int | None:
    """The most memory of a program so far, in KiB; ``None`` once it has ended.

    ``wait4`` would not do: its figure begins with the memory of the process that starts another.
    """
    found = _PEAK.search(Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) if found is not None else None
