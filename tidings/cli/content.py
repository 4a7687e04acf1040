"""The content of a notification, as a person reads it; pure."""

import json
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from tidings import (
    Acknowledgement,
    Exponential,
    FixedInterval,
    Intervals,
    Notification,
    SentNotification,
)
from tidings.cli.output import local_time

MAX_BODY: Final = 4000
"""Characters of a body. ``--json`` shows all of it."""

_DAY: Final = timedelta(days=1)
_UNITS: Final = ((3600, "h"), (60, "m"))
_NAMES: Final = tuple(name for name in Notification.model_fields if name not in ("id", "type"))


def lines(content: SentNotification) -> list[str]:
    """The notification as it is now, then the fields that were sent otherwise."""
    return [
        "as it is now",
        *_indented(_fields(content.now, _NAMES)),
        *_sent(content),
    ]


def _sent(content: SentNotification) -> list[str]:
    if content.sent is None:
        return ["as it was sent: Temporal does not keep that any more"]
    if not content.changed:
        return ["as it was sent: the same"]
    # A body may have taken the place of one of the other kind.
    changed = [name for name in _NAMES if name in content.changed]
    return [
        "as it was sent, where that differs",
        *_indented(_fields(content.sent, changed, shows_none=True)),
    ]


def _fields(
    notification: Notification, names: Iterable[str], *, shows_none: bool = False
) -> list[str]:
    """The lines of these fields. A field without a value is left out, or shown as ``none``."""
    found = []
    for name in names:
        value = _value(notification, name)
        if not value and shows_none:
            value = ["none"]
        match value:
            case []:
                pass
            case [line]:
                found.append(f"{name}: {line}")
            case _:
                found += [f"{name}:", *_indented(value)]
    return found


def _value(notification: Notification, name: str) -> list[str]:
    """The lines of one field; none if it has no value."""
    value: Any = getattr(notification, name)
    if value is None:
        return []
    return _WRITERS[name](value) if name in _WRITERS else [str(value)]


def _body(body: Any) -> list[str]:
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, indent=2)
    rest = len(text) - MAX_BODY
    more = [f"… {rest:,} characters more, which --json shows"] if rest > 0 else []
    return [*(text[:MAX_BODY].split("\n") if text else ["an empty text"]), *more]


def _schedule(schedule: Exponential | FixedInterval | Intervals) -> list[str]:
    attempts = schedule.maximum_attempts
    delays = [duration(each) for each in schedule.delays]
    if not delays:
        return ["1 attempt"]
    apart = f"{delays[0]} apart" if len({*delays}) == 1 else f"after {' '.join(delays)}"
    jitter = f", each ±{schedule.jitter:.0%}" if schedule.jitter else ""
    return [f"{attempts} attempts, {apart}{jitter}"]


def _rule(rule: Acknowledgement) -> list[str]:
    conditions = rule.model_dump(mode="json", exclude_defaults=True)
    return [json.dumps(conditions, ensure_ascii=False) if conditions else "any 2xx"]


def duration(length: timedelta) -> str:
    """A duration as people write it: ``15s``, ``1h30m``, ``24h4m``, ``30d``."""
    if length and not length % _DAY:
        return f"{length // _DAY}d"
    seconds = length.total_seconds()
    parts = []
    for unit_length, unit in _UNITS:
        count, seconds = divmod(seconds, unit_length)
        if count:
            parts.append(f"{count:.0f}{unit}")
    if seconds or not parts:
        parts.append(f"{seconds:g}s")
    return "".join(parts)


def _indented(texts: Iterable[str]) -> list[str]:
    return [f"  {each}" for each in texts]


_WRITERS: Final[Mapping[str, Callable[[Any], list[str]]]] = {
    "body": _body,
    "body_base64": lambda text: [f"{len(b64decode(text)):,} bytes"],
    "headers": lambda headers: [f"{name}: {value}" for name, value in headers.items()],
    "retry": _schedule,
    "acknowledgement": _rule,
    "timeout": lambda length: [duration(length)],
    "not_before": lambda moment: [local_time(moment)],
    "expires_at": lambda moment: [local_time(moment)],
    "intervention_timeout": lambda length: [duration(length)],
}
"""The lines of a field that is no plain text, by its name."""
