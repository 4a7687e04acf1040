"""One run of the demo: starts the processes, runs the play and checks how it ended."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote

from demo import receiver, scenes
from demo.commands import Commands
from demo.comparison import compare, unexpected
from demo.play import Play
from demo.processes import Processes, Service
from demo.table import Board, new_console, summary
from tidings import Abandon, NotificationClient, Status, contract

SETUP_LIMIT: Final = timedelta(seconds=60)
PLAY_LIMIT: Final = timedelta(seconds=55)
"""Longest time of the play; with the end of all processes it stays within a minute."""

_POLL_SECONDS: Final = 0.1


class Performance:
    """A run of the demo on ``processes``, which the caller has to stop."""

    def __init__(self, processes: Processes) -> None:
        self._processes = processes
        self._console = new_console()

    async def run(self, *, keep: bool) -> int:
        """Returns 0 if all sides agree, otherwise 1; with ``keep`` it runs until cancelled."""
        self._console.print("Starting a Temporal server, a worker and a receiver …")
        try:
            async with asyncio.timeout(SETUP_LIMIT.total_seconds()):
                target = await self._processes.start_receiver(scenes.ANSWERS)
                service = await self._processes.start_worker()
        except TimeoutError:
            return _fail(f"The processes were not ready within {SETUP_LIMIT.total_seconds():g} s.")
        self._print_places(service, target)
        client = await NotificationClient.connect(service.address)
        commands = Commands(service.address)
        code = await self._play(client, commands, target)
        if keep:
            await self._leave_one_stuck(client, commands, target)
            self._console.print()
            self._print_places(service, target)
            self._console.print("Everything keeps running until Ctrl-C.")
            await asyncio.Event().wait()
        return code

    async def _play(self, client: NotificationClient, commands: Commands, target: str) -> int:
        played = scenes.all_scenes(target, datetime.now(UTC))
        board = Board(self._console, played)
        play = Play(client, commands, played, board)
        try:
            async with asyncio.timeout(PLAY_LIMIT.total_seconds()):
                with board.open():
                    await play.run()
                requests = await receiver.seen(target)
        except TimeoutError:
            unfinished = [
                f"{each.id} ({each.status})" for each in play.states if not each.status.is_final
            ]
            return _fail(
                f"The demo was not over after {PLAY_LIMIT.total_seconds():g} s; still open: "
                + (", ".join(unfinished) or "nothing")
            )
        comparisons = compare(played, play.states, requests)
        self._console.print()
        self._console.print(summary(comparisons))
        differences = [each for comparison in comparisons for each in comparison.differences]
        differences += unexpected(played, requests)
        if differences:
            return _fail("They do not agree:\n" + "\n".join(differences))
        self._console.print(f"[bold green]All {len(comparisons)} agree.[/]")
        return 0

    async def _leave_one_stuck(
        self, client: NotificationClient, commands: Commands, target: str
    ) -> None:
        """Sends a notification that gets stuck, for the reader to resolve."""
        notification, correction = scenes.stuck_example(target)
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

    def _print_places(self, service: Service, target: str) -> None:
        page = f"{service.web_ui}/namespaces/default/workflows"
        stuck = f"{contract.ATTRIBUTE_STATUS}='{Status.AWAITING_INTERVENTION}'"
        for name, place in (
            ("all notifications", page),
            ("stuck notifications", f"{page}?query={quote(stuck)}"),
            ("requests received", f"{target}/seen"),
            ("database and logs", str(self._processes.directory)),
        ):
            self._console.print(f"  {name:<22} {place}", markup=False, soft_wrap=True)
        self._console.print()


def _fail(problem: str) -> int:
    sys.stdout.flush()
    print(problem, file=sys.stderr)
    return 1
