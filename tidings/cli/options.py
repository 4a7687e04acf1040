"""The options that several commands have."""

from pathlib import Path
from typing import Annotated, Any

import typer

from tidings import Moment, Status, WaitReason
from tidings.temporal.bulk import DEFAULT_RATE


def option(help_: str, *names: str, metavar: str | None = None) -> Any:
    """An option whose default is not worth showing."""
    return typer.Option(*names, help=help_, show_default=False, metavar=metavar)


AsJson = Annotated[bool, option("Print one JSON document.", "--json")]

# One notification, or those of a filter.
Id = Annotated[str, typer.Argument(metavar="ID", help="The id of the notification.")]
Ids = Annotated[
    list[str] | None,
    typer.Argument(metavar="ID", help="The ids of one or more notifications; or give filters."),
]
IdFile = Annotated[
    Path | None,
    option("A file of ids, one a line; '-' is stdin.", "--ids"),
]
StatusFilter = Annotated[
    list[Status] | None,
    option(
        "Only notifications of this status. Repeatable.",
        "--status",
        metavar=f"<{'|'.join(Status)}>",
    ),
]
IdPrefix = Annotated[str | None, option("Only those whose id begins like this.", "--id-prefix")]
TargetFilter = Annotated[
    str | None,
    option(
        "Only notifications to this host, host:port or URL. A URL with a path means that path.",
        "--target",
    ),
]
TypeFilter = Annotated[str | None, option("Only notifications of this type.", "--type")]
ReasonFilter = Annotated[
    WaitReason | None, option("Only those that got stuck for this reason.", "--because")
]
CauseFilter = Annotated[
    str | None,
    option(
        "Only those that got stuck by this cause: a code as answered:500 or timeout, or its "
        "beginning, as answered.",
        "--cause",
    ),
]
OlderThan = Annotated[
    str | None, option("Only those accepted longer ago than this span: 5m, 2h, 1d12h.")
]
Since = Annotated[
    str | None,
    option(
        "Only those accepted at this moment or later: a span before now (2h), today, yesterday, "
        "a date, a time, or both."
    ),
]
Until = Annotated[
    str | None, option("Only those accepted before this moment, in the forms of --since.")
]
MomentOption = Annotated[
    Moment | None,
    option(
        "The moment that --since, --until and --older-than are about. Default: accepted.",
        "--moment",
        metavar=f"<{'|'.join(Moment)}>",
    ),
]
Where = Annotated[
    str | None, option("Only those that match this condition of a Temporal visibility query.")
]
Everything = Annotated[bool, option("Every one of them, without a filter.", "--all")]

# An intervention.
Operator = Annotated[
    str | None, option("The person who does it. Required, and kept with the notification.")
]
Reason = Annotated[
    str | None, option("Why that person does it. Required, and kept with the notification.")
]
Rate = Annotated[
    float | None,
    typer.Option(
        min=0.1,
        help=f"The notifications a second, of many. Default: {DEFAULT_RATE:g}.",
        show_default=False,
    ),
]
Yes = Annotated[bool, option("Do it without asking.", "--yes", "-y")]

# The fields of a notification.
NewTarget = Annotated[str | None, option("Correct the target: the URL to send to.")]
Body = Annotated[
    str | None,
    option(
        "JSON. With --content-type: text, which is sent as it is; for a form, also a JSON object."
    ),
]
BodyBase64 = Annotated[
    str | None,
    option("In place of --body: bytes in base64. They need a --content-type.", "--body-base64"),
]
ContentType = Annotated[str | None, option("The content type of the body. Default: JSON.")]
Method = Annotated[
    str | None,
    option("POST (the default), PUT, PATCH; or GET, with the fields of --body in the query."),
]
Header = Annotated[
    list[str] | None, option("A header as 'Name: value'. Repeatable.", metavar="<str>")
]
Retry = Annotated[str | None, option("The name of a preset, or the JSON object of a schedule.")]
AckStatus = Annotated[
    list[str] | None,
    option(
        "A status that acknowledges, or a range like 200-204. Repeatable. Default: any 2xx.",
        metavar="<str>",
    ),
]
AckBody = Annotated[
    list[str] | None,
    option("The exact body that acknowledges. Repeatable: one of these.", metavar="<str>"),
]
Ack = Annotated[str | None, option("The whole acknowledgement as a JSON object.")]
SigningKey = Annotated[
    str | None,
    option("The name of the key in the worker's keyring that signs; never the key itself."),
]
NotBefore = Annotated[
    str | None,
    option("No attempt begins before this time: 2h from now, or ISO 8601 with time zone."),
]
ExpiresAt = Annotated[
    str | None,
    option("No attempt begins from this time on: 2h from now, or ISO 8601 with time zone."),
]
Timeout = Annotated[
    float | None, option("The longest time of one attempt, in seconds. Default: 10.")
]
ReportTo = Annotated[
    str | None, option("The URL that gets a report when it is stuck, and another when it ends.")
]
ReportSigningKey = Annotated[
    str | None, option("The name of the key that signs the reports to --report-to.")
]
