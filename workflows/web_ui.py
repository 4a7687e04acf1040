"""The page of a notification in Temporal's Web UI, as Markdown; pure.

The page is what the Web UI calls *Current Details*. The *Summary* and *Details* beside it never
change after the start: see ``start_options`` in ``tidings/temporal/start.py``. The columns of the
Web UI's lists are search attributes: see ``tidings/temporal/visibility.py``.

The Web UI puts the whole page into a URL, of which its server accepts 1 MiB, so a page has a
limited length.
"""

from collections.abc import Iterable
from typing import Final

from tidings.state import Attempt, Intervention, NotificationState, RefusedIntervention, Report
from workflows.instructions import how_to_act, what_to_do
from workflows.markdown import MAX_ROWS, NO_BREAK, counted, joined, table, text, time

_REJECTED: Final = (
    "**Nothing can be done here**: it was never accepted, because its start broke a rule. Its "
    "sender has to send it anew."
)


def page(state: NotificationState) -> str:
    """Everything that a person needs to know, and what they can do, with examples to send.

    It begins with what a person has to do. Texts that others wrote (a target's answer, an
    operator's reason) appear as they are: nothing in them becomes markup or a link.
    """
    return joined(
        what_to_do(state),
        _status(state),
        how_to_act(state),
        _attempts(state),
        _interventions(state.interventions),
        _refusals(state.refused_interventions),
        _reports(state.reports),
    )


def rejection_page(problem: str) -> str:
    """The page of a start that was not a notification, with the rule that it broke."""
    return joined(_REJECTED, text(problem))


def _status(state: NotificationState) -> str:
    reason = f": {state.reason}" if state.reason is not None else ""
    # Otherwise the first sentence of the page is the explanation.
    has_more = state.status.is_final or state.cause is not None
    facts = [f"- to {text(state.target)}"]
    if state.awaiting_since is not None:
        facts.append(f"- stuck since {time(state.awaiting_since)} UTC")
    return joined(
        f"**{state.status}**{reason}",
        text(state.explanation) if has_more else "",
        "\n".join(facts),
    )


def _attempts(state: NotificationState) -> str:
    rows = min(len(state.attempts), MAX_ROWS)
    total = counted(state.attempt_count, "attempt")
    title = total if rows == state.attempt_count else f"The last {rows} of {total}"
    return table(
        f"{title} in {counted(state.round, 'round')}",
        ("no.", "round", "started (UTC)", "took", "result"),
        [_attempt(each) for each in state.attempts],
    )


def _attempt(attempt: Attempt) -> tuple[str, ...]:
    answer = f" — {text(attempt.excerpt)}" if attempt.excerpt else ""
    return (
        str(attempt.number),
        str(attempt.round),
        time(attempt.started_at),
        f"{attempt.duration.total_seconds():.3f}{NO_BREAK}s",
        text(attempt.explanation) + answer,
    )


def _interventions(interventions: Iterable[Intervention]) -> str:
    return table(
        "Interventions",
        ("when (UTC)", "action", "operator", "reason", "changes"),
        [
            (
                time(each.at),
                each.action + (f" by {text(each.batch)}" if each.batch is not None else ""),
                text(each.operator or ""),
                text(each.reason or ""),
                text("; ".join(f"{it.field}: {it.before} → {it.after}" for it in each.changes)),
            )
            for each in interventions
        ],
    )


def _refusals(refusals: Iterable[RefusedIntervention]) -> str:
    return table(
        "Refused signals, which changed nothing",
        ("when (UTC)", "signal", "problem"),
        [(time(each.at), text(each.signal), text(each.problem)) for each in refusals],
    )


def _reports(reports: Iterable[Report]) -> str:
    return table(
        "Reports to the business system, each a notification of its own",
        ("when (UTC)", "id", "problem"),
        [(time(each.at), text(each.id), text(each.problem or "")) for each in reports],
    )
