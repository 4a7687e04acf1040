"""A receiver in a process of its own: it acknowledges, and keeps when each id came first."""

import asyncio
import json
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from urllib.request import urlopen

from aiohttp import web

from bench.target import HOST
from demo.child import Child

_WITHIN: Final = 120.0
_POLL_SECONDS: Final = 0.05


class Receiver:
    """Answers 200 to every request that has an id."""

    def __init__(self) -> None:
        self._came_at: dict[str, float] = {}
        self._counts: Counter[str] = Counter()

    @property
    def application(self) -> web.Application:
        """``GET /seen`` is what has come; a POST to any other path is a notification."""
        application = web.Application()
        application.router.add_get("/seen", self._seen)
        application.router.add_post("/{path:.*}", self._receive)
        return application

    async def _receive(self, request: web.Request) -> web.Response:
        id_ = request.headers["webhook-id"]
        # The monotonic clock of Linux is the same for all processes.
        self._came_at.setdefault(id_, time.monotonic())
        self._counts[id_] += 1
        await request.read()
        return web.Response(text="success")

    async def _seen(self, _: web.Request) -> web.Response:
        repeated = sum(count - 1 for count in self._counts.values())
        return web.json_response(
            {"came_at": self._came_at, "repeated": repeated, "counts": self._counts}
        )


@asynccontextmanager
async def receiving(directory: Path) -> AsyncIterator[str]:
    """Runs a receiver in a process of its own; the value is its URL, without a path."""
    pipe = asyncio.subprocess.PIPE
    child = await Child.start(
        "receiver", ["-m", "bench.receiver"], directory=directory, stdout=pipe
    )
    try:
        assert child.process.stdout is not None
        yield (await child.process.stdout.readline()).decode().strip()
    finally:
        await child.stop()


async def until_seen(url: str, ids: Collection[str]) -> dict[str, float]:
    """When each id came, once all have; raises if one comes twice or not at all."""
    async with asyncio.timeout(_WITHIN):
        while True:
            came_at, repeated = await asyncio.to_thread(_seen, url)
            if repeated:
                raise RuntimeError(f"{repeated} requests came again")
            if came_at.keys() >= {*ids}:
                return came_at
            await asyncio.sleep(_POLL_SECONDS if len(ids) > 1 else 0)


def counts(url: str) -> dict[str, int]:
    """The requests of each id that have come to the receiver at ``url``."""
    with urlopen(f"{url}/seen") as answer:  # noqa: S310 -- our own receiver
        found: dict[str, int] = json.load(answer)["counts"]
    return found


def _seen(url: str) -> tuple[dict[str, float], int]:
    """When each id came to the receiver at ``url``, and how many requests came again."""
    with urlopen(f"{url}/seen") as answer:  # noqa: S310 -- our own receiver
        found = json.load(answer)
    return found["came_at"], found["repeated"]


def main() -> None:
    """Prints its URL, then answers until SIGTERM."""
    with socket.create_server((HOST, 0)) as listener:
        print(f"http://{HOST}:{listener.getsockname()[1]}", flush=True)
        web.run_app(
            Receiver().application, sock=listener, print=None, access_log=None, shutdown_timeout=1
        )


if __name__ == "__main__":
    main()
