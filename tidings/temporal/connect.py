"""The connection to Temporal."""

import asyncio
import re
from typing import Final

from pydantic import ValidationError
from pydantic_core import Url
from temporalio.client import Client as Client  # noqa: PLC0414 -- client.py has it from here
from temporalio.envconfig import ClientConfigProfile, ClientConnectConfig

from tidings.base.text import brief
from tidings.errors import InvalidInputError
from tidings.temporal import connect_failure
from tidings.temporal.calls import TIMEOUT
from tidings.temporal.converter import DATA_CONVERTER
from tidings.temporal.runtime import own_runtime

DEFAULT_ADDRESS: Final = "127.0.0.1:7233"
DEFAULT_NAMESPACE: Final = "default"

_EXCERPT: Final = re.compile(r" *[0-9]* *\|")
"""The start of a line that the SDK quotes from a configuration file (temporalio 1.35.0)."""


async def connect(address: str | None = None) -> Client:
    """A Temporal client with the settings of the environment (``TEMPORAL_*``).

    ``address`` replaces that of the environment. Raises ``InvalidInputError`` for unusable
    settings, ``TemporalUnavailableError`` within 10 s if no Temporal server answers, and
    ``TemporalRequestError`` if the server refuses this client.
    """
    config = _config()
    config["target_host"] = address or config.get("target_host") or DEFAULT_ADDRESS
    return await _connected(config)


def configured() -> tuple[str, str]:
    """The address and the namespace in the settings of the environment.

    Raises ``InvalidInputError`` for unusable settings.
    """
    config = _config()
    address = config.get("target_host") or DEFAULT_ADDRESS
    return _host_and_port(address), config.get("namespace") or DEFAULT_NAMESPACE


async def connect_plainly(address: str) -> Client:
    """A Temporal client at ``address``, without the settings of the environment.

    Raises the errors of ``connect``.
    """
    return await _connected({"target_host": address})


def _config() -> ClientConnectConfig:
    try:
        return ClientConfigProfile.load().to_client_connect_config()
    except Exception as error:
        raise InvalidInputError(
            f"the TEMPORAL_* settings cannot be read: {_without_excerpt(error)}"
        ) from error


async def _connected(config: ClientConnectConfig) -> Client:
    config["target_host"] = address = _host_and_port(config["target_host"])
    try:
        async with asyncio.timeout(TIMEOUT.total_seconds()):
            return await Client.connect(
                **config, data_converter=DATA_CONVERTER, runtime=own_runtime()
            )
    except TimeoutError as error:
        raise connect_failure.unreachable(address) from error
    except (RuntimeError, ValueError) as error:
        failure = str(error)
        if secret := config.get("api_key"):  # a server that refuses it may repeat it
            failure = failure.replace(secret, "***")
        raise connect_failure.explained(address, failure) from error


def _host_and_port(address: str) -> str:
    """``address`` as the SDK accepts it: without ``http://`` in front."""
    plain = re.sub(r"\Ahttp://", "", address.strip(), flags=re.IGNORECASE).removesuffix("/")
    problem = None if re.search(r":[0-9]+\Z", plain) else "there is no port at its end"
    if {*plain} & {*"@/?#\\"}:
        problem = "it has other parts, too"
    try:
        Url(f"http://{plain}")
    except ValidationError as error:
        problem = error.errors()[0]["msg"].rpartition(", ")[2]
    if problem is None:
        return plain
    visible = f" {brief(address)}" if "@" not in address else ""  # it may hold a password
    raise InvalidInputError(
        f"the address of Temporal{visible} (TEMPORAL_ADDRESS) is not HOST:PORT: {problem}; "
        "give it as in 127.0.0.1:7233, and for TLS set TEMPORAL_TLS=true"
    )


def _without_excerpt(error: Exception) -> str:
    """The problem of a configuration file, without the line itself, which may hold a secret."""
    return " ".join(line for line in str(error).splitlines() if not _EXCERPT.match(line))
