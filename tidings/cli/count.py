"""``count``: count notifications."""

from collections import Counter
from collections.abc import Mapping
from typing import Annotated

from tidings import Filter, InvalidInputError, NotificationClient, Status
from tidings.cli import command, filters, listing, options, output
from tidings.cli.listing import By
from tidings.cli.retention import print_retention


def count(
    by: Annotated[
        list[By] | None,
        options.option(
            "Count by this. Repeatable, to count by several. Default: status.",
            metavar=f"<{'|'.join(By)}>",
        ),
    ] = None,
    status: options.StatusFilter = None,
    target: options.TargetFilter = None,
    type_: options.TypeFilter = None,
    because: options.ReasonFilter = None,
    id_prefix: options.IdPrefix = None,
    since: options.Since = None,
    until: options.Until = None,
    as_json: options.AsJson = False,
) -> None:
    """Count notifications by status, target, authority, type or reason, or by several of these.

    The authority is the host and port of the target. Only notifications that await intervention
    have a reason, so only those are counted by it.
    """
    fields = tuple(dict.fromkeys(by or [By.STATUS]))
    if By.REASON in fields:
        without = [each for each in status or () if each is not Status.AWAITING_INTERVENTION]
        if without:
            raise InvalidInputError(
                f"--status is {without[0]}, which has no reason; leave --status out"
            )
        status = [Status.AWAITING_INTERVENTION]
    filter_ = filters.read(
        status=status,
        id_prefix=id_prefix,
        target=target,
        type_=type_,
        reason=because,
        since=since,
        until=until,
    )

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
    if fields == (By.STATUS,):  # the server counts these without listing them
        statuses = filter_.statuses or tuple(Status)
        return {
            (each.value,): await client.count(filter_.model_copy(update={"status": (each,)}))
            for each in statuses
        }
    counts = Counter[tuple[str, ...]]()
    async for each in client.list(filter_):
        counts[tuple(by.of(each) for by in fields)] += 1
    return dict(counts.most_common())


def _document(fields: tuple[By, ...], counts: Mapping[tuple[str, ...], int]) -> object:
    """The counts by one field as an object; those by several as one object for each row."""
    if len(fields) == 1:
        return {values[0]: count for values, count in counts.items()}
    return [
        {**dict(zip(fields, values, strict=True)), "notifications": count}
        for values, count in counts.items()
    ]
