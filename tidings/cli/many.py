"""Resolving many at once: what is meant, how much that is, and whether it is to be done."""

import asyncio
import signal
from typing import Final

from tidings import (
    Abandon,
    Batch,
    Filter,
    InvalidInputError,
    NotificationClient,
    NotificationSummary,
    Resend,
    Status,
    TidingsError,
)
from tidings.cli import batch, command, output, selection
from tidings.cli.terminal import err, escaped, out
from tidings.intervention import MAX_SPREAD
from tidings.temporal import bulk

SAMPLE: Final = 5
"""So many of those found are shown before the question."""

_POLL_SECONDS: Final = 0.5
_SETTLED_POLLS: Final = 6
"""So often the same count comes again until it is believed."""
_MOST_POLLS: Final = 60
"""Others may send, and resolve, without an end."""


def filters(
    *,
    where: str | None,
    target: str | None,
    type_: str | None,
    since: str | None,
    until: str | None,
    everything: bool,
) -> Filter:
    """What the options say; raises ``InvalidInputError`` if they say nothing, or too much."""
    read = selection.read(None, target, type_, since=since, until=until)
    found = Filter(where=where, target=target, type=type_, since=read.since, until=read.until)
    if everything and not found.is_empty:
        raise InvalidInputError("--all is everything that is stuck: leave the filters out")
    if found.is_empty and not everything:
        raise InvalidInputError(
            "give an ID, or filters (--where, --target, --type, --since, --until), "
            "or --all for everything that is stuck"
        )
    return bulk.stuck(found, everything=everything)


def resolve(
    action: Resend | Abandon, chosen: Filter, rate: float, *, yes: bool, as_json: bool
) -> None:
    """Shows what would be done, asks, does it, and follows it; ends the process."""

    async def resolve_them(client: NotificationClient) -> int:
        count = await client.count(chosen)
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


def _pace(started: Batch, rate: float) -> str:
    """What goes on after all have been told."""
    what = "rounds" if started.action == "resend" else "reports, if any,"
    seconds = max(min(started.total / rate, MAX_SPREAD.total_seconds()), 1)
    return f"at {rate:g} a second, the last of their {what} begins within {seconds:,.0f} s"


async def _started(
    client: NotificationClient, action: Resend | Abandon, chosen: Filter, rate: float
) -> Batch | None:
    everything = chosen == Filter(status=Status.AWAITING_INTERVENTION)
    if isinstance(action, Resend):
        return await client.resend_all(action, chosen, everything=everything, rate=rate)
    return await client.abandon_all(action, chosen, everything=everything, rate=rate)


async def _left(client: NotificationClient, chosen: Filter) -> int | None:
    """How many of the filter await intervention, once that changes no more; ``None``: unknown.

    What was told takes effect a moment later, and lists follow that; what refused it stays.
    """
    counts: list[int] = []
    try:
        for _ in range(_MOST_POLLS):
            await asyncio.sleep(_POLL_SECONDS)
            left = await client.count(chosen)
            counts.append(left)
            if left == 0 or counts[-_SETTLED_POLLS:] == [left] * _SETTLED_POLLS:
                break
    except TidingsError as error:
        output.print_note(f"how many still await intervention is not known: {error}")
        return None
    return counts[-1]


async def _show_sample(client: NotificationClient, chosen: Filter, count: int) -> None:
    sample: list[NotificationSummary] = []
    async for each in client.list(chosen):
        sample.append(each)
        if len(sample) == SAMPLE:
            break
    if sample:
        listed = output.table("id", "type", "target", "accepted", "why")
        listed.columns[-1].no_wrap = False
        for each in sample:
            listed.add_row(
                escaped(each.id),
                escaped(each.type or "-"),
                escaped(each.authority or "-"),
                output.shown_time(each.accepted_at),
                escaped(f"{each.reason}: {each.explanation}"),
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
