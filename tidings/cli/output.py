"""What the command line shows: the lines and stories of ``starter.py``, and its JSON."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from operator import itemgetter
from typing import Any, Final

from rich.table import Table

from tidings import (
    Attempt,
    Intervention,
    NotificationState,
    Receipt,
    Report,
    SendResult,
    Status,
)
from tidings.cli import terminal
from tidings.cli.file import Line
from tidings.cli.terminal import escaped
from tidings.state import RefusedIntervention

STATUS_STYLES: Final = {
    Status.SCHEDULED: "cyan",
    Status.DELIVERING: "yellow",
    Status.DELIVERED: "green",
    Status.AWAITING_INTERVENTION: "bold red",
    Status.ABANDONED: "dim",
}

_SHOWN_EXCERPT: Final = 60

out, err = terminal.out, terminal.err


def print_json(document: Any) -> None:
    """One JSON document, the whole answer of a command."""
    terminal.write(terminal.json_text(document) + "\n")


def print_error(problem: object) -> None:
    """One line on standard error."""
    err.print(f"[red]error:[/red] {escaped(' '.join(str(problem).split()))}")


def print_note(text: str) -> None:
    """One line on standard error that is good to know."""
    err.print(escaped(text), style="dim")


def print_warning(text: str) -> None:
    """One line on standard error that somebody should look at."""
    err.print(f"[yellow]warning:[/yellow] {escaped(text)}")


def print_receipt(receipt: Receipt) -> None:
    """Whether a notification was accepted now or before."""
    told = "accepted" if receipt.created else "already accepted; nothing is sent twice"
    out.print(f"{escaped(receipt.id)}: {told}")


def print_results(results: Iterable[tuple[Line, SendResult]]) -> None:
    """How many of a file were accepted, and each that was not, with its line."""
    tally = Counter[str]()
    for line, result in results:
        if result.receipt is not None:
            tally["accepted" if result.receipt.created else "accepted before"] += 1
            continue
        tally["failed"] += 1
        named = f" ({result.id})" if result.id is not None else ""
        err.print(f"line {line.number}{escaped(named)}: {escaped(str(result.error))}")
    out.print(", ".join(f"{count:,} {outcome}" for outcome, count in tally.items()))


def result_json(line: Line, result: SendResult) -> dict[str, Any]:
    """What came of one line of a file."""
    return {
        "line": line.number,
        "id": result.id,
        "created": result.receipt.created if result.receipt is not None else None,
        "error": str(result.error) if result.error is not None else None,
    }


def show_state(state: NotificationState, *, as_json: bool) -> None:
    """The whole story of one notification, for a person or a program."""
    if as_json:
        print_json(state.to_json())
    else:
        print_state(state)


def print_state(state: NotificationState) -> None:
    """The whole story of one notification."""
    out.print(f"[bold]{escaped(state.id)}[/bold]  {styled(state.status)}  {escaped(state.type)}")
    facts = {
        "target": state.target,
        "why": " - ".join(part for part in (state.reason, state.explanation) if part),
        "accepted": shown_time(state.accepted_at),
        "next attempt": shown_time(state.next_attempt_at),
        "expires": shown_time(None if state.status.is_final else state.expires_at),
        "awaiting since": shown_time(state.awaiting_since),
        "abandoned if nobody intervenes by": shown_time(state.intervention_deadline),
        "closed": shown_time(state.closed_at),
        "attempts": f"{state.attempt_count}, in round {state.round}" if state.round else "",
        "not shown": f"the first {state.attempts_omitted} attempts"
        if state.attempts_omitted
        else "",
    }
    for name, value in facts.items():
        if value and value != "-":
            out.print(f"  {name}: {escaped(value)}")
    if state.attempts:
        terminal.print_table(_attempts(state.attempts))
    if state.report_count > len(state.reports):
        told = f"{state.report_count:,} reports to the business system"
        out.print(f"  {told}, the newest {len(state.reports)} shown")
    events = [
        *((each.at, _intervention(each)) for each in state.interventions),
        *((each.at, _refusal(each)) for each in state.refused_interventions),
        *((each.at, _report(each)) for each in state.reports),
    ]
    for at, text in sorted(events, key=itemgetter(0)):
        out.print(f"  {shown_time(at)}  {text}")


def _intervention(intervention: Intervention) -> str:
    who = escaped(intervention.operator or "somebody")
    why = f": {escaped(intervention.reason)}" if intervention.reason else ""
    changes = (
        f"{each.field}: {escaped(each.before)} → {escaped(each.after)}"
        for each in intervention.changes
    )
    return "\n      ".join((f"{intervention.action} by {who}{why}", *changes))


def _refusal(refused: RefusedIntervention) -> str:
    return f"[red]refused[/red] {escaped(refused.signal)}: {escaped(refused.problem)}"


def _report(report: Report) -> str:
    came = f"as {report.id}" if report.problem is None else f"failed: {report.problem}"
    return f"report {escaped(report.type)} {escaped(came)}"


def _attempts(attempts: Iterable[Attempt]) -> Table:
    made = table("attempt", "round", "started", "took", "answer", "next", "meaning")
    for each in attempts:
        answer = str(each.status_code) if each.status_code is not None else str(each.failure)
        made.add_row(
            str(each.number),
            str(each.round),
            shown_time(each.started_at),
            f"{each.duration.total_seconds():.3f} s",
            escaped(answer + _excerpt(each.excerpt)),
            shown_time(each.next_attempt_at),
            escaped(each.explanation),
        )
    return made


def _excerpt(excerpt: str | None) -> str:
    if not excerpt:
        return ""
    cut = "…" if len(excerpt) > _SHOWN_EXCERPT else ""
    return f" {excerpt[:_SHOWN_EXCERPT]!r}{cut}"


def table(*headers: str) -> Table:
    """A table without lines, whose cells are not broken."""
    made = Table(box=None)
    for header in headers:
        made.add_column(header, no_wrap=True)
    return made


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
