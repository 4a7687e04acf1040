"""An action on many notifications: a sample, a question, and the batch."""

import signal
from dataclasses import KW_ONLY, dataclass
from typing import Final

from tidings import Abandon, Batch, Filter, NotificationClient, NotificationSummary
from tidings.cli import output, progress
from tidings.cli.terminal import err, escaped, out
from tidings.intervention import Action, action_name

SAMPLE: Final = 5
"""The notifications that are shown before the question."""


@dataclass(frozen=True)
class BulkAction:
    """An intervention in the notifications of a filter."""

    action: Action
    filter: Filter
    rate: float
    """Notifications a second."""
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
        ended = await progress.followed(client, batch, quiet=self.as_json)
        if self.as_json:
            output.print_json({"matched": count, "batch": ended.to_json()})
        else:
            progress.print_batch(ended)
        return progress.exit_code(ended)

    async def _print_sample(self, client: NotificationClient, count: int) -> None:
        sample: list[NotificationSummary] = []
        async for each in client.list(self.filter):
            sample.append(each)
            if len(sample) == SAMPLE:
                break
        if sample:
            self._print_table(sample, is_whole=count <= len(sample))
        out.print(f"{output.notifications(count)}: {' or '.join(self.filter.statuses)}")

    def _print_table(self, sample: list[NotificationSummary], *, is_whole: bool) -> None:
        new_target = self._new_target()
        correction = ("new target",) if new_target is not None else ()
        table = output.table("id", "type", "target", *correction, "status", "accepted", "why")
        table.columns[-1].no_wrap = False
        for each in sample:
            table.add_row(
                escaped(each.id),
                escaped(each.type or "-"),
                escaped(each.target or each.authority or "-"),
                *((escaped(new_target),) if new_target is not None else ()),
                output.styled(each.status),
                output.local_time(each.accepted_at),
                escaped(": ".join(part for part in (each.reason, each.explanation) if part)),
            )
        if not is_whole:
            table.add_row("…")
        out.print(table)

    def _new_target(self) -> str | None:
        return None if isinstance(self.action, Abandon) else self.action.target

    def _is_confirmed(self, count: int) -> bool:
        """True if the person says yes; an end of input, or a closed input, means no."""
        # asyncio's handler only cancels the task, and a read that blocks would not notice that.
        handler = signal.signal(signal.SIGINT, signal.default_int_handler)
        question = f"{action_name(self.action)} {output.notifications(count)}? [y/N] "
        try:
            answer = err.input(question, markup=False)
        except (EOFError, ValueError, RuntimeError):  # RuntimeError: standard input is closed
            return False
        finally:
            signal.signal(signal.SIGINT, handler)
        return answer.strip().lower() in {"y", "yes"}

    async def _start(self, client: NotificationClient) -> Batch | None:
        everything = self.filter.model_copy(update={"status": None}).is_empty
        return await client.act_on_all(
            self.action, self.filter, everything=everything, rate=self.rate
        )
