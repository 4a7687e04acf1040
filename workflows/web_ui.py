"""The page of a notification in Temporal's Web UI, as Markdown; pure.

The page is what the Web UI calls *Current Details*. The *Summary* and *Details* beside it never
change after the start: see ``start_options`` in ``tidings/temporal/start.py``. The columns of the
Web UI's lists are search attributes: see ``tidings/temporal/visibility.py``.

The Web UI puts the whole page into a URL, of which its server accepts 1 MiB, so a page has a
limited length. It shows the page in half of its width, so the tables are narrow.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from tidings.intervention import CORRECTABLE, is_late
from tidings.state import (
    Attempt,
    Intervention,
    NotificationState,
    RefusedIntervention,
    Report,
    Status,
)

MAX_ROWS: Final = 20
"""The most rows of a table, from the newest back."""
_MAX_CHARACTERS: Final = 200
"""The most characters of a text that others wrote."""
_EXAMPLE_COLUMNS: Final = 60

_HOW_TO_SIGNAL: Final = (
    "**To act on it**, open *More Actions* above and *Send a Signal*: choose one of these "
    "signals, and put its JSON, with your own words, into *Data*."
)
_EFFECTS: Final = {
    Status.SCHEDULED: ("sends it now", "the notification keeps its time"),
    Status.DELIVERING: (
        "begins a new round now",
        "the next attempt comes at its time, and goes out as corrected",
    ),
    Status.AWAITING_INTERVENTION: (
        "sends it again, with the full schedule",
        "the notification waits for a resend",
    ),
}
"""The effects of a resend and of a correction in each open status."""
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_GAP: Final = 2 * _NO_BREAK
"""The space between two columns: tables in the Web UI have no padding."""


def page(state: NotificationState) -> str:
    """Everything that a person needs to know, and what they can do, with examples to send.

    Texts that others wrote (a target's answer, an operator's reason) appear as they are: nothing
    in them becomes markup or a link.
    """
    sections = (
        _status(state),
        _how_to_act(state),
        _attempts(state),
        _interventions(state.interventions),
        _refusals(state.refused_interventions),
        _reports(state.reports),
    )
    return "\n\n".join(section for section in sections if section)


def _status(state: NotificationState) -> str:
    reason = f": {state.reason}" if state.reason is not None else ""
    facts = [f"to {_text(state.target)}"]
    if state.status is Status.SCHEDULED:
        facts.append(f"not before {_time(state.next_attempt_at)} UTC")
    if state.status is Status.DELIVERING and state.next_attempt_at is not None:
        facts.append(f"the next attempt is due at {_time(state.next_attempt_at)} UTC")
    elif state.status is Status.DELIVERING:
        facts.append("the attempts of the running round are under *Pending Activities*")
    if state.intervention_deadline is not None:
        facts.append(f"abandoned if nobody acts by {_time(state.intervention_deadline)} UTC")
    paragraphs = [
        f"**{state.status}**{reason}",
        _text(state.explanation),
        "\n".join(f"- {fact}" for fact in facts),
    ]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _how_to_act(state: NotificationState) -> str:
    """Everything that a person can do to it now, with examples to send."""
    if state.status.is_final:
        return _how_to_send_again(state)
    resend, correct = _EFFECTS[state.status]
    but = ", but not `not_before`" if state.status is Status.SCHEDULED else ""
    late = {"even_if_expired": True} if is_late(state) else {}
    paragraphs = [
        _HOW_TO_SIGNAL,
        f"`resend` {resend}:",
        _example(operator="you", reason="it is up again", **late),
        f"`correct` changes {_correctable(state)}. It sends nothing by itself: {correct}.",
        _example(operator="you", reason="wrong path", target=state.target),
        f"`resend` takes these fields, too{but}: it then sends the notification as corrected.",
        "`abandon` gives it up:",
        _example(operator="you", reason="no longer needed"),
        "The blue button *Request Cancellation* gives it up, too, without a reason.",
        _on_expiry(state),
    ]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _correctable(state: NotificationState) -> str:
    """The fields that can be corrected now: only a scheduled one has a time to wait for."""
    is_scheduled = state.status is Status.SCHEDULED
    fields = (it for it in CORRECTABLE if is_scheduled or it != "not_before")
    return ", ".join(f"`{field}`" for field in fields)


def _on_expiry(state: NotificationState) -> str:
    if is_late(state):
        return "It has expired: a resend needs `even_if_expired` or a later `expires_at`."
    if state.expires_at is None:
        return ""
    return (
        f"It expires at {_time(state.expires_at)} UTC: from then on a resend needs "
        "`even_if_expired` or a later `expires_at`."
    )


def _how_to_send_again(state: NotificationState) -> str:
    """The command for what has ended: no signal reaches its workflow any more."""
    return (
        "**To send it again** all the same, under its id and in the same story, use the command "
        f"line:\n\n    tidings resend {state.id} --{state.status}"
    )


def _attempts(state: NotificationState) -> str:
    rows = min(len(state.attempts), MAX_ROWS)
    total = _counted(state.attempt_count, "attempt")
    title = total if rows == state.attempt_count else f"The last {rows} of {total}"
    return _table(
        f"{title} in {_counted(state.round, 'round')}",
        ("no.", "round", "started (UTC)", "took", "result"),
        [_attempt(each) for each in state.attempts],
    )


def _attempt(attempt: Attempt) -> tuple[str, ...]:
    answer = f" — {_text(attempt.excerpt)}" if attempt.excerpt else ""
    return (
        str(attempt.number),
        str(attempt.round),
        _time(attempt.started_at),
        f"{attempt.duration.total_seconds():.3f}{_NO_BREAK}s",
        _text(attempt.explanation) + answer,
    )


def _interventions(interventions: Iterable[Intervention]) -> str:
    return _table(
        "Interventions",
        ("when (UTC)", "action", "operator", "reason", "changes"),
        [
            (
                _time(each.at),
                each.action + (f" by {_text(each.batch)}" if each.batch is not None else ""),
                _text(each.operator or ""),
                _text(each.reason or ""),
                _text("; ".join(f"{it.field}: {it.before} → {it.after}" for it in each.changes)),
            )
            for each in interventions
        ],
    )


def _refusals(refusals: Iterable[RefusedIntervention]) -> str:
    return _table(
        "Refused signals, which changed nothing",
        ("when (UTC)", "signal", "problem"),
        [(_time(each.at), _text(each.signal), _text(each.problem)) for each in refusals],
    )


def _reports(reports: Iterable[Report]) -> str:
    return _table(
        "Reports to the business system, each a notification of its own",
        ("when (UTC)", "id", "problem"),
        [(_time(each.at), _text(each.id), _text(each.problem or "")) for each in reports],
    )


def _table(title: str, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """The newest of ``rows`` under a title; empty if there are no rows."""
    if not rows:
        return ""
    head, *body = (f"| {f'{_GAP} | '.join(row)} |" for row in (header, *rows[-MAX_ROWS:]))
    return "\n".join([f"**{title}**", "", head, "|" + "---|" * len(header), *body])


def _example(**fields: object) -> str:
    """JSON to copy, as a block of code, in which nothing is Markdown."""
    line = json.dumps(fields)
    text = line if len(line) <= _EXAMPLE_COLUMNS else json.dumps(fields, indent=2)
    return "\n".join(f"    {line}" for line in text.splitlines())


def _text(text: str) -> str:
    """``text`` on one line, without any markup.

    ASCII punctuation becomes character references, so that nothing is read as Markdown and no URL
    becomes a link.
    """
    words = " ".join(text[:_MAX_CHARACTERS].split())
    return "".join(_character(char) for char in words)


def _character(char: str) -> str:
    if not char.isprintable():
        return "·"
    return char if char.isalnum() or char in " ,;" or not char.isascii() else f"&#{ord(char)};"


def _time(moment: datetime | None) -> str:
    if moment is None:
        return "-"
    return f"{moment:%Y-%m-%d %H:%M:%S}".replace("-", "\N{NON-BREAKING HYPHEN}")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
