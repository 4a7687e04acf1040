"""The page of a notification in Temporal's Web UI, as Markdown; pure."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from tidings.state import Attempt, Intervention, NotificationState, Status

ATTEMPTS_SHOWN: Final = 20
_CELL_CHARACTERS: Final = 200

_RESOLVE: Final = """\
**To resolve it**, choose *Send a Signal* above, and one of these signals with a JSON object:

| signal | input | what it does |
|---|---|---|
| `resend` | `{{"operator": "you", "reason": "it is up again"}}` | sends it again as it is, \
with the full schedule |
| `resend` | `{{"operator": "you", "reason": "wrong path", "target": "{target}"}}` | sends it \
corrected; so may be `body`, `content_type`, `headers`, `retry`, `acknowledgement` |
| `abandon` | `{{"operator": "you", "reason": "no longer needed"}}` | gives it up |
"""
_RESOLVE_EXPIRED: Final = """
It has expired: a resend needs a later `"expires_at"`, or `"even_if_expired": true`.
"""


def page(state: NotificationState) -> str:
    """What a person needs to know, and what to send where somebody has to act.

    Texts that others wrote (a target's answer, an operator's reason) are escaped.
    """
    parts = [_headline(state)]
    if state.status is Status.AWAITING_INTERVENTION:
        parts.append(_RESOLVE.format(target=_cell(state.target)))
        if state.reason == "expired":
            parts.append(_RESOLVE_EXPIRED)
    if state.attempts:
        parts.append(_attempts(state))
    if state.interventions:
        parts.append(_interventions(state.interventions))
    parts.extend(
        f"Refused signal `{_cell(each.signal)}` ({_time(each.at)}): {_cell(each.problem)}"
        for each in state.refused_interventions[-ATTEMPTS_SHOWN:]
    )
    parts.extend(
        f"Told the business system by `{_cell(each.id)}` ({_time(each.at)})"
        + (f": {_cell(each.problem)}" if each.problem is not None else "")
        for each in state.reports
    )
    return "\n\n".join(parts)


def _headline(state: NotificationState) -> str:
    lines = [f"**{state.status}**" + (f": {state.reason}" if state.reason is not None else "")]
    if state.explanation:
        lines.append(_cell(state.explanation))
    lines.append(f"to {_cell(state.target)}")
    if state.intervention_deadline is not None:
        lines.append(f"abandoned if nobody intervenes by {_time(state.intervention_deadline)}")
    if state.status is Status.SCHEDULED:
        lines.append(f"not before {_time(state.next_attempt_at)}")
    if state.status is Status.DELIVERING:
        lines.append("the attempts of the round that runs are in its pending activity, below")
    return "  \n".join(lines)


def _attempts(state: NotificationState) -> str:
    shown = state.attempts[-ATTEMPTS_SHOWN:]
    return _table(
        f"{len(shown)} of {state.attempt_count} attempts, in {state.round} rounds",
        ("attempt", "round", "started", "took", "answer", "meaning", "body"),
        (_attempt(each) for each in shown),
    )


def _attempt(attempt: Attempt) -> tuple[str, ...]:
    answer = attempt.status_code if attempt.status_code is not None else attempt.failure
    return (
        str(attempt.number),
        str(attempt.round),
        _time(attempt.started_at),
        f"{attempt.duration.total_seconds():.3f} s",
        str(answer),
        attempt.explanation,
        attempt.excerpt or "",
    )


def _interventions(interventions: Iterable[Intervention]) -> str:
    return _table(
        "Interventions",
        ("when", "what", "who", "why", "changed"),
        (
            (
                _time(each.at),
                each.action,
                each.operator or "",
                each.reason or "",
                "; ".join(f"{it.field}: {it.before} → {it.after}" for it in each.changes),
            )
            for each in interventions
        ),
    )


def _table(title: str, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *(tuple(map(_cell, row)) for row in rows)]
    return f"**{title}**\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(text: str) -> str:
    """``text`` as it reads, on one line: nothing in it is taken for Markdown or HTML."""
    line = " ".join(text[:_CELL_CHARACTERS].split())
    return "".join(f"&#{ord(char)};" if char in "|<>&`*_[]\\~!#$" else char for char in line)


def _time(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC") if moment is not None else "-"
