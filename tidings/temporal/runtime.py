"""The SDK's runtime of this library: one for each process, and silent unless its host listens."""

import logging
import os

from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)

_runtimes: dict[int, Runtime] = {}
"""The runtimes by process id. A runtime does not work in a process that was forked from its own."""


def own_runtime() -> Runtime:
    """The runtime of our own clients in this process.

    It sends the log of the SDK's core to the logger ``temporalio.core``. The default runtime of
    the SDK would write it on standard output, which belongs to the program that uses us.
    """
    process = os.getpid()
    if process not in _runtimes:
        _runtimes[process] = _new_runtime()
    return _runtimes[process]


def _new_runtime() -> Runtime:
    logger = logging.getLogger("temporalio.core")
    # Without a handler, logging itself would print warnings of a program that has set up no log.
    logger.addHandler(logging.NullHandler())
    levels = TelemetryFilter(core_level="WARN", other_level="ERROR")
    forwarding = LogForwardingConfig(logger=logger)
    return Runtime(
        telemetry=TelemetryConfig(logging=LoggingConfig(filter=levels, forwarding=forwarding))
    )
