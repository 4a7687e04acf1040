"""The settings of the worker, read from its environment."""

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, PlainValidator, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from activities.egress.rules import EgressRules
from activities.http.proxy import Proxy
from activities.http.transport import GuardedTransport
from tidings.temporal.embedded import EmbeddedServer

_PREFIX: Final = "TIDINGS_"
_OF_THE_COMMANDS: Final = frozenset({"TIDINGS_WEB_UI"})
"""A variable of the command line, which an environment that both share may have."""
_CONCEALED: Final = frozenset({"keyring", "proxy"})
"""Settings whose values may hold a secret, even by mistake. Messages do not repeat them."""


def _read_by(parse: Callable[[str], object]) -> PlainValidator:
    """Reads the text of a setting by ``parse``, which raises ``ValueError``."""
    return PlainValidator(parse, json_schema_input_type=str)


Port = Annotated[int, Field(ge=1, le=65535)]
EgressEntries = Annotated[EgressRules, _read_by(EgressRules.parse)]
ProxyURL = Annotated[Proxy, _read_by(Proxy.parse)]


class Settings(BaseSettings):
    """The environment variables ``TIDINGS_*``, parsed and checked.

    The docstrings of the fields are the table of settings in the documentation.
    """

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_ignore_empty=True, use_attribute_docstrings=True
    )

    embedded: bool = False
    """Run an embedded Temporal server beside the worker and use it. If false, the worker connects
    to the server that ``TEMPORAL_ADDRESS`` names."""
    directory: Path = Path(".tidings")
    """Directory of the embedded server's database and log."""
    port: Port = 7233
    """Port of the embedded server for gRPC, on 127.0.0.1. Workers and clients connect to it."""
    ui_port: Port = 8233
    """Port of the embedded server's Web UI, on 127.0.0.1."""
    http_port: Port = 7243
    """Port of the embedded server for Temporal's HTTP API, on 127.0.0.1."""
    retention: Annotated[timedelta, Field(ge=timedelta(hours=1))] = timedelta(days=7)
    """Time for which the embedded server keeps a notification after its end, as an ISO 8601
    duration; at least one hour (``PT1H``). Until then its id counts as used."""
    concurrency: Annotated[int, Field(ge=1, le=10_000)] = 200
    """Largest number of attempts that this worker makes at a time in the ordinary lane. The slow
    lane has as many places beside it, and the fast lane too, but 25 at most."""
    fast_lane: bool = True
    """Make the first attempt within the workflow task that begins the notification, where the
    target has acknowledged within a second of late. If false, every attempt is an activity. All
    workers have to agree on it, or a worker that dies may cause an attempt too many."""
    egress_allow: Annotated[EgressEntries, NoDecode] = Field(default="", validate_default=True)
    """Networks, addresses and host names that the worker may connect to beside public addresses,
    separated by commas. A host name admits all names under it. An entry with ``:PORT`` admits that
    port only; ``:PORT`` alone admits a further port below 1024."""
    keyring: Path | None = None
    """Path of the keys that sign notifications: a TOML file, or a directory with one file a
    key."""
    proxy: Annotated[ProxyURL | None, NoDecode] = Field(default=None, repr=False)
    """URL of the HTTP proxy for all requests: ``http://HOST:PORT`` or ``https://HOST:PORT``, with
    ``USER:PASSWORD@`` before the host if the proxy asks for them."""
    ca: Path | None = None
    """Certificate authorities that are trusted beside the system's: a PEM file, or a directory of
    PEM files."""
    connections_per_host: Annotated[int, Field(ge=0)] = 0
    """Largest number of connections of this worker to one host and port; 0 means no limit."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """Lowest level of the events that the worker logs."""

    def new_transport(self) -> GuardedTransport:
        """Returns a transport for requests to targets; raises ``InvalidInputError`` as it does."""
        return GuardedTransport(
            self.egress_allow,
            proxy=self.proxy,
            ca=self.ca,
            connections_per_host=self.connections_per_host,
        )

    @property
    def embedded_server(self) -> EmbeddedServer:
        """The server that ``embedded`` asks for."""
        return EmbeddedServer(
            directory=self.directory,
            port=self.port,
            ui_port=self.ui_port,
            http_port=self.http_port,
            retention=self.retention,
        )


def unknown(environment: Mapping[str, str]) -> list[str]:
    """Variables that start with ``TIDINGS_`` but are not settings, for example misspelt ones."""
    known = {f"{_PREFIX}{field}".upper() for field in Settings.model_fields} | _OF_THE_COMMANDS
    return sorted(
        name
        for name in environment
        if name.upper().startswith(_PREFIX) and name.upper() not in known
    )


def problems(error: ValidationError) -> Iterator[str]:
    """One line for each setting that ``Settings()`` refuses: its name, its value and the rule."""
    for problem in error.errors():
        field = str(problem["loc"][0])
        setting = f"{_PREFIX}{field}".upper()
        rule = problem["msg"].removeprefix("Value error, ")
        if not rule.startswith(setting):
            # The input may already be converted, and its writer would not recognise it.
            value = os.environ.get(setting, problem["input"])
            is_value = "" if field in _CONCEALED else f" is {value!r}"
            rule = f"{setting}{is_value}: {rule}"
        yield rule
