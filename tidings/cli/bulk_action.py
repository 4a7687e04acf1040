"""An action on many notifications: what it is about, a question, and the batch."""

import signal
from collections import Counter
from dataclasses import KW_ONLY, dataclass, field
from datetime import UTC, datetime
from typing import Final

from tidings import Abandon, Batch, Filter, NotificationClient, NotificationSummary
from tidings.cli import listing, output, progress
from tidings.cli.advice import in_options
from tidings.cli.terminal import err, escaped, out
from tidings.intervention import Action, action_name, foreseen_refusal
from tidings.temporal.query import unfound

SAMPLE: Final = 5
"""The notifications that are shown before the question."""
MISSING: Final = 10
"""The ids without a notification that are shown."""


@dataclass
class Overview:
    """The notifications of a filter, as a person needs to see them before an action."""

    count: int = 0
    sample: list[NotificationSummary] = field(default_factory=list)
    targets: Counter[str] = field(default_factory=Counter)
    """The notifications of each URL."""
    causes: Counter[str] = field(default_factory=Counter)
    """The notifications of each cause, in words."""
    refusals: Counter[str] = field(default_factory=Counter)
    """The notifications that will refuse the action, by the reason."""
    ids: set[str] | None = None
    """The ids of the notifications; ``None`` if nobody asks for them."""

    def add(self, notification: NotificationSummary, action: Action, now: datetime) -> None:
        """Adds one notification, on which ``action`` is meant."""
        self.count += 1
        self.targets[notification.target or notification.authority or "-"] += 1
        if notification.problem is not None:
            self.causes[notification.problem] += 1
        refusal = foreseen_refusal(action, notification, now)
        if refusal is not None:
            self.refusals[refusal] += 1
        if len(self.sample) < SAMPLE:
            self.sample.append(notification)
        if self.ids is not None:
            self.ids.add(notification.id)


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
        overview = Overview(ids=set() if self.filter.ids is not None else None)
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
            if overview.causes:
                out.print(f"by cause: {listing.largest(overview.causes)}")
        missing = unfound(self.filter.ids or (), overview.ids or ())
        if missing:
            _print_missing(missing, self.filter)
        out.print(f"{output.notifications(overview.count)}: {' or '.join(self.filter.statuses)}")
        for why, count in overview.refusals.most_common():
            output.print_warning(f"{count:,} of them will refuse: {in_options(why)}")

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


def _print_missing(ids: list[str], filter_: Filter) -> None:
    shown = ", ".join(ids[:MISSING])
    more = f" and {len(ids) - MISSING:,} more" if len(ids) > MISSING else ""
    output.print_warning(
        f"{len(ids):,} of the ids are left alone, because there is no such notification, or it is "
        f"not {' or '.join(filter_.statuses)}: {shown}{more}"
    )
