"""The log of the worker: one JSON object a line on standard error."""

import logging
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import QueueHandler, QueueListener

from pythonjsonlogger.json import JsonFormatter


@contextmanager
def written(level: str) -> Iterator[None]:
    """Writes everything that is logged in the block at ``level`` or above.

    A thread of its own writes, so that nobody waits for a reader of standard error.
    """
    records = queue.SimpleQueue[logging.LogRecord]()
    logging.basicConfig(level=level, handlers=[_LockFreeHandler(records)], force=True)
    _hush_libraries(level)
    listener = QueueListener(records, _json_writer())
    listener.start()
    try:
        yield
    finally:
        listener.stop()


class _LockFreeHandler(QueueHandler):
    """Puts each record into a queue and never waits for a lock.

    Temporal's SDK interrupts the thread of a workflow that seems to be stuck. A thread that is
    interrupted while it waits for a lock of ``logging`` may leave the lock held for ever, and the
    worker would never log again.
    """

    def handle(self, record: logging.LogRecord) -> bool:
        self.emit(record)  # without the handler's lock, which the queue does not need
        return True

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        return record  # the listener is in this process, so nothing has to be pickled


def _json_writer() -> logging.Handler:
    writer = logging.StreamHandler()
    writer.setFormatter(
        JsonFormatter(
            "{asctime}{levelname}{name}{message}",
            style="{",
            rename_fields={"asctime": "time", "levelname": "level", "message": "event"},
            json_ensure_ascii=False,
        )
    )
    return writer


def _hush_libraries(level: str) -> None:
    """Keeps secrets and false alarms of other libraries out of the log."""
    if level == "DEBUG":  # at DEBUG the SDK logs whole activities, answers of targets included
        logging.getLogger("temporalio").setLevel(logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # at INFO it logs whole URLs
    logging.getLogger("asyncio").addFilter(_is_no_false_alarm)


def _is_no_false_alarm(record: logging.LogRecord) -> bool:
    """False for an error of asyncio's own that says nothing.

    In Python 3.11, asyncio fails in a method of its own if TLS within the TLS of a proxy ends
    early: the certificate is not trusted, or the target hangs up. The failure of the attempt
    already says which of the two happened.
    """
    error = record.exc_info[1] if record.exc_info else None
    return not (isinstance(error, TypeError) and f"{error}".startswith("SSLProtocol._abort()"))
