"""The output of the demo: a live table on a terminal, otherwise a line a change; a summary."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

from rich import box
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from demo.comparison import Comparison, answers
from demo.scenes import Scene
from tidings import NotificationState, Status

_STYLES: Final = {
    Status.SCHEDULED: "blue",
    Status.DELIVERING: "yellow",
    Status.DELIVERED: "green",
    Status.AWAITING_INTERVENTION: "bold red",
    Status.ABANDONED: "magenta",
}
_PLAIN_WIDTH: Final = 110
_NEW_ROUND: Final = " ↻ "
"""Stands between the answers of two rounds, that is, for a resend."""


def new_console() -> Console:
    """Returns a console on standard output, as wide as the terminal or as the summary needs."""
    return Console(width=None if sys.stdout.isatty() else _PLAIN_WIDTH, highlight=False)


class Board:
    """Shows the states of the notifications while they change."""

    def __init__(self, console: Console, scenes: Sequence[Scene]) -> None:
        self._console = console
        self._titles = {scene.id: scene.title for scene in scenes}
        self._last_keys: dict[str, tuple[Status, int, int]] = {}
        self._began = datetime.now(UTC)
        # With FORCE_COLOR, which CI systems set, rich treats a pipe as a terminal.
        redraws = console.is_interactive and sys.stdout.isatty()
        self._live = Live(console=console, auto_refresh=False, transient=True) if redraws else None

    @contextmanager
    def open(self) -> Iterator[None]:
        """Shows the table for the length of the block."""
        if self._live is None:
            yield
            return
        with self._live:
            yield

    def show(self, states: Sequence[NotificationState]) -> None:
        """Shows ``states``, in their order."""
        now = datetime.now(UTC)
        if self._live is not None:
            self._live.update(self._table(states, now), refresh=True)
            return
        for state in states:
            key = (state.status, state.round, state.attempt_count)
            if self._last_keys.get(state.id) != key:
                self._last_keys[state.id] = key
                self.announce(
                    f"{state.id:<18}  {_status(state):<21}  {_answers(answers(state)):<11}  "
                    f"{_next_attempt(state, now)}".rstrip()
                )

    def announce(self, text: str, command: str | None = None) -> None:
        """Prints one line beside the table, and the ``command`` that does the same."""
        elapsed = (datetime.now(UTC) - self._began).total_seconds()
        self._console.print(Text(f"{elapsed:5.1f} s  ", "dim") + Text(text), soft_wrap=True)
        if command is not None:
            self._console.print(Text(f"         $ {command}", "cyan"), soft_wrap=True)

    def _table(self, states: Iterable[NotificationState], now: datetime) -> Table:
        table = Table(box=box.ROUNDED)
        table.add_column("notification", min_width=18)
        # Wide enough for every later value, so that the table does not jump about.
        table.add_column("status", min_width=21)
        table.add_column("attempts", min_width=11)
        table.add_column("next attempt", min_width=12)
        for state in states:
            table.add_row(
                f"[bold]{state.id}[/]\n[dim]{self._titles[state.id]}[/]",
                Text(_status(state), _STYLES[state.status])
                + Text(f"\n{state.reason or ''}", "dim"),
                f"{state.attempt_count}\n[dim]{_answers(answers(state))}[/]",
                _next_attempt(state, now),
            )
        return table


def summary(comparisons: Iterable[Comparison]) -> Table:
    """Returns a table of what was expected, what Tidings says and what the receiver answered."""
    table = Table(box=box.ROUNDED, title="How it ended", title_justify="left", title_style="bold")
    table.add_column("notification", no_wrap=True)
    for side in ("expected", "Tidings says", "receiver answered"):
        table.add_column(side)
    table.add_column("agree")
    for comparison in comparisons:
        scene, state = comparison.scene, comparison.state
        received = " ".join(str(request.status) for request in comparison.requests)
        table.add_row(
            scene.id,
            f"{scene.expected_status}: {_answers(scene.expected_answers) or 'never sent'}",
            f"{state.status}: {_answers(answers(state)) or 'never sent'}",
            received or "no request",
            Text("no", "bold red") if comparison.differences else Text("yes", "green"),
        )
    return table


def _status(state: NotificationState) -> str:
    return state.status.replace("_", " ")


def _answers(rounds: Iterable[Iterable[object]]) -> str:
    return _NEW_ROUND.join(" ".join(map(str, round_)) for round_ in rounds)


def _next_attempt(state: NotificationState, now: datetime) -> str:
    if state.status.is_final:
        return ""
    if state.status is Status.AWAITING_INTERVENTION:
        return "by a person"
    if state.next_attempt_at is None or state.next_attempt_at <= now:
        return "now"
    return f"in {(state.next_attempt_at - now).total_seconds():.1f} s"
