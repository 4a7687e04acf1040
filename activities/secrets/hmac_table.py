"""The table of a keyring that describes an HMAC scheme; pure. No message shows a secret."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from activities.secrets.hmac_scheme import (
    ALGORITHMS,
    ENCODINGS,
    PLACEHOLDERS,
    TIMESTAMPS,
    Form,
    HmacScheme,
)
from activities.secrets.table import Table, checked_text
from activities.secrets.template import Template
from tidings.fields.headers import HEADER_NAME, RESERVED_NAMES

SCHEME: Final = "scheme"
"""The field that every table of a keyring has."""

_FIELDS: Final = (
    *(SCHEME, "secret", "secrets", "algorithm", "template", "encoding", "prefix", "separator"),
    *("header", "timestamp_header", "query", "timestamp_query"),
)
_MAX_SECRETS: Final = 10
_MAX_NAME: Final = 100
_PARAMETER_NAME: Final = re.compile(r"[A-Za-z0-9_.~-]+")
_PREFIX: Final = re.compile(r"(?:[!-~][ -~]*)?")
_SEPARATOR: Final = re.compile(r"[ -~]+")


def parse_hmac(fields: Mapping[str, object]) -> HmacScheme:
    """The scheme that ``fields`` describe; raises ``ValueError`` with the field and the rule."""
    table = Table(fields, _FIELDS)
    table.choice(SCHEME, ("hmac",))
    secrets = _secrets(table)
    place = table.one_of("header", "query")
    template, prefix = _template(table), _prefix(table)
    name, timestamp_name = _names(table, place)
    _check_timestamps(template, prefix, f"timestamp_{place}", is_sent=timestamp_name is not None)
    form = Form(
        algorithm=table.choice("algorithm", ALGORITHMS, "sha256"),
        template=template,
        encoding=table.choice("encoding", tuple(ENCODINGS), "hex"),
        prefix=prefix,
        separator=_separator(table, len(secrets)),
        place="headers" if place == "header" else "parameters",
        name=name,
        timestamp_name=timestamp_name,
    )
    return HmacScheme(secrets, form)


def _secrets(table: Table) -> Sequence[str]:
    field = table.one_of("secret", "secrets")
    if field == "secret":
        return [_secret(field, table.text(field))]
    values = table.texts(field)
    if not 1 <= len(values) <= _MAX_SECRETS:
        raise ValueError(f"secrets: it has {len(values)}; 1 to {_MAX_SECRETS} are needed")
    return [_secret(f"secrets, number {n}", value) for n, value in enumerate(values, start=1)]


def _secret(place: str, value: object) -> str:
    secret = checked_text(place, value)
    if not secret:
        raise ValueError(f"{place}: it is empty")
    return secret


def _template(table: Table) -> Template:
    template = _parsed(table, "template", "{body}", PLACEHOLDERS)
    if template.names.isdisjoint({"body", "id", *TIMESTAMPS}):
        needed = "{body}, {id}, {timestamp} or {timestamp_ms}"
        raise ValueError(f"template: it has none of {needed}, so every signature would be the same")
    return template


def _prefix(table: Table) -> Template:
    if not _PREFIX.fullmatch(table.text("prefix", "")):
        raise ValueError("prefix: it must be printable ASCII, and not begin with a space")
    return _parsed(table, "prefix", "", TIMESTAMPS)


def _parsed(table: Table, field: str, default: str, placeholders: Sequence[str]) -> Template:
    text = table.text(field, default)
    try:
        return Template(text, placeholders)
    except ValueError as error:
        raise ValueError(f"{field}: {error}") from None


def _separator(table: Table, secrets: int) -> str:
    if "separator" in table:
        separator = table.text("separator")
        if not _SEPARATOR.fullmatch(separator):
            raise ValueError("separator: it must be printable ASCII, at least one character")
        return separator
    if secrets > 1:
        advice = "give separator if the target accepts several signatures, or one secret"
        raise ValueError(f"secrets: it has {secrets}, but no separator is there; {advice}")
    return ""


def _names(table: Table, place: str) -> tuple[str, str | None]:
    """The names for the signature and for the timestamp."""
    field, other = f"timestamp_{place}", "query" if place == "header" else "header"
    if f"timestamp_{other}" in table:
        raise ValueError(f"timestamp_{other}: it goes with {other} only; give {field}")
    check = _checked_header if place == "header" else _checked_parameter
    name = check(table, place)
    if field not in table:
        return name, None
    timestamp_name = check(table, field)
    if timestamp_name.lower() == name.lower():
        raise ValueError(f"{field}: it has the same name as {place}")
    return name, timestamp_name


def _checked_header(table: Table, field: str) -> str:
    name = table.text(field)
    if len(name) > _MAX_NAME or not HEADER_NAME.fullmatch(name):
        rule = f"a header name is 1 to {_MAX_NAME} of A-Z a-z 0-9 and !#$%&'*+-.^_`|~"
        raise ValueError(f"{field}: it is not a header name: {rule}")
    if name.lower() in RESERVED_NAMES:
        raise ValueError(f"{field}: {name!r} is set by Tidings or by the connection; give another")
    return name


def _checked_parameter(table: Table, field: str) -> str:
    name = table.text(field)
    if len(name) > _MAX_NAME or not _PARAMETER_NAME.fullmatch(name):
        rule = f"1 to {_MAX_NAME} of A-Z a-z 0-9 _ . ~ - are needed"
        raise ValueError(f"{field}: it is not the name of a query parameter: {rule}")
    return name


def _check_timestamps(template: Template, prefix: Template, field: str, *, is_sent: bool) -> None:
    """Checks that the target gets the timestamp that is signed, and no other."""
    signed = template.names.intersection(TIMESTAMPS)
    if is_sent and len(signed) != 1:
        rule = "template must have {timestamp} or {timestamp_ms}, and not both"
        raise ValueError(f"{field}: it carries the timestamp that is signed, so {rule}")
    for name in sorted(prefix.names - signed):
        raise ValueError(f"prefix: {{{name}}} is not signed; add it to template")
    # {timestamp} is also in webhook-timestamp, which every request has.
    if "timestamp_ms" in signed - prefix.names and not is_sent:
        raise ValueError(f"template: {{timestamp_ms}} is signed but not sent; add {field}")
