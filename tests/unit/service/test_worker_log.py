"""The log of the worker, and the threads that must not wait for it."""

import io
import json
import logging
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr

import pytest

from service import log


class Stalled(io.StringIO):
    """A terminal that takes nothing until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.released = threading.Event()

    def write(self, text: str) -> int:
        assert self.released.wait(30)
        return super().write(text)


@contextmanager
def written_to(stderr: Stalled) -> Iterator[None]:
    """Logs as the worker does, and leaves the logging of the tests as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        with redirect_stderr(stderr), log.written("INFO"):
            yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


def test_nobody_waits_for_who_reads_the_log() -> None:
    """The SDK would interrupt a workflow that does, and could leave a lock behind for ever."""
    stderr = Stalled()
    with written_to(stderr):
        for number in range(100):
            logging.getLogger("tidings.test").warning("an event", extra={"number": number})
        assert stderr.getvalue() == ""
        stderr.released.set()
    lines = [json.loads(line) for line in stderr.getvalue().splitlines()]
    assert [line["number"] for line in lines] == list(range(100))
    assert {(line["event"], line["level"], line["name"]) for line in lines} == {
        ("an event", "WARNING", "tidings.test")
    }


def test_an_error_is_written_with_its_traceback() -> None:
    stderr = Stalled()
    stderr.released.set()
    with written_to(stderr):
        try:
            int("that went wrong")
        except ValueError:
            logging.getLogger("tidings.test").exception("an event")
    (line,) = (json.loads(line) for line in stderr.getvalue().splitlines())
    assert line["event"] == "an event"
    assert "ValueError: invalid literal" in line["exc_info"]


STUMBLE = TypeError("SSLProtocol._abort() takes 1 positional argument but 2 were given")


@pytest.mark.parametrize(
    ("name", "event", "error", "is_written"),
    [
        ("asyncio", "Fatal error on SSL protocol", STUMBLE, False),
        ("asyncio", "Error calling eof_received()", STUMBLE, False),
        ("asyncio", "Fatal error on SSL protocol", TypeError("another"), True),
        ("asyncio", "Fatal error on SSL protocol", ssl.SSLError("SSLProtocol._abort()"), True),
        ("asyncio", "Fatal error on transport", None, True),
        ("tidings.http", "Fatal error on SSL protocol", STUMBLE, True),
    ],
)
def test_only_what_an_attempt_tells_better_is_not_written(
    name: str, event: str, error: Exception | None, *, is_written: bool
) -> None:
    stderr = Stalled()
    stderr.released.set()
    with written_to(stderr):
        logging.getLogger(name).error(event, exc_info=error)
    assert (event in stderr.getvalue()) is is_written
