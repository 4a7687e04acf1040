"""One process of the demo, from its start to its end, with its log."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Self

from tidings.temporal import leash

ROOT: Final = Path(__file__).resolve().parent.parent
"""The checkout, which is the working directory of every process."""

STOP_TIMEOUT: Final = timedelta(seconds=30)
"""Time that a process may take to end by itself; the worker waits for attempts in flight."""

_LOG_LINES_SHOWN: Final = 12


@dataclass(frozen=True, kw_only=True)
class Child:
    """A Python process that ends with the demo, even if the demo is killed."""

    name: str
    log: Path
    process: asyncio.subprocess.Process
    _leash: int
    """Our end of the pipe to the watcher."""

    @classmethod
    async def start(
        cls,
        name: str,
        arguments: Sequence[str],
        *,
        directory: Path,
        settings: Mapping[str, str] | None = None,
        stdout: int | None = None,
    ) -> Self:
        """Starts this Python with ``arguments``; its output goes to a log in ``directory``.

        ``settings`` are added to the environment. ``stdout`` replaces the log for standard output.
        """
        log = directory / f"{name}.log"
        theirs, ours = os.pipe()
        try:
            with log.open("wb") as output:
                process = await asyncio.create_subprocess_exec(
                    *leash.COMMAND, sys.executable, *arguments,
                    stdin=theirs, stdout=output if stdout is None else stdout, stderr=output,
                    cwd=ROOT, env={**os.environ, **(settings or {})},
                    start_new_session=True,  # Ctrl-C goes to the demo, which ends them in order
                )  # fmt: skip
        except BaseException:
            os.close(ours)
            raise
        finally:
            os.close(theirs)
        return cls(name=name, log=log, process=process, _leash=ours)

    async def stop(self) -> None:
        """Ends the process if it still runs, and waits for its end."""
        if self.process.returncode is None:
            self.process.terminate()
        try:
            async with asyncio.timeout(STOP_TIMEOUT.total_seconds()):
                await self.process.wait()
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
        with suppress(BrokenPipeError):  # a process that ended before it ran has no watcher
            os.write(self._leash, leash.RELEASE)
        os.close(self._leash)

    def logged(self, event: str) -> dict[str, Any] | None:
        """Returns the last line of its log about ``event``."""
        found = None
        for line in self._lines():
            with suppress(
                json.JSONDecodeError
            ):  # a line that is still being written, or a traceback
                fields = json.loads(line)
                if isinstance(fields, dict) and fields.get("event") == event:
                    found = fields
        return found

    def last_words(self) -> str:
        """Returns the problem that it logged when it failed, otherwise the end of its log."""
        failure = self.logged("worker.failed")
        if failure is not None:
            return str(failure["problem"])
        return "\n".join(self._lines()[-_LOG_LINES_SHOWN:]) or "(its log is empty)"

    def _lines(self) -> list[str]:
        return self.log.read_text(encoding="utf-8", errors="replace").splitlines()
