"""The settings of the worker, as its environment gives them."""

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from activities.egress.rules import EgressRules
from activities.http.proxy import Proxy
from activities.http.transport import GuardedTransport
from tidings.temporal.embedded import EmbeddedServer

_CONCEALED: Final = frozenset({"keyring", "proxy"})
"""Settings whose values may hold secrets, rightly or by mistake, and so stay out of messages."""


def _readable(read: Callable[[str], object]) -> AfterValidator:
    def check(text: str) -> str:
        read(text)
        return text

    return AfterValidator(check)


Port = Annotated[int, Field(ge=1, le=65535)]


class Settings(BaseSettings):
    """The ``TIDINGS_*`` environment."""

    model_config = SettingsConfigDict(
        env_prefix="TIDINGS_", env_ignore_empty=True, use_attribute_docstrings=True
    )

    embedded: bool = False
    """Run a Temporal server of our own beside the worker, and use that."""
    directory: Path = Path(".tidings")
    """Where the embedded server keeps its database and its log."""
    port: Port = 7233
    """Embedded server: gRPC."""
    ui_port: Port = 8233
    """Embedded server: Web UI."""
    http_port: Port = 7243
    """Embedded server: Temporal's HTTP API."""
    retention: Annotated[timedelta, Field(ge=timedelta(hours=1))] = timedelta(days=7)
    """Embedded server: how long ended notifications are kept, at least an hour."""
    concurrency: Annotated[int, Field(ge=1, le=10_000)] = 200
    """The most attempts that this worker has in flight."""
    egress_allow: Annotated[str, _readable(EgressRules.parse)] = ""
    """What may be connected to beside public addresses: networks and host names, with commas."""
    keyring: Path | None = None
    """The keys that sign: a TOML file, or a directory with one file a key."""
    proxy: Annotated[str, _readable(Proxy.parse)] | None = Field(default=None, repr=False)
    """The URL of the proxy that all requests go through."""
    ca: Path | None = None
    """Certificate authorities trusted beside the usual ones: a PEM file, or a directory of them."""
    connections_per_host: Annotated[int, Field(ge=0)] = 0
    """The most connections of this worker to one host and port; 0 is no limit."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    def new_transport(self) -> GuardedTransport:
        """What requests go out through; raises ``InvalidInputError`` as that does."""
        return GuardedTransport(
            EgressRules.parse(self.egress_allow),
            proxy=Proxy.parse(self.proxy) if self.proxy is not None else None,
            connections_per_host=self.connections_per_host,
            ca=self.ca,
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
    """The names in ``environment`` that look like settings and are none, as a misspelt one does."""
    known = {f"TIDINGS_{field.upper()}" for field in Settings.model_fields}
    return sorted(
        name
        for name in environment
        if name.upper().startswith("TIDINGS_") and name.upper() not in known
    )


def refusals(error: ValidationError) -> Iterator[str]:
    """One line for each setting that ``Settings()`` refuses: its name, its value and the rule."""
    for problem in error.errors():
        field = str(problem["loc"][0])
        setting = f"TIDINGS_{field.upper()}"
        rule = problem["msg"].removeprefix("Value error, ")
        if not rule.startswith(setting):
            # The input may have been read into what its writer would not know again.
            given = os.environ.get(setting, problem["input"])
            told = "" if field in _CONCEALED else f" is {given!r}"
            rule = f"{setting}{told}: {rule}"
        yield rule
