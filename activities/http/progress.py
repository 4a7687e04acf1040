"""The progress of a request on its way to an answer."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final, Self

import httpx

from activities.http.proxy import Proxy


class Stage(Enum):
    """The last step that a request has reached."""

    PREPARING = auto()
    """Nothing has been tried yet."""
    QUEUED = auto()
    """The request waits until a connection to its host is free."""
    CONNECTING = auto()
    """A connection is being made: to the proxy if there is one, otherwise to the target."""
    IN_TUNNEL = auto()
    """The proxy has connected to the target, and TLS with the target begins."""
    CONNECTED = auto()
    """The request is being sent, or its answer received."""


@dataclass(kw_only=True)
class Progress:
    """The facts about one request that its failure is explained with."""

    host: str = ""
    """The host of its URL."""
    proxy: Proxy | None = None
    stage: Stage = Stage.PREPARING
    refusals: list[str] = field(default_factory=list)
    """One sentence for each address that the egress rules have refused."""
    permitted: int = 0
    """The number of sockets that the egress rules have permitted."""
    excess: str | None = None
    """The limit that the answer has exceeded."""

    @classmethod
    def of(cls, request: httpx.Request) -> Self:
        """The progress that travels with ``request``. A request without one gets a new one."""
        known = request.extensions.get(EXTENSION)
        return known if isinstance(known, cls) else cls()

    @property
    def is_at_the_proxy(self) -> bool:
        """True as long as only the proxy can have failed."""
        return self.proxy is not None and self.stage is Stage.CONNECTING


EXTENSION: Final = "tidings.progress"
"""The name under which httpx carries a request's progress to the transport."""

current: ContextVar[Progress] = ContextVar("current")
"""The progress of the request for which a socket or a connection is being made."""
