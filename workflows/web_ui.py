"""The page of a notification in Temporal's Web UI, as Markdown; pure.

The Web UI carries the whole page in a URL, which its server takes up to 1 MiB of, and shows it in
half of its width: so a page is bounded, and its tables are narrow.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from tidings.intervention import CORRECTABLE
from tidings.state import (
    Attempt,
    Intervention,
    NotificationState,
    RefusedIntervention,
    Report,
    Status,
    WaitReason,
)

ROWS_SHOWN: Final = 20
"""The rows of each table, from the newest back."""
_TEXT_CHARACTERS: Final = 200
_EXAMPLE_COLUMNS: Final = 60

_TO_RESOLVE: Final = (
    "**To resolve it**, open *More Actions* above and *Send a Signal*: choose one of these "
    "signals, and put its JSON, with your own words, into *Data*."
)
_CORRECTABLE: Final = ", ".join(f"`{field}`" for field in CORRECTABLE)
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_GAP: Final = 2 * _NO_BREAK
"""Between two columns, for the Web UI's tables have no padding."""


def page(state: NotificationState) -> str:
    """What a person needs to know, and what to send where somebody has to act.

    Texts that others wrote (a target's answer, an operator's reason) show as they are: nothing
    in them becomes markup or a link.
    """
    sections = (
        _standing(state),
        _what_to_send(state),
        _attempts(state),
        _interventions(state.interventions),
        _refusals(state.refused_interventions),
        _reports(state.reports),
    )
    return "\n\n".join(section for section in sections if section)


def _standing(state: NotificationState) -> str:
    reason = f": {state.reason}" if state.reason is not None else ""
    facts = [f"to {_text(state.target)}"]
    if state.status is Status.SCHEDULED:
        facts.append(f"not before {_time(state.next_attempt_at)} UTC")
    if state.status is Status.DELIVERING:
        facts.append("the attempts of the round that runs are under *Pending Activities*")
    if state.intervention_deadline is not None:
        facts.append(f"abandoned if nobody acts by {_time(state.intervention_deadline)} UTC")
    paragraphs = [
        f"**{state.status}**{reason}",
        _text(state.explanation),
        "\n".join(f"- {fact}" for fact in facts),
    ]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _what_to_send(state: NotificationState) -> str:
    if state.status is not Status.AWAITING_INTERVENTION:
        return ""
    expired = state.reason is WaitReason.EXPIRED
    needed = {"even_if_expired": True} if expired else {}
    paragraphs = [
        _TO_RESOLVE,
        "`resend` sends it again as it is, with the full schedule:",
        _example(operator="you", reason="it is up again", **needed),
        f"`resend` also corrects {_CORRECTABLE}:",
        _example(operator="you", reason="wrong path", target=state.target, **needed),
        "`abandon` gives it up:",
        _example(operator="you", reason="no longer needed"),
    ]
    if expired:
        paragraphs.append(
            "It has expired: a resend needs `even_if_expired`, or instead a later `expires_at`."
        )
    elif state.expires_at is not None:
        paragraphs.append(
            f"It expires at {_time(state.expires_at)} UTC: from then on a resend needs "
            "`even_if_expired`, or instead a later `expires_at`."
        )
    return "\n\n".join(paragraphs)


def _attempts(state: NotificationState) -> str:
    shown = min(len(state.attempts), ROWS_SHOWN)
    number = _counted(state.attempt_count, "attempt")
    which = number if shown == state.attempt_count else f"The last {shown} of {number}"
    return _table(
        f"{which} in {_counted(state.round, 'round')}",
        ("no.", "round", "started (UTC)", "took", "what came of it"),
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
        ("when (UTC)", "what", "who", "why", "changed"),
        [
            (
                _time(each.at),
                each.action,
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
        ("when (UTC)", "signal", "why"),
        [(_time(each.at), _text(each.signal), _text(each.problem)) for each in refusals],
    )


def _reports(reports: Iterable[Report]) -> str:
    return _table(
        "What the business system was told, as notifications of their own",
        ("when (UTC)", "id", "problem"),
        [(_time(each.at), _text(each.id), _text(each.problem or "")) for each in reports],
    )


def _table(title: str, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """The newest of ``rows`` under a title; nothing where there are none."""
    if not rows:
        return ""
    head, *body = (f"| {f'{_GAP} | '.join(row)} |" for row in (header, *rows[-ROWS_SHOWN:]))
    return "\n".join([f"**{title}**", "", head, "|" + "---|" * len(header), *body])


def _example(**fields: object) -> str:
    """JSON to copy: in a block of code, where nothing is taken for anything else."""
    line = json.dumps(fields)
    text = line if len(line) <= _EXAMPLE_COLUMNS else json.dumps(fields, indent=2)
    return "\n".join(f"    {line}" for line in text.splitlines())


def _text(text: str) -> str:
    """``text`` on one line, as it reads.

    Every sign of ASCII is written as its number, for many mean something to some Markdown; and
    without its colon, no address becomes a link.
    """
    words = " ".join(text[:_TEXT_CHARACTERS].split())
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
