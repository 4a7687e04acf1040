"""The state of one notification, as a person reads it."""

from collections.abc import Iterable
from operator import itemgetter
from typing import Final

from rich.table import Table

from tidings import Attempt, Intervention, NotificationState, Report
from tidings.cli import output, terminal
from tidings.cli.output import local_time
from tidings.cli.terminal import escaped, out

_MAX_EXCERPT: Final = 60
"""Characters of an answer's body."""


def print_state(state: NotificationState, *, as_json: bool) -> None:
    """Prints the whole state, as one JSON document or for a person."""
    if as_json:
        output.print_json(state.to_json())
        return
    out.print(
        f"[bold]{escaped(state.id)}[/bold]  {output.styled(state.status)}  {escaped(state.type)}"
    )
    for name, value in _facts(state).items():
        if value and value != "-":
            out.print(f"  {name}: {escaped(value)}")
    if state.attempts:
        terminal.print_table(_attempts(state.attempts))
    if state.report_count > len(state.reports):
        reports = f"{state.report_count:,} reports to the business system"
        out.print(f"  {reports}, the newest {len(state.reports)} shown")
    events = [
        *((each.at, _intervention(each)) for each in state.interventions),
        *(
            (each.at, f"[red]refused[/red] {escaped(each.signal)}: {escaped(each.problem)}")
            for each in state.refused_interventions
        ),
        *((each.at, _report(each)) for each in state.reports),
    ]
    for at, text in sorted(events, key=itemgetter(0)):
        out.print(f"  {local_time(at)}  {text}")


def _facts(state: NotificationState) -> dict[str, str]:
    """The lines below the first one; an empty value or ``-`` is not printed."""
    omitted = f"the first {state.attempts_omitted} attempts" if state.attempts_omitted else ""
    return {
        "target": state.target,
        "why": " - ".join(part for part in (state.reason, state.explanation) if part),
        "cause": state.cause or "",
        "accepted": local_time(state.accepted_at),
        "next attempt": local_time(state.next_attempt_at),
        "expires": local_time(None if state.status.is_final else state.expires_at),
        "awaiting since": local_time(state.awaiting_since),
        "abandoned if nobody intervenes by": local_time(state.intervention_deadline),
        "closed": local_time(state.closed_at),
        "attempts": f"{state.attempt_count}, in round {state.round}" if state.round else "",
        "not shown": omitted,
    }


def _attempts(attempts: Iterable[Attempt]) -> Table:
    table = output.table("attempt", "round", "started", "took", "answer", "next", "meaning")
    for each in attempts:
        answer = str(each.status_code) if each.status_code is not None else str(each.failure)
        table.add_row(
            str(each.number),
            str(each.round),
            local_time(each.started_at),
            f"{each.duration.total_seconds():.3f} s",
            escaped(answer + _excerpt(each.excerpt)),
            local_time(each.next_attempt_at),
            escaped(each.explanation),
        )
    return table


def _excerpt(excerpt: str | None) -> str:
    if not excerpt:
        return ""
    cut = "…" if len(excerpt) > _MAX_EXCERPT else ""
    return f" {excerpt[:_MAX_EXCERPT]!r}{cut}"


def _intervention(intervention: Intervention) -> str:
    operator = escaped(intervention.operator or "somebody")
    reason = f": {escaped(intervention.reason)}" if intervention.reason else ""
    changes = (
        f"{each.field}: {escaped(each.before)} → {escaped(each.after)}"
        for each in intervention.changes
    )
    batch = f" ({escaped(intervention.batch)})" if intervention.batch else ""
    return "\n      ".join((f"{intervention.action} by {operator}{reason}{batch}", *changes))


def _report(report: Report) -> str:
    result = f"as {report.id}" if report.problem is None else f"failed: {report.problem}"
    return f"report {escaped(report.type)} {escaped(result)}"
