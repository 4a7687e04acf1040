"""An action on many notifications: a sample, a question, the batch, and what is left."""

import asyncio
import signal
from dataclasses import KW_ONLY, dataclass
from typing import Final

from tidings import (
    Abandon,
    Batch,
    Filter,
    NotificationClient,
    NotificationSummary,
    Resend,
    Status,
    TidingsError,
)
from tidings.cli import output, program, progress
from tidings.cli.terminal import err, escaped, out
from tidings.intervention import MAX_SPREAD

SAMPLE: Final = 5
"""The notifications that are shown before the question."""

_POLL_SECONDS: Final = 0.5
_SETTLED_POLLS: Final = 6
"""The polls in a row with the same count after which it is believed."""
_MOST_POLLS: Final = 60
"""A limit, as others may send and resolve notifications without an end."""


@dataclass(frozen=True)
class BulkAction:
    """A resend or abandon of the stuck notifications of a filter."""

    action: Resend | Abandon
    filter: Filter
    rate: float
    """Rounds, or reports, that begin in a second."""
    _: KW_ONLY
    yes: bool
    """Do it without a question."""
    as_json: bool

    async def run(self, client: NotificationClient) -> int:
        """Shows a sample, asks, starts the batch and follows it; returns the exit code."""
        count = await client.count(self.filter)
        if not self.as_json:
            await self._print_sample(client, count)
        if count and not self.yes and not self._is_confirmed(count):
            output.print_note("nothing has been changed")
            return 1
        batch = await self._start(client) if count else None
        if batch is None:
            if self.as_json:
                output.print_json({"matched": 0, "batch": None})
            return 0
        output.print_note(f"{batch.id} has started; it goes on when this command ends")
        output.print_note(self._pace(batch))
        return await self._follow(client, batch, count)

    async def _print_sample(self, client: NotificationClient, count: int) -> None:
        sample: list[NotificationSummary] = []
        async for each in client.list(self.filter):
            sample.append(each)
            if len(sample) == SAMPLE:
                break
        if sample:
            _print_table(sample, is_whole=count <= len(sample))
        out.print(f"{output.notifications(count)} await{'s' if count == 1 else ''} intervention")

    def _is_confirmed(self, count: int) -> bool:
        """True if the person says yes; an end of input, or a closed input, means no."""
        verb = "resend" if isinstance(self.action, Resend) else "abandon"
        # asyncio's handler only cancels the task, and a read that blocks would not notice that.
        handler = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            answer = err.input(f"{verb} {output.notifications(count)}? [y/N] ", markup=False)
        except (EOFError, ValueError, RuntimeError):  # RuntimeError: standard input is closed
            return False
        finally:
            signal.signal(signal.SIGINT, handler)
        return answer.strip().lower() in {"y", "yes"}

    async def _start(self, client: NotificationClient) -> Batch | None:
        everything = self.filter == Filter(status=Status.AWAITING_INTERVENTION)
        if isinstance(self.action, Resend):
            return await client.resend_all(
                self.action, self.filter, everything=everything, rate=self.rate
            )
        return await client.abandon_all(
            self.action, self.filter, everything=everything, rate=self.rate
        )

    def _pace(self, batch: Batch) -> str:
        """One line on the rounds or reports that begin after the batch has ended."""
        what = "rounds" if isinstance(self.action, Resend) else "reports, if any,"
        seconds = max(min(batch.total / self.rate, MAX_SPREAD.total_seconds()), 1)
        return f"at {self.rate:g} a second, the last of their {what} begins within {seconds:,.0f} s"

    async def _follow(self, client: NotificationClient, batch: Batch, count: int) -> int:
        ended = await progress.followed(client, batch, quiet=self.as_json)
        if self.as_json:
            left = await self._left(client)
            document = {"matched": count, "batch": ended.to_json(), "awaiting_intervention": left}
            output.print_json(document)
            return progress.exit_code(ended)
        progress.print_batch(ended)
        if left := await self._left(client):
            output.print_note(
                f"{output.notifications(left)} of this filter await{'s' if left == 1 else ''} "
                f"intervention now: refused, stuck again, sent since, or not yet handled by a "
                f"worker; `{program.NAME} list --status awaiting_intervention` shows which, "
                f"`{program.NAME} state ID` shows why"
            )
        return progress.exit_code(ended)

    async def _left(self, client: NotificationClient) -> int | None:
        """The notifications that still await intervention, once their count has settled.

        A signal takes effect a moment later, and lists follow that. ``None`` if it is not known.
        """
        counts: list[int] = []
        try:
            for _ in range(_MOST_POLLS):
                await asyncio.sleep(_POLL_SECONDS)
                left = await client.count(self.filter)
                counts.append(left)
                if left == 0 or counts[-_SETTLED_POLLS:] == [left] * _SETTLED_POLLS:
                    break
        except TidingsError as error:
            output.print_note(f"how many still await intervention is not known: {error}")
            return None
        return counts[-1]


def _print_table(sample: list[NotificationSummary], *, is_whole: bool) -> None:
    table = output.table("id", "type", "authority", "accepted", "why")
    table.columns[-1].no_wrap = False
    for each in sample:
        table.add_row(
            escaped(each.id),
            escaped(each.type or "-"),
            escaped(each.authority or "-"),
            output.local_time(each.accepted_at),
            escaped(f"{each.reason}: {each.explanation}"),
        )
    if not is_whole:
        table.add_row("…")
    out.print(table)
