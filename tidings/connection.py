"""Connecting to Temporal, naming what goes wrong with it, and ending a process cleanly."""

import asyncio
import json
import logging
import os
import re
import sys
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, Literal, NamedTuple, NoReturn, TextIO

from pydantic import ValidationError
from pydantic_core import Url
from temporalio.api.common.v1 import Payload
from temporalio.api.errordetails.v1 import NamespaceNotFoundFailure
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

from tidings import connect_failure
from tidings.errors import InvalidInputError, TemporalRequestError, TidingsError
from tidings.model import shown

DEFAULT_ADDRESS: Final = "127.0.0.1:7233"
TIMEOUT: Final = timedelta(seconds=9)
"""How long any one request to Temporal may take, the SDK's own retries included."""

_MAX_PROBLEM: Final = 300
_EXCERPT: Final = re.compile(r" *[0-9]* *\|")
"""How a line begins that is quoted from a configuration file."""
_UNREACHABLE: Final = frozenset({RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED})
_ADVICE: Final = {
    RPCStatusCode.INVALID_ARGUMENT: (
        " (if it names a search attribute: a worker registers them when it starts)"
    ),
    RPCStatusCode.UNAUTHENTICATED: f" (check {connect_failure.CREDENTIALS})",
    RPCStatusCode.PERMISSION_DENIED: f" (check {connect_failure.CREDENTIALS})",
}
_NO_NAMESPACE: Final = " (set TEMPORAL_NAMESPACE to one that exists)"


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
            cause = error.__cause__ or error
            if isinstance(cause, ValidationError):  # its own text quotes what it could not read
                cause = ValueError(cause.errors(include_input=False, include_url=False)[0]["msg"])
            return UnreadablePayload(f"cannot be decoded: {cause}"[:_MAX_PROBLEM])


DATA_CONVERTER: Final[DataConverter] = replace(
    pydantic_data_converter, payload_converter_class=ForgivingPayloadConverter
)
"""What the worker reads and writes payloads with. Senders need none: they send plain JSON."""


async def connect(address: str | None = None) -> Client:
    """A Temporal client as the environment says (``TEMPORAL_*``), its address aside if given.

    Raises ``InvalidInputError`` for settings that cannot be meant, ``TemporalUnavailableError``
    within 10 s where no Temporal server answers, and ``TemporalRequestError`` where one does and
    refuses this client.
    """
    try:
        config = ClientConfigProfile.load().to_client_connect_config()
    except Exception as error:
        raise InvalidInputError(
            f"the TEMPORAL_* settings cannot be read: {_without_excerpt(error)}"
        ) from error
    config["target_host"] = address or config.get("target_host") or DEFAULT_ADDRESS
    return await _connected(config)


async def connect_plainly(address: str) -> Client:
    """A Temporal client at ``address``, whatever the environment says of other servers.

    Raises as ``connect`` does.
    """
    return await _connected({"target_host": address})


async def _connected(config: ClientConnectConfig) -> Client:
    config["target_host"] = address = _host_and_port(config["target_host"])
    try:
        async with asyncio.timeout(TIMEOUT.total_seconds()):
            return await Client.connect(**config, data_converter=DATA_CONVERTER)
    except TimeoutError as error:
        raise connect_failure.unreachable(address) from error
    except (RuntimeError, ValueError) as error:
        failure = str(error)
        if secret := config.get("api_key"):  # which a server might repeat as it refuses it
            failure = failure.replace(secret, "***")
        raise connect_failure.explained(address, failure) from error


def _host_and_port(address: str) -> str:
    """``address`` as the SDK takes it, which no longer takes ``http://`` in front."""
    plain = re.sub(r"\Ahttp://", "", address.strip(), flags=re.IGNORECASE).removesuffix("/")
    problem = None if re.search(r":[0-9]+\Z", plain) else "there is no port at its end"
    if {*plain} & {*"@/?#\\"}:
        problem = "there is more in it than that"
    try:
        Url(f"http://{plain}")
    except ValidationError as error:
        problem = error.errors()[0]["msg"].rpartition(", ")[2]
    if problem is None:
        return plain
    told = f" {shown(address)}" if "@" not in address else ""  # it may hold a password
    raise InvalidInputError(
        f"the address of Temporal{told} (TEMPORAL_ADDRESS) is not HOST:PORT: {problem}; "
        "give it as in 127.0.0.1:7233, and for TLS set TEMPORAL_TLS=true"
    )


def _without_excerpt(error: Exception) -> str:
    """What is wrong with a configuration file, without its line, which may hold a secret."""
    return " ".join(line for line in str(error).splitlines() if not _EXCERPT.match(line))


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
        return connect_failure.unreachable(address)
    advice = _NO_NAMESPACE if _lacks_namespace(error) else _ADVICE.get(error.status, "")
    return TemporalRequestError(
        f"Temporal at {address} refused to {doing}: {error.message}{advice}"
    )


def is_not_found(error: RPCError) -> bool:
    """Whether what was asked for is not there, in a namespace that is."""
    return error.status is RPCStatusCode.NOT_FOUND and not _lacks_namespace(error)


def _lacks_namespace(error: RPCError) -> bool:
    return any(each.Is(NamespaceNotFoundFailure.DESCRIPTOR) for each in error.grpc_status.details)


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
    streams: tuple[TextIO | None, ...] = (sys.stdout, sys.stderr)
    for stream in streams:
        if stream is None:
            continue  # it was closed before this process began
        try:
            stream.flush()
        except BrokenPipeError:
            continue  # the reader has seen enough
        except (OSError, ValueError):  # a full disk, a closed stream: nobody can be told
            return False
    return True
