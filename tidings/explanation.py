"""The message of a refused model: which field, which value, which rule; pure."""

from itertools import pairwise
from typing import Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tidings.text import brief, printable

_MAX_PROBLEMS: Final = 5
_MAX_PATH: Final = 100
_MAX_RULE: Final = 300
_CONCEALED_FIELDS: Final = frozenset({"headers", "signing_key", "report_signing_key"})
"""Fields whose values may be credentials, if only by mistake, and so stay out of messages."""
_URL_FIELDS: Final = frozenset({"target", "report_to"})
"""Fields that may hold a user and password, or a secret in their query."""
_SCHEDULE_KINDS: Final = frozenset({"exponential", "fixed", "intervals"})

_Location = tuple[int | str, ...]


def explained(model: str, error: ValidationError) -> str:
    """One line on all problems of ``model``: each names the field, its value and the rule."""
    found = error.errors(include_url=False)
    problems = [each for each in found if not _is_consequence(each["type"], each["loc"], found)]
    sentences = [_sentence(model, problem) for problem in problems[:_MAX_PROBLEMS]]
    if len(problems) > _MAX_PROBLEMS:
        sentences.append(f"and {len(problems) - _MAX_PROBLEMS} more")
    return "; ".join(sentences)


def _is_consequence(kind: str, location: _Location, problems: list[ErrorDetails]) -> bool:
    """Whether a list is only too short because its refused items do not count."""
    return kind == "too_short" and any(
        len(each["loc"]) > len(location) and each["loc"][: len(location)] == location
        for each in problems
    )


def _sentence(model: str, problem: ErrorDetails) -> str:
    kind, value = problem["type"], problem["input"]
    location = _without_kinds(problem["loc"])
    path = printable(".".join(str(part) for part in location)[:_MAX_PATH])
    name = f"{model}.{path}" if path else model
    rule = printable(problem["msg"].removeprefix("Value error, ")[:_MAX_RULE])
    if kind == "union_tag_not_found":
        return f"{name} is {brief(value)}: it needs a 'kind'"
    if kind == "missing":
        return f"{name} is missing"
    if kind == "extra_forbidden":
        owner = ".".join([model, *(str(part) for part in location[:-1])])
        return f"{printable(owner[:_MAX_PATH])} has no field {brief(location[-1])}"
    if _is_about_whole_model(kind, location, value) or _is_concealed(location, value):
        return f"{name}: {rule}"
    if location[-1:] and location[-1] in _URL_FIELDS and isinstance(value, str) and "?" in value:
        value = f"{value.partition('?')[0]}?…"
    return f"{name} is {brief(value)}: {rule}"


def _without_kinds(location: _Location) -> _Location:
    """The path as JSON has it: pydantic adds the kind of a schedule behind ``retry``."""
    return tuple(
        part
        for before, part in pairwise(("", *location))
        if not (before == "retry" and part in _SCHEDULE_KINDS)
    )


def _is_about_whole_model(kind: str, location: _Location, value: object) -> bool:
    """Whether fields that are valid alone break a rule together."""
    return kind == "value_error" and (not location or isinstance(value, BaseModel))


def _is_concealed(location: _Location, value: object) -> bool:
    if _CONCEALED_FIELDS.intersection(location):
        return True
    is_url = location[-1:] and location[-1] in _URL_FIELDS
    return bool(is_url) and _may_hold_user(value)


def _may_hold_user(target: object) -> bool:
    return "@" in target if isinstance(target, str) else not isinstance(target, int | float | None)
