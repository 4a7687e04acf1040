"""The filter that the options of a command describe."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from tidings import Filter, InvalidInputError, Status, WaitReason
from tidings.intervention import Action, meant


def read(
    *,
    since: str | None,
    until: str | None,
    target: str | None,
    type_: str | None,
    status: Sequence[Status] | None = None,
    id_prefix: str | None = None,
    reason: WaitReason | None = None,
    where: str | None = None,
) -> Filter:
    """The filter of these options; a time is ISO 8601 with time zone, or a date: local midnight.

    Raises ``InvalidInputError`` if an option breaks its rule, or no time lies between the two.
    """
    begin = _moment("--since", since) if since is not None else None
    end = _moment("--until", until) if until is not None else None
    if begin is not None and end is not None and begin >= end:
        raise InvalidInputError(f"--until {until} is not after --since {since}")
    return Filter(
        status=status or None,
        id_prefix=id_prefix,
        target=target,
        type=type_,
        reason=reason,
        since=begin,
        until=end,
        where=where,
    )


def of_many(action: Action, *, everything: bool, **options: Any) -> Filter:
    """The notifications that ``action`` is for, as ``read`` reads them.

    Raises ``InvalidInputError`` unless there is either a filter or ``everything``, and for a
    status that the action cannot act on.
    """
    found = read(**options)
    narrowed = found.model_copy(update={"status": None})
    if everything and not narrowed.is_empty:
        raise InvalidInputError("--all means every one of them; leave the filters out")
    if narrowed.is_empty and not everything:
        raise InvalidInputError(
            "give an ID, or filters (--target, --type, --because, --id-prefix, --since, --until, "
            "--where), or --all for every one of them"
        )
    return meant(action, found, everything=everything)


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
