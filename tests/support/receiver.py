"""A receiver of notifications on loopback, which keeps every request that comes."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import web

MAX_BODY = 2 * 1024**2  # bytes


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    at: datetime
    headers: dict[str, str]
    """By their names in lower case."""
    body: bytes
    url: str
    """Path and query as they came, percent-encoded."""


@dataclass
class Receiver:
    """A target whose answer depends on the first part of the path.

    ``/ok`` answers 200; ``/503``, ``/404`` and so on answer that status; ``/503,200`` answers
    these in turn, and then repeats the last. ``/slow/0.2`` answers after so many seconds, and
    ``/hold`` once ``release`` is set. ``/says/FAIL`` answers 200 with ``{"code": "FAIL"}``.
    """

    url: str = ""
    """Without a path; known once it is running."""
    seen: Counter[str] = field(default_factory=Counter)
    """Requests for each notification, by its id."""
    order: list[str] = field(default_factory=list)
    """The id of each request, in the order in which they came."""
    requests: defaultdict[str, list[Received]] = field(default_factory=lambda: defaultdict(list))
    """The requests themselves, by the id of their notification."""
    release: asyncio.Event = field(default_factory=asyncio.Event)
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def wait_for(self, notification_id: str, count: int = 1) -> None:
        """Waits until ``count`` requests for a notification have come."""
        async with asyncio.timeout(30), self.arrived:
            await self.arrived.wait_for(lambda: self.seen[notification_id] >= count)

    @asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator["Receiver"]:
        """Listens on ``port`` for the length of the block; 0 is any free port."""
        application = web.Application(client_max_size=MAX_BODY)
        application.router.add_route("*", "/{path:.*}", self.answer)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await runner.cleanup()

    async def answer(self, request: web.Request) -> web.Response:
        """Keeps a request and answers it."""
        notification_id = request.headers["webhook-id"]
        await self._keep(notification_id, request)
        _, behaviour, *rest = request.path.split("/")
        if behaviour == "slow":
            await asyncio.sleep(float(rest[0]))
        if behaviour == "hold":
            await self.release.wait()
        if behaviour == "says":
            return web.json_response({"code": rest[0]})
        statuses = [int(each) for each in behaviour.split(",") if each.isdigit()] or [200]
        status = statuses[: self.seen[notification_id]][-1]
        return web.Response(status=status, text="success")

    async def _keep(self, notification_id: str, request: web.Request) -> None:
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = await request.read()
        received = Received(datetime.now(UTC), headers, body, request.raw_path)
        async with self.arrived:
            self.requests[notification_id].append(received)
            self.seen[notification_id] += 1
            self.order.append(notification_id)
            self.arrived.notify_all()
