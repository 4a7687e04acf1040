"""The moments and spans that a person writes on the command line; pure."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from tidings import InvalidInputError

_UNITS: Final = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_SPAN: Final = re.compile(r"(?:[0-9]{1,6}[smhdw])+", re.ASCII)
_PART: Final = re.compile(r"([0-9]+)([smhdw])", re.ASCII)
_DAYS: Final = {"today": timedelta(0), "yesterday": timedelta(days=1)}
FORMS: Final = (
    "a span before now (5m, 2h, 1d12h), today, yesterday, a date (2026-11-22), "
    "a time of today (14:30), or both (2026-11-22T08:00+08:00; local without a zone)"
)
"""The forms of a moment."""


def moment(option: str, text: str, now: datetime) -> datetime:
    """The moment that ``text`` means at the time ``now``, in UTC; see ``FORMS``.

    What has no time zone is local time, as all output is. Raises ``InvalidInputError``, which
    names ``option``, if the text has none of these forms.
    """
    for reader in _READERS:
        try:
            return reader(text, now).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    raise InvalidInputError(f"{option} is {text!r}; it takes {FORMS}")


def day(option: str, text: str, now: datetime) -> tuple[datetime, datetime]:
    """The local day that ``text`` means: its midnight and the next one, in UTC.

    Raises ``InvalidInputError``, which names ``option``, if the text is no day.
    """
    try:
        begin = _day(text, now)
        return begin.astimezone(UTC), (begin + timedelta(days=1)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInputError(
            f"{option} is {text!r}; it takes today, yesterday, or a date, as 2026-11-22"
        ) from None


def span(option: str, text: str) -> timedelta:
    """The length of a span like ``90s``, ``5m`` or ``1d12h``.

    Raises ``InvalidInputError``, which names ``option``, if the text is none.
    """
    try:
        return _span(text)
    except (ValueError, OverflowError):
        raise InvalidInputError(
            f"{option} is {text!r}; it takes a span, as 90s, 5m, 2h or 1d12h"
        ) from None


def later(text: str, now: datetime) -> str:
    """The moment after a span from ``now``, in ISO 8601; any other text as it is."""
    try:
        return (now + _span(text)).isoformat()
    except (ValueError, OverflowError):
        return text


def age(length: timedelta) -> str:
    """A span in its two largest units, as a person writes it: ``45s``, ``1h05m``, ``2d4h``."""
    seconds = max(int(length.total_seconds()), 0)
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if days:
        return f"{days}d{hours % 24}h"
    if hours:
        return f"{hours}h{minutes % 60:02}m"
    return f"{minutes}m" if minutes else f"{seconds}s"


def _span(text: str) -> timedelta:
    if not _SPAN.fullmatch(text):
        raise ValueError(text)
    parts = (int(number) * _UNITS[unit] for number, unit in _PART.findall(text))
    return sum(parts, start=timedelta(0))


def _before(text: str, now: datetime) -> datetime:
    return now - _span(text)


def _day(text: str, now: datetime) -> datetime:
    today = now.astimezone().date()
    day = today - _DAYS[text] if text in _DAYS else date.fromisoformat(text)
    return datetime.combine(day, time())


def _time_of_today(text: str, now: datetime) -> datetime:
    if ":" not in text:  # 2026 would be 20:26
        raise ValueError(text)
    return datetime.combine(now.astimezone().date(), time.fromisoformat(text))


def _whole(text: str, _now: datetime) -> datetime:
    return datetime.fromisoformat(text)


_READERS: Final[tuple[Callable[[str, datetime], datetime], ...]] = (
    _before,
    _day,
    _time_of_today,
    _whole,
)
