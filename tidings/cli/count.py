"""``count``: count notifications."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Final

from tidings import Filter, InvalidInputError, NotificationClient, Status
from tidings.cli import command, filters, listing, options, output
from tidings.cli.groups import FilterOptions
from tidings.cli.listing import By
from tidings.cli.retention import print_retention


def count(
    *,
    by: Annotated[
        list[By] | None,
        options.option(
            "Count by this. Repeatable, to count by several. Default: status.",
            metavar=f"<{'|'.join(By)}>",
        ),
    ] = None,
    chosen: FilterOptions,
    as_json: options.AsJson = False,
) -> None:
    """Count notifications by status, target, authority, type, cause or reason, or by several.

    The authority is the host and port of the target. Only notifications that await intervention
    have a cause and a reason, so only those are counted by these.
    """
    fields = tuple(dict.fromkeys(by or [By.STATUS]))
    of_stuck = next((each for each in fields if each in (By.CAUSE, By.REASON)), None)
    if of_stuck is not None:
        without = [it for it in chosen.status or () if it is not Status.AWAITING_INTERVENTION]
        if without:
            raise InvalidInputError(
                f"--status is {without[0]}, which has no {of_stuck}; leave --status out"
            )
        chosen = replace(chosen, status=[Status.AWAITING_INTERVENTION])
    filter_ = filters.read(chosen, datetime.now(UTC))

    async def show(client: NotificationClient) -> int:
        await print_retention(client, filter_)
        counts = await _counts(client, filter_, fields)
        if as_json:
            output.print_json(_document(fields, counts))
        else:
            listing.print_counts(fields, counts)
        return 0

    command.run(show)


async def _counts(
    client: NotificationClient, filter_: Filter, fields: tuple[By, ...]
) -> dict[tuple[str, ...], int]:
    """The counts: by status in the order of the statuses, otherwise the largest first."""
    if fields == (By.STATUS,):
        return await _by_status(client, filter_)
    counts = Counter[tuple[str, ...]]()
    async for each in client.list(filter_):
        counts[tuple(by.of(each) for by in fields)] += 1
    return dict(counts.most_common())


_FROM_THE_END: Final = (
    Status.REJECTED,
    Status.ABANDONED,
    Status.DELIVERED,
    Status.AWAITING_INTERVENTION,
    Status.DELIVERING,
    Status.SCHEDULED,
)
"""The statuses against the way that most notifications go."""


async def _by_status(client: NotificationClient, filter_: Filter) -> dict[tuple[str, ...], int]:
    """The counts that the server takes without a list, one after the other.

    What moves on meanwhile is left out rather than counted twice, if it moves towards its end.
    """
    statuses = filter_.statuses or tuple(Status)
    counts = {
        each: await client.count(filter_.model_copy(update={"status": (each,)}))
        for each in sorted(statuses, key=_FROM_THE_END.index)
    }
    if (moved := await client.count(filter_) - sum(counts.values())) != 0:
        output.print_warning(
            f"notifications are moving: these counts are taken one after the other, and their sum "
            f"is {abs(moved):,} {'below' if moved > 0 else 'above'} the whole"
        )
    return {(each.value,): counts[each] for each in statuses}


def _document(fields: tuple[By, ...], counts: Mapping[tuple[str, ...], int]) -> object:
    """The counts by one field as an object; those by several as one object for each row."""
    if len(fields) == 1:
        return {values[0]: count for values, count in counts.items()}
    return [
        {**dict(zip(fields, values, strict=True)), "notifications": count}
        for values, count in counts.items()
    ]
