"""What the demo shows: a live table on a terminal, a line per change elsewhere, and a summary."""

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

from demo.scenes import Story
from demo.verdict import Verdict, answers
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
"""Between the answers of two rounds: somebody has resent it."""


def new_console() -> Console:
    """A console on standard output: as wide as the terminal, or wide enough for the summary."""
    return Console(width=None if sys.stdout.isatty() else _PLAIN_WIDTH, highlight=False)


class Board:
    """Shows where the notifications stand, while they go their ways."""

    def __init__(self, console: Console, stories: Sequence[Story]) -> None:
        self._console = console
        self._titles = {story.id: story.title for story in stories}
        self._shown: dict[str, tuple[Status, int, int]] = {}
        self._began = datetime.now(UTC)
        # Where FORCE_COLOR is set, as in CI, rich takes a pipe for a terminal.
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
            if self._shown.get(state.id) != key:
                self._shown[state.id] = key
                self.say(
                    f"{state.id:<18}  {_status(state):<21}  {_answers(answers(state)):<11}  "
                    f"{_next_attempt(state, now)}".rstrip()
                )

    def say(self, text: str, command: str | None = None) -> None:
        """One line of what happens beside the table, and the ``command`` that does the same."""
        elapsed = (datetime.now(UTC) - self._began).total_seconds()
        self._console.print(Text(f"{elapsed:5.1f} s  ", "dim") + Text(text), soft_wrap=True)
        if command is not None:
            self._console.print(Text(f"         $ {command}", "cyan"), soft_wrap=True)

    def _table(self, states: Iterable[NotificationState], now: datetime) -> Table:
        table = Table(box=box.ROUNDED)
        table.add_column("notification", min_width=18)
        # Wide enough for all that comes, so that the table does not jump about.
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


def summary(verdicts: Iterable[Verdict]) -> Table:
    """The verdicts as a table: what was expected, what Tidings says, what the receiver saw."""
    table = Table(box=box.ROUNDED, title="How it ended", title_justify="left", title_style="bold")
    table.add_column("notification", no_wrap=True)
    for side in ("expected", "Tidings says", "receiver answered"):
        table.add_column(side)
    table.add_column("agree")
    for verdict in verdicts:
        story, state = verdict.story, verdict.state
        seen = " ".join(str(request.status) for request in verdict.seen)
        table.add_row(
            story.id,
            f"{story.ends}: {_answers(story.rounds) or 'never sent'}",
            f"{state.status}: {_answers(answers(state)) or 'never sent'}",
            seen or "nothing seen",
            Text("no", "bold red") if verdict.disagreements else Text("yes", "green"),
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
