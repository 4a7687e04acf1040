"""One performance of the demo: it sets the stage, has the play told, and checks the outcome."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote

from demo import receiver
from demo import scenes as stories
from demo.commands import Commands
from demo.play import Play
from demo.processes import Processes, Service
from demo.table import Board, new_console, summary
from demo.verdict import strangers, verdicts
from tidings import Abandon, NotificationClient, Status, contract

SETUP_LIMIT: Final = timedelta(seconds=60)
PLAY_LIMIT: Final = timedelta(seconds=55)
"""What the play may take: with the end of all processes it stays within a minute."""

_POLL_SECONDS: Final = 0.1


class Performance:
    """A performance with the help of ``processes``, which somebody else has to end."""

    def __init__(self, processes: Processes) -> None:
        self._processes = processes
        self._console = new_console()

    async def run(self, *, keep: bool) -> int:
        """The exit code, 0 if all sides agree; with ``keep`` it goes on until it is cancelled."""
        self._console.print("Starting a Temporal server, a worker and a receiver …")
        try:
            async with asyncio.timeout(SETUP_LIMIT.total_seconds()):
                target = await self._processes.start_receiver(stories.ANSWERS)
                service = await self._processes.start_worker()
        except TimeoutError:
            return _fail(f"They were not ready within {SETUP_LIMIT.total_seconds():g} s.")
        self._tell_where(service, target)
        client = await NotificationClient.connect(service.address)
        commands = Commands(service.address)
        code = await self._play(client, commands, target)
        if keep:
            await self._leave_one_stuck(client, commands, target)
            self._console.print()
            self._tell_where(service, target)
            self._console.print("Everything keeps running until Ctrl-C.")
            await asyncio.Event().wait()
        return code

    async def _play(self, client: NotificationClient, commands: Commands, target: str) -> int:
        cast = stories.cast(target, datetime.now(UTC))
        board = Board(self._console, cast)
        play = Play(client, commands, cast, board)
        try:
            async with asyncio.timeout(PLAY_LIMIT.total_seconds()):
                with board.open():
                    await play.run()
                requests = await receiver.seen(target)
        except TimeoutError:
            still = [
                f"{each.id} ({each.status})" for each in play.states if not each.status.is_final
            ]
            return _fail(
                f"It was not over after {PLAY_LIMIT.total_seconds():g} s; still open: "
                + (", ".join(still) or "nothing")
            )
        results = verdicts(cast, play.states, requests)
        self._console.print()
        self._console.print(summary(results))
        disagreements = [each for result in results for each in result.disagreements]
        disagreements += strangers(cast, requests)
        if disagreements:
            return _fail("They disagree:\n" + "\n".join(disagreements))
        self._console.print(f"[bold green]All {len(results)} agree.[/]")
        return 0

    async def _leave_one_stuck(
        self, client: NotificationClient, commands: Commands, target: str
    ) -> None:
        """Sends one more, which gets stuck, so that the reader has something to resolve."""
        notification, correction = stories.left_stuck(target)
        await client.send(notification)
        while True:
            state = await client.state(notification.id)
            if state.status is Status.AWAITING_INTERVENTION:
                break
            await asyncio.sleep(_POLL_SECONDS)
        self._console.print(f"\nNow {notification.id} is stuck, for you to resolve:")
        for command in (
            commands.list(Status.AWAITING_INTERVENTION),
            commands.intervene(notification.id, correction),
            commands.intervene(notification.id, Abandon(operator="you", reason="not needed")),
        ):
            self._console.print(f"  $ {command}", style="cyan", markup=False, soft_wrap=True)

    def _tell_where(self, service: Service, target: str) -> None:
        page = f"{service.web_ui}/namespaces/default/workflows"
        stuck = f"{contract.ATTRIBUTE_STATUS}='{Status.AWAITING_INTERVENTION}'"
        for name, place in (
            ("all notifications", page),
            ("what is stuck", f"{page}?query={quote(stuck)}"),
            ("what the receiver saw", f"{target}/seen"),
            ("database and logs", str(self._processes.directory)),
        ):
            self._console.print(f"  {name:<22} {place}", markup=False, soft_wrap=True)
        self._console.print()


def _fail(problem: str) -> int:
    sys.stdout.flush()
    print(problem, file=sys.stderr)
    return 1
