"""The worker's log: one JSON object a line on standard error."""

import logging
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import QueueHandler, QueueListener

from pythonjsonlogger.json import JsonFormatter


class _Handler(QueueHandler):
    """Hands each record to a thread that writes it, and never waits.

    Temporal's SDK interrupts a workflow's thread that it takes for stuck. One that is interrupted
    while it waits for a lock of ``logging`` may leave it locked for ever, and with it the worker.
    """

    def handle(self, record: logging.LogRecord) -> bool:
        self.emit(record)  # without the handler's lock: the queue needs none
        return True

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        return record  # for another process it would be flattened here


def _tells_something(record: logging.LogRecord) -> bool:
    """False for what asyncio of Python 3.11 logs where TLS ends within the TLS of a proxy.

    It stumbles over a method of its own there, at every certificate that is not trusted and at
    every target that hangs up in the handshake; the failure of the attempt tells which.
    """
    error = record.exc_info[1] if record.exc_info else None
    return not (isinstance(error, TypeError) and f"{error}".startswith("SSLProtocol._abort()"))


@contextmanager
def written(level: str) -> Iterator[None]:
    """Has everything that is logged within the block written, from ``level`` on."""
    writer = logging.StreamHandler()
    writer.setFormatter(
        JsonFormatter(
            "{asctime}{levelname}{name}{message}",
            style="{",
            rename_fields={"asctime": "time", "levelname": "level", "message": "event"},
            json_ensure_ascii=False,
        )
    )
    records = queue.SimpleQueue[logging.LogRecord]()
    logging.basicConfig(level=level, handlers=[_Handler(records)], force=True)
    if level == "DEBUG":  # the SDK's own would tell whole activities, answers of targets included
        logging.getLogger("temporalio").setLevel(logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs whole URLs
    logging.getLogger("asyncio").addFilter(_tells_something)
    listener = QueueListener(records, writer)
    listener.start()
    try:
        yield
    finally:
        listener.stop()
