"""The log of the worker, and the threads that must not wait for it."""

import logging
import ssl
from typing import Final

import pytest

from tests.support.worker_log import Terminal, logging_to

STUMBLE: Final = TypeError("SSLProtocol._abort() takes 1 positional argument but 2 were given")
"""An error in asyncio itself, which Python 3.11 logs if TLS ends early within TLS."""


def test_nobody_waits_for_the_reader_of_the_log() -> None:
    """The SDK would interrupt a workflow that waits, which could leave a lock held for ever."""
    stderr = Terminal(stalled=True)
    with logging_to(stderr):
        for number in range(100):
            logging.getLogger("tidings.test").warning("an event", extra={"number": number})
        assert stderr.getvalue() == ""
        stderr.release()
    assert [line["number"] for line in stderr.lines()] == list(range(100))
    assert {(line["event"], line["level"], line["name"]) for line in stderr.lines()} == {
        ("an event", "WARNING", "tidings.test")
    }


def test_an_error_is_written_with_its_traceback() -> None:
    stderr = Terminal()
    with logging_to(stderr):
        try:
            int("that went wrong")
        except ValueError:
            logging.getLogger("tidings.test").exception("an event")
    (line,) = stderr.lines()
    assert line["event"] == "an event"
    assert "ValueError: invalid literal" in line["exc_info"]


@pytest.mark.parametrize(
    ("name", "event"),
    [
        pytest.param("asyncio", "Fatal error on SSL protocol", id="handshake-fails"),
        pytest.param("asyncio", "Error calling eof_received()", id="target-hangs-up"),
    ],
)
def test_a_false_alarm_of_asyncio_is_not_written(name: str, event: str) -> None:
    stderr = Terminal()
    with logging_to(stderr):
        logging.getLogger(name).error(event, exc_info=STUMBLE)
    assert stderr.getvalue() == ""


@pytest.mark.parametrize(
    ("name", "error"),
    [
        pytest.param("asyncio", TypeError("another"), id="another-message"),
        pytest.param("asyncio", ssl.SSLError("SSLProtocol._abort()"), id="another-type"),
        pytest.param("asyncio", None, id="without-an-error"),
        pytest.param("tidings.http", STUMBLE, id="another-logger"),
    ],
)
def test_every_other_error_is_written(name: str, error: Exception | None) -> None:
    stderr = Terminal()
    with logging_to(stderr):
        logging.getLogger(name).error("Fatal error on SSL protocol", exc_info=error)
    (line,) = stderr.lines()
    assert line["event"] == "Fatal error on SSL protocol"
