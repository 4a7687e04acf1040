"""The play: the notifications are sent, and people and business code do what they have to."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from demo.commands import Commands
from demo.scenes import Story
from demo.table import Board
from tidings import Abandon, NotificationClient, NotificationState, Resend, Status

_POLL_SECONDS: Final = 0.25
_QUERY_SECONDS: Final = 2.0
_PAID_AFTER: Final = timedelta(seconds=2.5)
"""When the order gets paid whose timeout is already scheduled, from the start on."""
_LOOK_EVERY: Final = timedelta(seconds=4)
"""How often the operator looks for what is stuck."""
_AFTERMATH: Final = timedelta(seconds=1)
"""How long to go on after the last due time: what must not be sent could have been by then."""


class Play:
    """Tells the stories, from the first notification sent to the last one ended."""

    def __init__(
        self,
        client: NotificationClient,
        commands: Commands,
        stories: Sequence[Story],
        board: Board,
    ) -> None:
        self._client = client
        self._commands = commands
        self._stories = stories
        self._board = board
        self.states: Sequence[NotificationState] = ()
        """Where they stood when last looked at, in the order of the stories."""

    async def run(self) -> None:
        """Runs until every notification has ended and every due time has passed."""
        began = datetime.now(UTC)
        await self._send()
        due_times = [story.notification.not_before or began for story in self._stories]
        ends_at = max(due_times) + _AFTERMATH
        paid_at, look_at = began + _PAID_AFTER, began + _LOOK_EVERY
        withdrawn = False
        while True:
            await self._observe()
            now = datetime.now(UTC)
            if now >= ends_at and all(state.status.is_final for state in self.states):
                return
            if now >= paid_at and not withdrawn:
                await self._withdraw()
                withdrawn = True
            if now >= look_at:
                await self._resolve()
                look_at = now + _LOOK_EVERY
            await asyncio.sleep(_POLL_SECONDS)

    async def _send(self) -> None:
        began = datetime.now(UTC)
        results = await self._client.send_many(story.notification for story in self._stories)
        took = datetime.now(UTC) - began
        for result in results:
            if result.error is not None:
                raise result.error
        self._board.say(
            f"business code hands over {len(results)} notifications in "
            f"{took.total_seconds():.2f} s, and goes on with its work"
        )

    async def _observe(self) -> None:
        look = asyncio.gather(*(self._client.state(story.id) for story in self._stories))
        try:
            self.states = await asyncio.shield(look)
        except asyncio.CancelledError:
            # Left in flight, a query would wait for the worker, and the server's end for the query.
            await asyncio.wait({look}, timeout=_QUERY_SECONDS)
            raise
        self._board.show(self.states)

    async def _withdraw(self) -> None:
        """What business code does when an order is paid in time."""
        for story in self._stories:
            if story.withdrawal is not None:
                await self._client.abandon(story.id, story.withdrawal)
                self._board.say(
                    f"business code withdraws {story.id}: {story.withdrawal.reason}",
                    self._commands.intervene(story.id, story.withdrawal),
                )

    async def _resolve(self) -> None:
        """What an operator does: looks for what is stuck, and decides on each."""
        resolutions = {story.id: story.resolution for story in self._stories}
        stuck = [each.id async for each in self._client.list(status=Status.AWAITING_INTERVENTION)]
        self._board.say(
            f"operator looks for what is stuck: {', '.join(stuck) or 'nothing'}",
            self._commands.list(Status.AWAITING_INTERVENTION),
        )
        for id_ in stuck:
            match resolutions[id_]:
                case Resend() as resend:
                    await self._client.resend(id_, resend)
                    self._tell(id_, resend, f"resends {id_} to {resend.target}")
                case Abandon() as abandon:
                    await self._client.abandon(id_, abandon)
                    self._tell(id_, abandon, f"abandons {id_}")
                case None:  # nothing was to get stuck: the verdict will say so
                    continue

    def _tell(self, id_: str, action: Resend | Abandon, what: str) -> None:
        self._board.say(
            f"operator {action.operator} {what}: {action.reason}",
            self._commands.intervene(id_, action),
        )
