"""The log of a worker in this process, written to a terminal that the test controls."""

import io
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from typing import Any

from service import log


class Terminal(io.StringIO):
    """Standard error that can be stalled: it takes nothing until it is released."""

    def __init__(self, *, stalled: bool = False) -> None:
        super().__init__()
        self._released = threading.Event()
        if not stalled:
            self.release()

    def release(self) -> None:
        """Takes everything from now on."""
        self._released.set()

    def write(self, text: str) -> int:
        assert self._released.wait(30)
        return super().write(text)

    def lines(self) -> list[dict[str, Any]]:
        """Returns what was written, one object a line."""
        return [json.loads(line) for line in self.getvalue().splitlines()]


@contextmanager
def logging_to(stderr: Terminal) -> Iterator[None]:
    """Logs as the worker does, and restores the logging of the tests in the end."""
    root, asyncio_logger = logging.getLogger(), logging.getLogger("asyncio")
    handlers, level, filters = root.handlers[:], root.level, asyncio_logger.filters[:]
    try:
        with redirect_stderr(stderr), log.written("INFO"):
            yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        asyncio_logger.filters[:] = filters
