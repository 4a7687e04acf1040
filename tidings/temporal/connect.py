"""Connecting to Temporal."""

import asyncio
import re
from typing import Final

from pydantic import ValidationError
from pydantic_core import Url
from temporalio.client import Client as Client  # noqa: PLC0414 -- client.py has it from here
from temporalio.envconfig import ClientConfigProfile, ClientConnectConfig

from tidings.errors import InvalidInputError
from tidings.temporal import connect_failure
from tidings.temporal.calls import TIMEOUT
from tidings.temporal.converter import DATA_CONVERTER
from tidings.text import brief

DEFAULT_ADDRESS: Final = "127.0.0.1:7233"

_EXCERPT: Final = re.compile(r" *[0-9]* *\|")
"""The beginning of a line that the SDK quotes from a configuration file."""


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
    told = f" {brief(address)}" if "@" not in address else ""  # it may hold a password
    raise InvalidInputError(
        f"the address of Temporal{told} (TEMPORAL_ADDRESS) is not HOST:PORT: {problem}; "
        "give it as in 127.0.0.1:7233, and for TLS set TEMPORAL_TLS=true"
    )


def _without_excerpt(error: Exception) -> str:
    """What is wrong with a configuration file, without its line, which may hold a secret."""
    return " ".join(line for line in str(error).splitlines() if not _EXCERPT.match(line))
