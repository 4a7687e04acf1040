"""The options of the command line, and what they say of a notification."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from tidings import InvalidInputError, Status


def option(help_: str, *names: str) -> Any:
    """An option without a default worth showing."""
    return typer.Option(*names, help=help_, show_default=False)


Id = Annotated[str, typer.Argument(metavar="ID", help="The id of the notification.")]
AsJson = Annotated[bool, option("Print one JSON document.", "--json")]
StatusFilter = Annotated[Status | None, option("Only those of this status.")]
TargetFilter = Annotated[str | None, option("Only those to this host, host:port or URL.")]
TypeFilter = Annotated[str | None, option("Only those of this type.", "--type")]
Since = Annotated[
    str | None, option("Only those accepted from then on: ISO 8601 with time zone, or a date.")
]
Until = Annotated[str | None, option("Only those accepted before then, likewise.")]
IdOrFilters = Annotated[
    str | None, typer.Argument(metavar="[ID]", help="The id of one notification; else filters.")
]
Where = Annotated[
    str | None, option("Only those of this condition of a Temporal visibility query.")
]
Everything = Annotated[bool, option("Everything that is stuck, without a filter.", "--all")]
Rate = Annotated[
    float | None,
    typer.Option(
        min=0.1,
        help="So many rounds, or reports of what is abandoned, begin in a second, on average; "
        "20 if you do not say.",
        show_default=False,
    ),
]
Yes = Annotated[bool, option("Do it without asking.", "--yes", "-y")]
Operator = Annotated[str | None, option("Who does it; required, and kept with the notification.")]
Reason = Annotated[str | None, option("Why; required, and kept with the notification.")]
Target = Annotated[str | None, option("The URL to send to.")]
Body = Annotated[str | None, option("JSON; or text, with --content-type.")]
ContentType = Annotated[str | None, option("The content type of a text body.")]
Header = Annotated[list[str] | None, option("A header, as 'Name: value'; repeatable.")]
Retry = Annotated[str | None, option("A preset's name, or the JSON object of a schedule.")]
AckStatus = Annotated[
    list[str] | None,
    option("A status that acknowledges, or a range like 200-204; repeatable. Else every 2xx does."),
]
AckBody = Annotated[str | None, option("The exact body that acknowledges.")]
Ack = Annotated[
    str | None, option("The whole acknowledgement as a JSON object, with all that it can ask for.")
]
SigningKey = Annotated[
    str | None, option("The name of the key in the worker's keyring that signs; not the key.")
]
NotBefore = Annotated[str | None, option("No attempt before then (ISO 8601 with time zone).")]
ExpiresAt = Annotated[str | None, option("No attempt from then on (ISO 8601 with time zone).")]


def given(**fields: Any) -> dict[str, Any]:
    """The fields that the options of the same names give a model; what is absent is left out.

    Raises ``InvalidInputError`` where a text is not what its option takes.
    """
    present = {name: value for name, value in fields.items() if value not in (None, [])}
    if "body" in present and "content_type" not in present:
        present["body"] = _json("--body", present["body"], "for text give --content-type")
    if present.get("retry", "").startswith("{"):
        present["retry"] = _json("--retry", present["retry"], "give a preset's name or an object")
    if "header" in present:
        present["headers"] = dict(_header(line) for line in present.pop("header"))
    acknowledgement = {
        field: present.pop(name) for name, field in _ACKNOWLEDGEMENT.items() if name in present
    }
    if "ack" in present:
        if acknowledgement:
            raise InvalidInputError("--ack says everything; leave --ack-status and --ack-body out")
        present["acknowledgement"] = _json("--ack", present.pop("ack"), "give an object")
    elif acknowledgement:
        present["acknowledgement"] = acknowledgement
    return present


_ACKNOWLEDGEMENT: Mapping[str, str] = {"ack_status": "status", "ack_body": "body_equals"}


def _json(name: str, text: str, advice: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(f"{name} is no JSON ({error}); {advice}") from error


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon:
        # What was given is not told: it may be a credential.
        raise InvalidInputError("--header takes 'Name: value', with a colon")
    return name.strip(), value.strip()
