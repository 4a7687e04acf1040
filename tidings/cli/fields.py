"""The fields of a notification or a correction, read from the options of a command."""

from datetime import datetime
from typing import Any, Final

from tidings import InvalidInputError
from tidings.base.json_text import UnkeptValueError, read_json
from tidings.cli import moments

_FORM: Final = "application/x-www-form-urlencoded"
_ACKNOWLEDGEMENT: Final = {"ack_status": "status", "ack_body": "body_equals"}
"""The options that are one field each of an acknowledgement."""
_MOMENTS: Final = ("not_before", "expires_at")


def read(now: datetime, **options: Any) -> dict[str, Any]:
    """The fields that the options of the same names set; an absent option sets nothing.

    A span, as the expiry ``2h``, begins ``now``.

    Raises ``InvalidInputError`` if a text is not what its option takes.
    """
    fields = {name: value for name, value in options.items() if value not in (None, [])}
    if "body" in fields and _is_json(fields["body"], fields.get("content_type")):
        fields["body"] = _json("--body", fields["body"], "for text, give --content-type")
    if fields.get("retry", "").startswith("{"):
        fields["retry"] = _json("--retry", fields["retry"], "give a preset's name or an object")
    fields |= {name: moments.later(fields[name], now) for name in _MOMENTS if name in fields}
    if "header" in fields:
        fields["headers"] = _headers(fields.pop("header"))
    parts = {field: fields.pop(name) for name, field in _ACKNOWLEDGEMENT.items() if name in fields}
    if "ack" in fields:
        if parts:
            raise InvalidInputError(
                "--ack is the whole acknowledgement; leave --ack-status and --ack-body out"
            )
        fields["acknowledgement"] = _json("--ack", fields.pop("ack"), "give an object")
    elif parts:
        fields["acknowledgement"] = parts
    return fields


def _is_json(body: str, content_type: str | None) -> bool:
    """True for a body without a content type, and for an object that is sent as a form."""
    if content_type is None:
        return True
    return content_type.lower().startswith(_FORM) and body.lstrip().startswith("{")


def _json(option: str, text: str, advice: str) -> Any:
    try:
        return read_json(text)
    except UnkeptValueError as error:
        raise InvalidInputError(f"{option}: {error}") from error
    except ValueError as error:
        raise InvalidInputError(f"{option} is not JSON ({error}); {advice}") from error


def _headers(lines: list[str]) -> dict[str, str]:
    """The headers by name; no message shows a line, as it may hold a credential."""
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise InvalidInputError("--header takes 'Name: value', with a colon")
        if name.strip() in headers:
            raise InvalidInputError("--header was given twice with the same name; give it once")
        headers[name.strip()] = value.strip()
    return headers
