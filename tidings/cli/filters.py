"""The filter that the options of a command describe."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tidings import Filter, InvalidInputError, Status
from tidings.cli import moments
from tidings.cli.groups import FilterOptions
from tidings.intervention import Action, meant


def read(options: FilterOptions, now: datetime) -> Filter:
    """The filter of these options at the time ``now``.

    Raises ``InvalidInputError`` if an option breaks its rule, or no moment lies in the period.
    """
    since = moments.moment("--since", options.since, now) if options.since is not None else None
    until = _until(options, now)
    if since is not None and until is not None and since >= until:
        end = f"--until {options.until}" if options.until else f"--older-than {options.older_than}"
        raise InvalidInputError(f"{end} is not after --since {options.since}")
    if options.moment is not None and since is None and until is None:
        raise InvalidInputError(
            "--moment says what --since, --until or --older-than are about; give one of these"
        )
    return Filter(
        status=options.status or None,
        id_prefix=options.id_prefix,
        target=options.target,
        type=options.type_,
        reason=options.because,
        cause=options.cause,
        moment=options.moment,
        since=since,
        until=until,
        where=options.where,
    )


def of_many(
    action: Action, options: FilterOptions, now: datetime, *, ids: Sequence[str], everything: bool
) -> Filter:
    """The notifications that ``action`` is for: those of ``options``, or those of ``ids``.

    Raises ``InvalidInputError`` unless there is either a filter, or ids, or ``everything``, and
    for a status that the action cannot act on.
    """
    found = read(options, now).model_copy(update={"ids": tuple(dict.fromkeys(ids)) or None})
    found = Filter.model_validate(dict(found))  # the rule of ids
    narrowed = found.model_copy(update={"status": None})
    if everything and not narrowed.is_empty:
        raise InvalidInputError("--all means every one of them; leave the filters out")
    if narrowed.is_empty and not everything:
        raise InvalidInputError(
            "give IDs, or filters (--target, --type, --cause, --because, --id-prefix, --since, "
            "--until, --older-than, --where), or --all for every one of them"
        )
    return meant(action, found, everything=everything)


def of_status(options: FilterOptions, statuses: Sequence[Status]) -> FilterOptions:
    """``options`` with these statuses in place of none."""
    return replace(options, status=options.status or [*statuses])


def _until(options: FilterOptions, now: datetime) -> datetime | None:
    if options.older_than is not None and options.until is not None:
        raise InvalidInputError("--older-than and --until are two ends; give one of them")
    if options.older_than is not None:
        return now - moments.span("--older-than", options.older_than)
    return moments.moment("--until", options.until, now) if options.until is not None else None
