"""A target of notifications whose answers the test sets, in place of the HTTP transport."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx


class WorkerKilledError(BaseException):
    """Ends an attempt without leaving a record of it, as the death of its worker does."""


Answer = int | BaseException | Callable[[], httpx.Response]
"""A status, an exception that the transport raises, or a function that makes the response."""


@dataclass
class Target:
    """Answers each notification, by its id, with its answers in turn; the last one repeats."""

    requests: list[httpx.Request] = field(default_factory=list)
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    held: dict[str, asyncio.Event] = field(default_factory=dict)
    in_flight: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    most_in_flight: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    def answer(self, notification_id: str, *answers: Answer) -> None:
        """Sets the answers to the requests for a notification, in turn."""
        self.answers[notification_id] = list(answers)

    def hold(self, notification_id: str) -> asyncio.Event:
        """Holds the answers for a notification back until the event is set."""
        self.held[notification_id] = asyncio.Event()
        return self.held[notification_id]

    def seen(self, notification_id: str) -> list[httpx.Request]:
        """The requests for a notification."""
        return [each for each in self.requests if each.headers["webhook-id"] == notification_id]

    async def wait_for(self, notification_id: str, count: int) -> None:
        """Waits until ``count`` requests for a notification have arrived."""
        async with self.arrived:
            await self.arrived.wait_for(lambda: len(self.seen(notification_id)) >= count)

    def client(self) -> httpx.AsyncClient:
        """An HTTP client whose every request ends here."""
        return httpx.AsyncClient(transport=httpx.MockTransport(self._handle))

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        notification_id = request.headers["webhook-id"]
        self.in_flight[notification_id] += 1
        self.most_in_flight[notification_id] = max(
            self.most_in_flight[notification_id], self.in_flight[notification_id]
        )
        try:
            async with self.arrived:
                self.requests.append(request)
                self.arrived.notify_all()
            if notification_id in self.held:
                await self.held[notification_id].wait()
            return self._next_answer(notification_id)
        finally:
            self.in_flight[notification_id] -= 1

    def _next_answer(self, notification_id: str) -> httpx.Response:
        answers = self.answers.get(notification_id, [200])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        match answer:
            case BaseException():
                raise answer
            case int():
                return streamed(answer)
            case _:
                return answer()


def streamed(
    status: int, body: bytes = b"", headers: dict[str, str] | None = None
) -> httpx.Response:
    """A response whose body still has to be read, like one from the network."""
    return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))


def sent_at(request: httpx.Request) -> datetime:
    """The time of an attempt by Temporal's clock."""
    return datetime.fromtimestamp(int(request.headers["webhook-timestamp"]), UTC)
