"""Groups of options that several commands share, each a dataclass that a command takes whole."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from typing import Any, get_type_hints

from tidings.cli import options


@dataclass(frozen=True, kw_only=True)
class FilterOptions:
    """The notifications that are meant; see ``filters.read``."""

    status: options.StatusFilter = None
    target: options.TargetFilter = None
    type_: options.TypeFilter = None
    cause: options.CauseFilter = None
    because: options.ReasonFilter = None
    id_prefix: options.IdPrefix = None
    older_than: options.OlderThan = None
    since: options.Since = None
    until: options.Until = None
    moment: options.MomentOption = None
    where: options.Where = None

    @property
    def are_given(self) -> bool:
        """True if the command line has one of them."""
        return any(value not in (None, []) for value in vars(self).values())


@dataclass(frozen=True, kw_only=True)
class PersonOptions:
    """The person who intervenes."""

    operator: options.Operator = None
    reason: options.Reason = None


@dataclass(frozen=True, kw_only=True)
class FieldOptions:
    """Fields of a notification that may also be corrected; see ``fields.read``."""

    method: options.Method = None
    body: options.Body = None
    body_base64: options.BodyBase64 = None
    content_type: options.ContentType = None
    header: options.Header = None
    retry: options.Retry = None
    ack_status: options.AckStatus = None
    ack_body: options.AckBody = None
    ack: options.Ack = None
    timeout: options.Timeout = None
    signing_key: options.SigningKey = None
    expires_at: options.ExpiresAt = None
    report_to: options.ReportTo = None
    report_signing_key: options.ReportSigningKey = None


@dataclass(frozen=True, kw_only=True)
class ManyOptions:
    """What an action on many notifications needs besides a filter."""

    ids: options.IdFile = None
    everything: options.Everything = False
    rate: options.Rate = None
    yes: options.Yes = False


def expanded(function: Callable[..., None]) -> Callable[..., None]:
    """``function`` with each group among its parameters replaced by the options in it.

    Typer reads the options of a command from its signature, and has no groups of its own.
    """
    hints = get_type_hints(function, include_extras=True)
    groups: dict[str, Any] = {name: it for name, it in hints.items() if is_dataclass(it)}

    @wraps(function)
    def command(**values: Any) -> None:
        for name, group in groups.items():
            members = {each.name: values.pop(each.name) for each in fields(group)}
            values[name] = group(**members)
        function(**values)

    parameters = list(_parameters(function, hints, groups))
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined] # Typer's
    command.__annotations__ = {each.name: each.annotation for each in parameters}
    del command.__wrapped__  # inspect would read the annotations of the groups there
    return command


def _parameters(
    function: Callable[..., None], hints: dict[str, Any], groups: dict[str, Any]
) -> Iterator[inspect.Parameter]:
    kind = inspect.Parameter.KEYWORD_ONLY
    for name, parameter in inspect.signature(function).parameters.items():
        if name not in groups:
            yield inspect.Parameter(name, kind, default=parameter.default, annotation=hints[name])
            continue
        of_group = get_type_hints(groups[name], include_extras=True)
        for each in fields(groups[name]):
            annotation = of_group[each.name]
            yield inspect.Parameter(each.name, kind, default=each.default, annotation=annotation)
