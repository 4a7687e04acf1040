"""Connecting to Temporal, naming what goes wrong with it, and ending a process cleanly."""

import asyncio
import json
import logging
import os
import sys
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, Literal, NamedTuple, NoReturn

from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.common import RawValue
from temporalio.contrib.pydantic import PydanticPayloadConverter, pydantic_data_converter
from temporalio.converter import DataConverter
from temporalio.envconfig import ClientConfigProfile, ClientConnectConfig
from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)
from temporalio.service import RPCError, RPCStatusCode

from tidings.errors import TemporalRequestError, TemporalUnavailableError, TidingsError

DEFAULT_ADDRESS: Final = "127.0.0.1:7233"
TIMEOUT: Final = timedelta(seconds=9)
"""How long any one request to Temporal may take, the SDK's own retries included."""

_MAX_PROBLEM: Final = 300
_UNREACHABLE: Final = frozenset({RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED})
_ADVICE: Final = {
    RPCStatusCode.INVALID_ARGUMENT: (
        " (if it names a search attribute: a worker registers them when it starts)"
    ),
}


class UnreadablePayload(NamedTuple):
    """What stands in the place of an argument that could not be decoded."""

    problem: str


class ForgivingPayloadConverter(PydanticPayloadConverter):
    """Decodes whatever it is given, so that the workflow itself can refuse what is unreadable.

    Left to the SDK, one undecodable argument of a start or a signal fails the workflow task
    again and again: the workflow hangs, and with it all its queries and updates.
    """

    def from_payloads(
        self, payloads: Sequence[Payload], type_hints: list[type] | None = None
    ) -> list[Any]:
        """The values of ``payloads``; without ``type_hints`` every one of them becomes a value."""
        if type_hints is not None:
            return super().from_payloads(payloads, type_hints)
        return [self._decoded(payload) for payload in payloads]

    def _decoded(self, payload: Payload) -> Any:
        try:
            return super().from_payloads([payload])[0]
        except Exception as error:  # noqa: BLE001 -- every refusal has to become a value
            return UnreadablePayload(
                f"cannot be decoded: {error.__cause__ or error}"[:_MAX_PROBLEM]
            )


DATA_CONVERTER: Final[DataConverter] = replace(
    pydantic_data_converter, payload_converter_class=ForgivingPayloadConverter
)
"""What the worker reads and writes payloads with. Senders need none: they send plain JSON."""


async def connect(address: str | None = None) -> Client:
    """A Temporal client as the environment says (``TEMPORAL_*``), its address aside if given.

    Raises ``TemporalUnavailableError`` within 10 s where nothing answers.
    """
    try:
        config = ClientConfigProfile.load().to_client_connect_config()
    except Exception as error:
        raise TemporalUnavailableError(
            f"the TEMPORAL_* settings cannot be read: {error}"
        ) from error
    config["target_host"] = address or config.get("target_host") or DEFAULT_ADDRESS
    return await _connected(config)


async def connect_plainly(address: str) -> Client:
    """A Temporal client at ``address``, whatever the environment says of other servers.

    Raises as ``connect`` does.
    """
    return await _connected({"target_host": address})


async def _connected(config: ClientConnectConfig) -> Client:
    try:
        async with asyncio.timeout(TIMEOUT.total_seconds()):
            return await Client.connect(**config, data_converter=DATA_CONVERTER)
    except (RuntimeError, TimeoutError) as error:
        raise TemporalUnavailableError(unreachable(config["target_host"])) from error


def unreachable(address: str) -> str:
    """What to say, and advise, when Temporal does not answer at ``address``."""
    return (
        f"no Temporal server answers at {address}; start one with `make run`, "
        "or set TEMPORAL_ADDRESS to where yours is"
    )


def forward_sdk_logs(level: Literal["WARN", "ERROR"] = "WARN") -> None:
    """Has the SDK's core speak through ``logging`` in this process, in place of the terminal.

    It has to be called before the first connection.
    """
    forwarding = LogForwardingConfig(logger=logging.getLogger("temporalio.core"))
    told = TelemetryFilter(core_level=level, other_level="ERROR")
    telemetry = TelemetryConfig(logging=LoggingConfig(filter=told, forwarding=forwarding))
    Runtime.set_default(Runtime(telemetry=telemetry))


@asynccontextmanager
async def request(
    client: Client, doing: str, *, timeout: timedelta = TIMEOUT
) -> AsyncIterator[None]:
    """Bounds a request to Temporal by ``timeout`` and turns the SDK's errors into ours.

    ``doing`` completes the sentence "Temporal refused to …".
    """
    try:
        async with asyncio.timeout(timeout.total_seconds()):
            yield
    except (RPCError, TimeoutError) as error:
        raise translated(client, doing, error) from error


def translated(client: Client, doing: str, error: RPCError | TimeoutError) -> TidingsError:
    """Our error for one of the SDK's."""
    address = client.service_client.config.target_host
    if isinstance(error, TimeoutError) or error.status in _UNREACHABLE:
        return TemporalUnavailableError(unreachable(address))
    advice = _ADVICE.get(error.status, "")
    return TemporalRequestError(
        f"Temporal at {address} refused to {doing}: {error.message}{advice}"
    )


def json_payload(document: object) -> RawValue:
    """``document`` as every converter passes it on: JSON in UTF-8, keys in their own order."""
    data = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return RawValue(Payload(metadata={"encoding": b"json/plain"}, data=data))


def run(main: Coroutine[Any, Any, int]) -> NoReturn:
    """Runs ``main`` and ends this process with the exit code that it returns.

    The SDK's threads can crash an interpreter that is shutting down
    (temporalio/sdk-python#300), so the process ends without that: what is buffered is
    written, and then it exits. ``atexit`` handlers do not run.
    """
    code = 1
    try:
        code = asyncio.run(main)
    except KeyboardInterrupt:
        code = 130
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:  # noqa: BLE001 -- the process ends here, so this is its last word
        sys.excepthook(*sys.exc_info())
    finally:
        logging.shutdown()
        os._exit(code if _flushed() else code or 1)


def _flushed() -> bool:
    """Whether everything that was said could be written."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            continue  # the reader has seen enough
        except (OSError, ValueError):  # a full disk, a closed stream: nobody can be told
            return False
    return True
