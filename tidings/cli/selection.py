"""Which notifications a command is about: its filters, and how far back they can reach."""

from datetime import UTC, date, datetime, time, timedelta

from tidings import Filter, InvalidInputError, NotificationClient, Status, TemporalRequestError
from tidings.cli import output


async def print_retention(client: NotificationClient, filter_: Filter) -> None:
    """Prints how far back a filter with a period can reach, and warns if it reaches further.

    Nothing is kept of what ended longer ago than the retention.
    """
    if filter_.since is None and filter_.until is None:
        return
    try:
        retention = await client.retention()
    except TemporalRequestError as error:  # a client may list without the right to ask this
        output.print_warning(f"how long ended notifications are kept is not known: {error}")
        return
    output.print_note(f"ended notifications are kept for {shown_days(retention)}")
    kept_since = datetime.now(UTC) - retention
    if filter_.since is None or filter_.since < kept_since:
        period = "without --since it" if filter_.since is None else "--since"
        output.print_warning(
            f"{period} reaches further back: what ended before "
            f"{output.shown_time(kept_since)} is missing"
        )


def read(
    status: Status | None,
    target: str | None,
    type_: str | None,
    *,
    since: str | None,
    until: str | None,
) -> Filter:
    """What the options say; a time is ISO 8601 with time zone, or a date, its local midnight.

    Raises ``InvalidInputError`` where a time or the target is none, nothing lies between the two
    times, or the type is not one that can be asked for.
    """
    begin = _moment("--since", since) if since is not None else None
    end = _moment("--until", until) if until is not None else None
    if begin is not None and end is not None and begin >= end:
        raise InvalidInputError(f"--until {until} is not after --since {since}")
    return Filter(status=status, target=target, type=type_, since=begin, until=end)


def shown_days(duration: timedelta) -> str:
    """A duration in days, or in hours where it is no number of whole days."""
    hours = duration / timedelta(hours=1)
    number, unit = (hours / 24, "day") if hours % 24 == 0 else (hours, "hour")
    return f"{number:.15g} {unit}{'' if number == 1 else 's'}"


def _moment(name: str, text: str) -> datetime:
    try:
        moment = _midnight(text) or datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInputError(
            f"{name} takes ISO 8601 with time zone, as in 2026-11-22T08:00:00+08:00, "
            f"or a date; got {text!r}"
        ) from None
    raise InvalidInputError(
        f"{name} {text!r} has no time zone; add one, as in 2026-11-22T08:00:00+08:00, "
        "or give a date"
    )


def _midnight(text: str) -> datetime | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime.combine(day, time()).astimezone()
