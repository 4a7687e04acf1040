"""What the command line shows: the tables and lines of ``starter.py``, and its JSON."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from console.file import Line
from tidings import Attempt, NotificationState, NotificationSummary, Receipt, SendResult, Status

STATUS_STYLES: Final = {
    Status.SCHEDULED: "cyan",
    Status.DELIVERING: "yellow",
    Status.DELIVERED: "green",
    Status.AWAITING_INTERVENTION: "bold red",
    Status.ABANDONED: "dim",
}

_PIPE_WIDTH: Final = 240
"""Nothing tells how wide a pipe's reader is, and a table that is cut is worse than a wide one."""

out = Console(highlight=False, width=None if sys.stdout.isatty() else _PIPE_WIDTH)
err = Console(highlight=False, soft_wrap=True, stderr=True)


def print_json(document: Any) -> None:
    """One JSON document, the whole answer of a command."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def print_error(problem: object) -> None:
    """One line on standard error."""
    err.print(f"[red]error:[/red] {escape(' '.join(str(problem).split()))}")


def print_receipt(receipt: Receipt) -> None:
    """Whether a notification was accepted now or before."""
    told = "accepted" if receipt.created else "already accepted; nothing is sent twice"
    out.print(f"{escape(receipt.id)}: {told}")


def print_results(results: Iterable[tuple[Line, SendResult]]) -> None:
    """How many of a file were accepted, and each that was not, with its line."""
    tally = Counter[str]()
    for line, result in results:
        if result.receipt is not None:
            tally["accepted" if result.receipt.created else "accepted before"] += 1
            continue
        tally["failed"] += 1
        named = f" ({result.id})" if result.id is not None else ""
        err.print(f"line {line.number}{escape(named)}: {escape(str(result.error))}")
    out.print(", ".join(f"{count:,} {outcome}" for outcome, count in tally.items()))


def result_json(line: Line, result: SendResult) -> dict[str, Any]:
    """What came of one line of a file."""
    return {
        "line": line.number,
        "id": result.id,
        "created": result.receipt.created if result.receipt is not None else None,
        "error": str(result.error) if result.error is not None else None,
    }


def print_counts(counts: Mapping[Status, int]) -> None:
    """How many there are of each status."""
    table = _table("status", "notifications")
    table.columns[1].justify = "right"
    for status, count in counts.items():
        table.add_row(styled(status), f"{count:,}")
    table.add_row("total", f"{sum(counts.values()):,}")
    out.print(table)


def print_list(notifications: Sequence[NotificationSummary]) -> None:
    """One line for each notification."""
    table = _table("id", "status", "type", "target", "accepted", "closed")
    for each in notifications:
        table.add_row(
            escape(each.id),
            styled(each.status),
            escape(each.type or "-"),
            escape(each.target or "-"),
            shown_time(each.accepted_at),
            shown_time(each.closed_at),
        )
    out.print(table)
    count = len(notifications)
    out.print(f"{count:,} notification{'' if count == 1 else 's'}", style="dim")


def show_state(state: NotificationState, *, as_json: bool) -> None:
    """The whole story of one notification, for a person or a program."""
    if as_json:
        print_json(state.to_json())
    else:
        print_state(state)


def print_state(state: NotificationState) -> None:
    """The whole story of one notification."""
    out.print(f"[bold]{escape(state.id)}[/bold]  {styled(state.status)}  {escape(state.type)}")
    facts = {
        "target": state.target,
        "why": " - ".join(part for part in (state.reason, state.explanation) if part),
        "accepted": shown_time(state.accepted_at),
        "next attempt": shown_time(state.next_attempt_at),
        "abandoned if nobody intervenes by": shown_time(state.intervention_deadline),
        "closed": shown_time(state.closed_at),
        "attempts": f"{state.attempt_count}, in round {state.round}" if state.round else "",
    }
    for name, value in facts.items():
        if value and value != "-":
            out.print(f"  {name}: {escape(value)}")
    if state.attempts:
        out.print(_attempts(state.attempts))
    for intervention in state.interventions:
        who = escape(intervention.operator or "somebody")
        why = f": {escape(intervention.reason)}" if intervention.reason else ""
        out.print(f"  {shown_time(intervention.at)}  {intervention.action} by {who}{why}")
        for change in intervention.changes:
            out.print(f"      {change.field}: {escape(change.before)} → {escape(change.after)}")
    for refused in state.refused_interventions:
        out.print(
            f"  {shown_time(refused.at)}  [red]refused[/red] "
            f"{escape(refused.signal)}: {escape(refused.problem)}"
        )


def _attempts(attempts: Iterable[Attempt]) -> Table:
    table = _table("attempt", "round", "started", "took", "answer", "next", "meaning")
    table.columns[-1].no_wrap = False
    for each in attempts:
        answer = str(each.status_code) if each.status_code is not None else str(each.failure)
        excerpt = f" {each.excerpt[:60]!r}" if each.excerpt else ""
        table.add_row(
            str(each.number),
            str(each.round),
            shown_time(each.started_at),
            f"{each.duration.total_seconds():.3f} s",
            escape(answer + excerpt),
            shown_time(each.next_attempt_at),
            escape(each.explanation),
        )
    return table


def _table(*headers: str) -> Table:
    table = Table(box=None)
    for header in headers:
        table.add_column(header, no_wrap=True)
    return table


def styled(status: Status) -> str:
    """A status in its colour."""
    style = STATUS_STYLES[status]
    return f"[{style}]{status}[/{style}]"


def shown_time(moment: datetime | None) -> str:
    """A moment in local time, to the second; ``-`` for none."""
    if moment is None:
        return "-"
    local = moment.astimezone()
    return local.strftime("%Y-%m-%d %H:%M:%S")
