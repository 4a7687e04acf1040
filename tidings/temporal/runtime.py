"""The SDK's runtime, and the way of its own log lines."""

import logging
from typing import Literal

from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)


def forward_sdk_logs(level: Literal["WARN", "ERROR"] = "WARN") -> None:
    """Sends the log of the SDK's core to ``logging`` instead of the terminal.

    Call it before the first connection of the process.
    """
    forwarding = LogForwardingConfig(logger=logging.getLogger("temporalio.core"))
    levels = TelemetryFilter(core_level=level, other_level="ERROR")
    telemetry = TelemetryConfig(logging=LoggingConfig(filter=levels, forwarding=forwarding))
    Runtime.set_default(Runtime(telemetry=telemetry))
