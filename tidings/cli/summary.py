"""``summary``: what is not delivered, now."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import typer

from tidings import (
    Filter,
    InvalidInputError,
    Moment,
    NotificationClient,
    Status,
    TemporalUnavailableError,
)
from tidings.cli import command, filters, moments, options, output, terminal, web_ui
from tidings.cli.groups import FilterOptions
from tidings.cli.terminal import escaped, out
from tidings.cli.undelivered import STATUSES, By, Group, Key, Undelivered

MAX_ROWS: Final = 50
"""The most rows of the table; JSON has them all."""
MAX_PROBLEM: Final = 100
"""The most characters of a problem in the table."""
_LIMIT: Final = "5m"
_EVERY: Final = 5.0
"""Seconds between two pictures of ``--watch``."""


def summary(
    *,
    by: Annotated[
        list[By] | None,
        options.option(
            "One row for each of these. Repeatable, to divide by several. Default: authority, "
            "the host and port of the target.",
            metavar=f"<{'|'.join(By)}>",
        ),
    ] = None,
    chosen: FilterOptions,
    watch: Annotated[
        bool, typer.Option("--watch", help="Show it again every 5 seconds, until Ctrl-C.")
    ] = False,
    web_ui_url: Annotated[
        str | None,
        typer.Option(
            "--web-ui",
            envvar=web_ui.VARIABLE,
            help="The address of Temporal's Web UI, for the link at the end.",
            show_default=False,
        ),
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Show what is not delivered: by status, target and cause, and since when.

    Here --older-than is the limit of the last column (default: 5m), and leaves nothing out. A
    cause stands with its code, which --cause takes in every command. What is rejected was never
    accepted, because its start broke a rule.
    """
    shown = Picture(tuple(dict.fromkeys(by or [By.AUTHORITY])), chosen, web_ui_url, as_json=as_json)
    shown.check()
    command.run(lambda client: _watch(client, shown) if watch else shown.show(client))


class Picture:
    """What one call of the command shows, once or again and again."""

    def __init__(
        self,
        fields: tuple[By, ...],
        chosen: FilterOptions,
        web_ui_url: str | None,
        *,
        as_json: bool,
    ) -> None:
        """Raises ``InvalidInputError`` if an option breaks its rule."""
        others = [it for it in chosen.status or () if it not in STATUSES]
        if others:
            raise InvalidInputError(
                f"--status is {others[0]}, which is over; `count` and `list` show that"
            )
        if chosen.moment is Moment.ENDED:
            raise InvalidInputError(
                "--moment is ended, and what is not delivered has not ended; it takes accepted "
                "and stuck"
            )
        self._fields = fields
        self._moment = chosen.moment or Moment.ACCEPTED
        self._age_text = chosen.older_than or _LIMIT
        self._age = moments.span("--older-than", self._age_text)
        self._is_filtered = replace(chosen, older_than=None).are_given
        self._web_ui_url = web_ui_url
        self._as_json = as_json
        is_stuck = self._moment is Moment.STUCK or chosen.because or chosen.cause
        statuses = (Status.AWAITING_INTERVENTION,) if is_stuck else STATUSES
        has_period = chosen.since is not None or chosen.until is not None
        self._chosen = replace(
            filters.of_status(chosen, statuses),
            older_than=None,
            moment=chosen.moment if has_period else None,
        )

    def check(self) -> None:
        """Raises ``InvalidInputError`` for a mistake that can be found without a connection."""
        web_ui.link(self.filter(datetime.now(UTC)), self._web_ui_url)

    def filter(self, now: datetime) -> Filter:
        """The filter at the time ``now``; raises ``InvalidInputError`` as ``filters.read`` does."""
        return filters.read(self._chosen, now)

    async def show(self, client: NotificationClient, *, is_repeated: bool = False) -> int:
        """Reads what is not delivered, and prints it."""
        now = datetime.now(UTC)
        filter_ = self.filter(now)
        found = Undelivered(self._fields, self._moment, now - self._age)
        async for each in client.list(filter_):
            found.add(each)
        link = web_ui.link(filter_, self._web_ui_url)
        if self._as_json:
            output.print_json(self._document(found, now, link))
            return 0
        if is_repeated and out.is_terminal:
            out.clear()
        self._print(found, now)
        out.print(f"Web UI: {escaped(link)}" if link is not None else web_ui.ADVICE, style="dim")
        return 0

    def _document(self, found: Undelivered, now: datetime, link: str | None) -> dict[str, Any]:
        return {
            "at": now.isoformat(),
            "moment": self._moment,
            "older_than_seconds": self._age.total_seconds(),
            "notifications": found.count,
            "by_status": found.by_status,
            "rows": [*found.documents()],
            "web_ui": link,
        }

    def _print(self, found: Undelivered, now: datetime) -> None:
        at = output.local_time(now)
        if not found.count:
            filters_ = " that meets the filters" if self._is_filtered else ""
            out.print(f"at {at} there is nothing{filters_} that is not delivered")
            return
        of_moment = {Moment.STUCK: "stuck since"}.get(self._moment, "oldest")
        table = output.table(
            "status",
            *self._fields,
            "cause",
            "code",
            "notifications",
            of_moment,
            f"older than {self._age_text}",
        )
        for column in (table.columns[-3], table.columns[-1]):
            column.justify = "right"
        for key, group in found.groups[:MAX_ROWS]:
            table.add_row(*_cells(key, group, now))
        terminal.print_table(table)
        if (more := len(found.groups) - MAX_ROWS) > 0:
            out.print(f"… and {more:,} more rows, which --json shows", style="dim")
        parts = (f"{status} {count:,}" for status, count in found.by_status.items() if count)
        out.print(f"at {at}: {output.notifications(found.count)}, {', '.join(parts)}")


def _cells(key: Key, group: Group, now: datetime) -> tuple[str, ...]:
    problem = key.problem or "-"
    cut = "…" if len(problem) > MAX_PROBLEM else ""
    age = f" ({moments.age(now - group.oldest)})" if group.oldest is not None else ""
    return (
        output.styled(key.status),
        *(escaped(value or "-") for value in key.values),
        escaped(problem[:MAX_PROBLEM] + cut),
        escaped(key.cause or "-"),
        f"{group.count:,}",
        output.local_time(group.oldest) + age,
        "-" if key.status is Status.SCHEDULED else f"{group.older:,}",
    )


async def _watch(client: NotificationClient, shown: Picture) -> int:
    """Shows it again and again. A server that does not answer is shown, and asked again."""
    while True:
        try:
            await shown.show(client, is_repeated=True)
        except TemporalUnavailableError as error:
            output.print_error(error)
        await asyncio.sleep(_EVERY)
