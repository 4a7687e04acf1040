"""The retention of ended notifications, which limits how far back a list reaches."""

from datetime import UTC, datetime, timedelta

from tidings import Filter, NotificationClient, TemporalRequestError
from tidings.cli import output


async def print_retention(client: NotificationClient, filter_: Filter) -> None:
    """Prints the retention, and a warning if the period of ``filter_`` begins before it."""
    if filter_.since is None and filter_.until is None:
        return
    try:
        retention = await client.retention()
    except TemporalRequestError as error:  # a client may list without the right to ask this
        output.print_warning(f"how long ended notifications are kept is not known: {error}")
        return
    output.print_note(f"ended notifications are kept for {in_days(retention)}")
    kept_since = datetime.now(UTC) - retention
    if filter_.since is None or filter_.since < kept_since:
        period = "without --since the period" if filter_.since is None else "--since"
        output.print_warning(
            f"{period} reaches further back: what ended before "
            f"{output.local_time(kept_since)} is missing"
        )


def in_days(duration: timedelta) -> str:
    """``duration`` in days; in hours if it is not a whole number of days."""
    hours = duration / timedelta(hours=1)
    number, unit = (hours / 24, "day") if hours % 24 == 0 else (hours, "hour")
    return f"{number:.15g} {unit}{'' if number == 1 else 's'}"
