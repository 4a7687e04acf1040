"""Resolving many at once: what is meant, how much that is, and whether it is to be done."""

import asyncio
import signal
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from console import batch, command, output, selection
from console.terminal import err, out, shown
from tidings import (
    Abandon,
    InvalidInputError,
    NotificationClient,
    NotificationSummary,
    Resend,
    Status,
    TidingsError,
    bulk,
)
from tidings.intervention import MAX_SPREAD

SAMPLE: Final = 5
"""So many of those found are shown before the question."""

_POLL_SECONDS: Final = 0.5
_SETTLED_POLLS: Final = 6
"""So often the same count comes again until it is believed."""
_MOST_POLLS: Final = 60
"""Others may send, and resolve, without an end."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Which of the notifications that are stuck; ``None`` filters nothing."""

    where: str | None = None
    target: str | None = None
    type: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def everything(self) -> bool:
        """Whether nothing is filtered."""
        return self == Filters()

    def given(self) -> dict[str, Any]:
        """As the arguments of ``NotificationClient.list``."""
        return asdict(self)


def filters(
    *,
    where: str | None,
    target: str | None,
    type_: str | None,
    since: str | None,
    until: str | None,
    everything: bool,
) -> Filters:
    """What the options say; raises ``InvalidInputError`` where they say nothing, or too much."""
    read = selection.read(None, target, type_, since=since, until=until)
    found = Filters(where=where, target=target, type=type_, since=read.since, until=read.until)
    if everything and not found.everything:
        raise InvalidInputError("--all is everything that is stuck: leave the filters out")
    if found.everything and not everything:
        raise InvalidInputError(
            "give an ID, or filters (--where, --target, --type, --since, --until), "
            "or --all for everything that is stuck"
        )
    bulk.query(everything=everything, **found.given())
    return found


def resolve(
    action: Resend | Abandon, chosen: Filters, rate: float, *, yes: bool, as_json: bool
) -> None:
    """Shows what would be done, asks, does it, and follows it; ends the process."""

    async def resolve_them(client: NotificationClient) -> int:
        count = await client.count(status=Status.AWAITING_INTERVENTION, **chosen.given())
        if not as_json:
            await _show_sample(client, chosen, count)
        if count and not yes and not _agreed(action, count):
            output.print_note("nothing has been changed")
            return 1
        started = await _started(client, action, chosen, rate) if count else None
        if started is None:
            if as_json:
                output.print_json({"matched": 0, "batch": None})
            return 0
        output.print_note(f"{started.id} has started; it goes on when this command ends")
        output.print_note(_pace(started, rate))
        ended = await batch.followed(client, started, quiet=as_json)
        if not as_json:
            batch.print_batch(ended)
        left = await _left(client, chosen)
        if as_json:
            told = {"matched": count, "batch": ended.to_json(), "awaiting_intervention": left}
            output.print_json(told)
        elif left:
            output.print_note(
                f"{_many(left)} of this filter await{'s' if left == 1 else ''} intervention now, "
                "having refused, got stuck again or come since, or as no worker has got to them "
                "yet: `starter.py list --status awaiting_intervention` shows which, "
                "`starter.py state ID` why"
            )
        return batch.code(ended)

    command.run(resolve_them)


def _pace(started: bulk.Batch, rate: float) -> str:
    """What goes on after all have been told."""
    what = "rounds" if started.action == "resend" else "reports, if any,"
    seconds = max(min(started.total / rate, MAX_SPREAD.total_seconds()), 1)
    return f"at {rate:g} a second, the last of their {what} begins within {seconds:,.0f} s"


async def _started(
    client: NotificationClient, action: Resend | Abandon, chosen: Filters, rate: float
) -> bulk.Batch | None:
    everything, given = chosen.everything, chosen.given()
    if isinstance(action, Resend):
        return await client.resend_all(action, **given, everything=everything, rate=rate)
    return await client.abandon_all(action, **given, everything=everything, rate=rate)


async def _left(client: NotificationClient, chosen: Filters) -> int | None:
    """How many of the filter await intervention, once that changes no more; ``None``: unknown.

    What was told takes effect a moment later, and lists follow that; what refused it stays.
    """
    counts: list[int] = []
    try:
        for _ in range(_MOST_POLLS):
            await asyncio.sleep(_POLL_SECONDS)
            left = await client.count(status=Status.AWAITING_INTERVENTION, **chosen.given())
            counts.append(left)
            if left == 0 or counts[-_SETTLED_POLLS:] == [left] * _SETTLED_POLLS:
                break
    except TidingsError as error:
        output.print_note(f"how many still await intervention is not known: {error}")
        return None
    return counts[-1]


async def _show_sample(client: NotificationClient, chosen: Filters, count: int) -> None:
    sample: list[NotificationSummary] = []
    async for each in client.list(status=Status.AWAITING_INTERVENTION, **chosen.given()):
        sample.append(each)
        if len(sample) == SAMPLE:
            break
    if sample:
        listed = output.table("id", "type", "target", "accepted", "why")
        listed.columns[-1].no_wrap = False
        for each in sample:
            listed.add_row(
                shown(each.id),
                shown(each.type or "-"),
                shown(each.target or "-"),
                output.shown_time(each.accepted_at),
                shown(f"{each.reason}: {each.explanation}"),
            )
        if count > len(sample):
            listed.add_row("…")
        out.print(listed)
    out.print(f"{_many(count)} await{'s' if count == 1 else ''} intervention")


def _agreed(action: Resend | Abandon, count: int) -> bool:
    """Whether the person says yes; an end of input, or none at all, is a no."""
    verb = "resend" if isinstance(action, Resend) else "abandon"
    # asyncio's handler only cancels the task, which a read that blocks would not notice.
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return err.input(f"{verb} {_many(count)}? [y/N] ", markup=False).strip().lower() in {
            "y",
            "yes",
        }
    except (EOFError, ValueError, RuntimeError):  # the last where standard input is closed
        return False
    finally:
        signal.signal(signal.SIGINT, handler)


def _many(count: int) -> str:
    return f"{count:,} notification{'' if count == 1 else 's'}"
