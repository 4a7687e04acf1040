"""An action on many notifications: what it is about, a question, and the batch."""

import signal
from collections import Counter
from dataclasses import KW_ONLY, dataclass, field
from datetime import UTC, datetime
from typing import Final

from tidings import Abandon, Batch, Filter, NotificationClient, NotificationSummary
from tidings.cli import listing, output, progress
from tidings.cli.terminal import err, escaped, out
from tidings.intervention import Action, action_name, expires_too_early

SAMPLE: Final = 5
"""The notifications that are shown before the question."""


@dataclass
class Overview:
    """The notifications of a filter, as a person needs to see them before an action."""

    count: int = 0
    sample: list[NotificationSummary] = field(default_factory=list)
    targets: Counter[str] = field(default_factory=Counter)
    """The notifications of each URL."""
    expired: int = 0
    """Those that will refuse the action because they have expired."""

    def add(self, notification: NotificationSummary, action: Action, now: datetime) -> None:
        """Adds one notification, on which ``action`` is meant."""
        self.count += 1
        self.targets[notification.target or notification.authority or "-"] += 1
        self.expired += expires_too_early(action, notification.expires_at, notification.reason, now)
        if len(self.sample) < SAMPLE:
            self.sample.append(notification)


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
        """Shows what it is about, asks, starts the batch and follows it; returns the exit code."""
        overview = await self._overview(client)
        if not self.as_json:
            self._print(overview)
        if overview.count and not self.yes and not self._is_confirmed(overview):
            output.print_note("nothing has been changed")
            return 1
        batch = await self._start(client) if overview.count else None
        if batch is None:
            if self.as_json:
                output.print_json({"matched": 0, "batch": None})
            return 0
        output.print_note(f"{batch.id} has started; it goes on when this command ends")
        ended = await progress.followed(client, batch, quiet=self.as_json)
        if self.as_json:
            output.print_json({"matched": batch.total, "batch": ended.to_json()})
        else:
            progress.print_batch(ended)
        return progress.exit_code(ended)

    async def _overview(self, client: NotificationClient) -> Overview:
        now = datetime.now(UTC)
        overview = Overview()
        if self.yes and self.as_json:  # nobody reads more than the count
            overview.count = await client.count(self.filter)
            return overview
        async for each in client.list(self.filter):
            overview.add(each, self.action, now)
        return overview

    def _print(self, overview: Overview) -> None:
        if overview.sample:
            self._print_sample(overview)
            out.print(f"by target: {listing.largest(overview.targets)}")
        out.print(f"{output.notifications(overview.count)}: {' or '.join(self.filter.statuses)}")

    def _print_sample(self, overview: Overview) -> None:
        new_target = None if isinstance(self.action, Abandon) else self.action.target
        correction = ("new target",) if new_target is not None else ()
        table = output.table("id", "type", "target", *correction, "status", "accepted", "why")
        table.columns[-1].no_wrap = False
        for each in overview.sample:
            table.add_row(
                escaped(each.id),
                escaped(each.type or "-"),
                escaped(each.target or each.authority or "-"),
                *((escaped(new_target),) if new_target is not None else ()),
                output.styled(each.status),
                output.local_time(each.accepted_at),
                escaped(": ".join(part for part in (each.reason, each.explanation) if part)),
            )
        if overview.count > len(overview.sample):
            table.add_row("…")
        out.print(table)

    def _is_confirmed(self, overview: Overview) -> bool:
        """True if the person says yes; an end of input, or a closed input, means no."""
        if overview.expired:
            output.print_warning(
                f"{overview.expired:,} of them will refuse, because they have expired: "
                "give a later --expires-at, or add --even-if-expired"
            )
        # asyncio's handler only cancels the task, and a read that blocks would not notice that.
        handler = signal.signal(signal.SIGINT, signal.default_int_handler)
        question = f"{action_name(self.action)} {output.notifications(overview.count)}? [y/N] "
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
