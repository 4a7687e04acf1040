"""The play: sends the notifications and acts as the business system and as the operator."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from demo.commands import Commands
from demo.scenes import Scene
from demo.table import Board
from tidings import Abandon, NotificationClient, NotificationState, Resend, Status

_POLL_SECONDS: Final = 0.25
_QUERY_SECONDS: Final = 2.0
_PAID_AFTER: Final = timedelta(seconds=2.5)
"""Time from the start until the order is paid whose timeout is already scheduled."""
_LOOK_EVERY: Final = timedelta(seconds=4)
"""Interval at which the operator looks for stuck notifications."""
_AFTERMATH: Final = timedelta(seconds=1)
"""Time after the last due time in which a notification could still be sent by mistake."""


class Play:
    """Plays the scenes, from the first notification sent to the end of the last."""

    def __init__(
        self,
        client: NotificationClient,
        commands: Commands,
        scenes: Sequence[Scene],
        board: Board,
    ) -> None:
        self._client = client
        self._commands = commands
        self._scenes = scenes
        self._board = board
        self.states: Sequence[NotificationState] = ()
        """The states at the last look, in the order of the scenes."""

    async def run(self) -> None:
        """Runs until every notification has ended and every due time has passed."""
        began = datetime.now(UTC)
        await self._send()
        due_times = [scene.notification.not_before or began for scene in self._scenes]
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
        results = await self._client.send_many(scene.notification for scene in self._scenes)
        took = datetime.now(UTC) - began
        for result in results:
            if result.error is not None:
                raise result.error
        self._board.announce(
            f"business code hands over {len(results)} notifications in "
            f"{took.total_seconds():.2f} s, and goes on with its work"
        )

    async def _observe(self) -> None:
        look = asyncio.gather(*(self._client.state(scene.id) for scene in self._scenes))
        try:
            self.states = await asyncio.shield(look)
        except asyncio.CancelledError:
            # A query in flight waits for the worker, and would hold up the end of the server.
            await asyncio.wait({look}, timeout=_QUERY_SECONDS)
            raise
        self._board.show(self.states)

    async def _withdraw(self) -> None:
        """Abandons the timeouts of orders that are paid in time, as business code does."""
        for scene in self._scenes:
            if scene.withdrawal is not None:
                await self._client.abandon(scene.id, scene.withdrawal)
                self._board.announce(
                    f"business code withdraws {scene.id}: {scene.withdrawal.reason}",
                    self._commands.intervene(scene.id, scene.withdrawal),
                )

    async def _resolve(self) -> None:
        """Looks for stuck notifications and resolves each, as an operator does."""
        resolutions = {scene.id: scene.resolution for scene in self._scenes}
        stuck = [each.id async for each in self._client.list(status=Status.AWAITING_INTERVENTION)]
        self._board.announce(
            f"operator looks for stuck notifications: {', '.join(stuck) or 'nothing'}",
            self._commands.list(Status.AWAITING_INTERVENTION),
        )
        for id_ in stuck:
            match resolutions[id_]:
                case Resend() as resend:
                    await self._client.resend(id_, resend)
                    self._announce(id_, resend, f"resends {id_} to {resend.target}")
                case Abandon() as abandon:
                    await self._client.abandon(id_, abandon)
                    self._announce(id_, abandon, f"abandons {id_}")
                case None:  # it was not to get stuck; the comparison will show it
                    continue

    def _announce(self, id_: str, action: Resend | Abandon, text: str) -> None:
        self._board.announce(
            f"operator {action.operator} {text}: {action.reason}",
            self._commands.intervene(id_, action),
        )
