"""The filter that the options of a command describe."""

from datetime import UTC, date, datetime, time

from tidings import Filter, InvalidInputError, Status


def read(
    *,
    since: str | None,
    until: str | None,
    target: str | None,
    type_: str | None,
    status: Status | None = None,
    where: str | None = None,
) -> Filter:
    """The filter of these options; a time is ISO 8601 with time zone, or a date: local midnight.

    Raises ``InvalidInputError`` if an option breaks its rule, or no time lies between the two.
    """
    begin = _moment("--since", since) if since is not None else None
    end = _moment("--until", until) if until is not None else None
    if begin is not None and end is not None and begin >= end:
        raise InvalidInputError(f"--until {until} is not after --since {since}")
    return Filter(status=status, target=target, type=type_, since=begin, until=end, where=where)


def stuck(
    *,
    where: str | None,
    target: str | None,
    type_: str | None,
    since: str | None,
    until: str | None,
    everything: bool,
) -> Filter:
    """The stuck notifications of these options.

    Raises ``InvalidInputError`` unless there is either a filter or ``everything``.
    """
    found = read(where=where, target=target, type_=type_, since=since, until=until)
    if everything and not found.is_empty:
        raise InvalidInputError("--all is everything that is stuck; leave the filters out")
    if found.is_empty and not everything:
        raise InvalidInputError(
            "give an ID, or filters (--where, --target, --type, --since, --until), "
            "or --all for everything that is stuck"
        )
    return found.model_copy(update={"status": Status.AWAITING_INTERVENTION})


def _moment(option: str, text: str) -> datetime:
    try:
        moment = _midnight(text) or datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInputError(
            f"{option} takes ISO 8601 with time zone, as in 2026-11-22T08:00:00+08:00, "
            f"or a date; got {text!r}"
        ) from None
    raise InvalidInputError(
        f"{option} {text!r} has no time zone; add one, as in 2026-11-22T08:00:00+08:00, "
        "or give a date"
    )


def _midnight(text: str) -> datetime | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime.combine(day, time()).astimezone()
