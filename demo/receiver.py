"""The receiver: a process that answers with fixed statuses and keeps a list of its requests."""

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
    """One request to the receiver, and the status of the answer."""

    id: str
    """The header ``webhook-id``."""
    path: str
    status: int
    at: datetime
    """Time of arrival."""


class Receiver:
    """Answers the requests of an id to a path with the statuses of that path, in turn.

    The last status repeats. A path without statuses does not exist (404).
    """

    def __init__(self, answers: Mapping[str, Sequence[int]]) -> None:
        self._answers = answers
        self._seen: list[Request] = []

    @property
    def application(self) -> web.Application:
        """The web application: ``GET /seen`` lists the requests, all other paths are a target."""
        application = web.Application()
        application.router.add_get("/seen", self._list)
        application.router.add_route("*", "/{path:.*}", self._answer)
        return application

    async def _answer(self, request: web.Request) -> web.Response:
        id_, path = request.headers.get("webhook-id", ""), request.path
        earlier = sum(each.id == id_ and each.path == path for each in self._seen)
        statuses = self._answers.get(path, (404,))
        status = statuses[min(earlier, len(statuses) - 1)]
        self._seen.append(Request(id=id_, path=path, status=status, at=datetime.now(UTC)))
        return web.Response(status=status, text="success" if status == 200 else "not now")

    async def _list(self, _: web.Request) -> web.Response:
        return web.json_response(
            [{**asdict(request), "at": request.at.isoformat()} for request in self._seen]
        )


async def seen(address: str) -> list[Request]:
    """Returns the requests that the receiver at ``address`` (a URL without path) has had so far."""
    async with aiohttp.ClientSession() as session, session.get(f"{address}/seen") as response:
        response.raise_for_status()
        return [
            Request(**{**request, "at": datetime.fromisoformat(request["at"])})
            for request in await response.json()
        ]


def main(answers: str) -> None:
    """Prints the port that it listens on, then answers until SIGTERM; ``answers`` is JSON."""
    with socket.create_server((HOST, 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        application = Receiver(json.loads(answers)).application
        web.run_app(application, sock=listener, print=None, access_log=None, shutdown_timeout=1)


if __name__ == "__main__":
    main(sys.argv[1])
