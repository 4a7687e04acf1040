"""The receiver: a process of its own that answers as told, and remembers what it saw."""

import json
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import aiohttp
from aiohttp import web

HOST = "127.0.0.1"


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request that the receiver saw, and the status it answered with."""

    id: str
    """The header ``webhook-id``."""
    path: str
    status: int
    at: datetime
    """When it arrived."""


class Receiver:
    """Answers each path with the statuses it was told, one request of an id after the other.

    The last status of a path repeats; a path it was not told of does not exist (404).
    """

    def __init__(self, answers: Mapping[str, Sequence[int]]) -> None:
        self._answers = answers
        self._seen: list[Request] = []

    @property
    def application(self) -> web.Application:
        """``GET /seen`` tells what was seen; everything else is answered as told."""
        application = web.Application()
        application.router.add_get("/seen", self._tell)
        application.router.add_route("*", "/{path:.*}", self._answer)
        return application

    async def _answer(self, request: web.Request) -> web.Response:
        id_, path = request.headers.get("webhook-id", ""), request.path
        earlier = sum(each.id == id_ and each.path == path for each in self._seen)
        told = self._answers.get(path, (404,))
        status = told[min(earlier, len(told) - 1)]
        self._seen.append(Request(id=id_, path=path, status=status, at=datetime.now(UTC)))
        return web.Response(status=status, text="success" if status == 200 else "not now")

    async def _tell(self, _: web.Request) -> web.Response:
        return web.json_response(
            [{**asdict(request), "at": request.at.isoformat()} for request in self._seen]
        )


async def seen(address: str) -> list[Request]:
    """What the receiver at ``address`` (a URL without path) has seen so far, in its order."""
    async with aiohttp.ClientSession() as session, session.get(f"{address}/seen") as response:
        response.raise_for_status()
        return [
            Request(**{**request, "at": datetime.fromisoformat(request["at"])})
            for request in await response.json()
        ]


def main(told: str) -> None:
    """Prints the port that it listens on, then answers until SIGTERM."""
    with socket.create_server((HOST, 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        application = Receiver(json.loads(told)).application
        web.run_app(application, sock=listener, print=None, access_log=None, shutdown_timeout=1)


if __name__ == "__main__":
    main(sys.argv[1])
