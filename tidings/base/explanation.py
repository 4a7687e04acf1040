"""The message of a refused model: which field, which value, which rule; pure."""

from itertools import islice, pairwise
from typing import Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tidings.base.text import brief, dotted, is_secret, printable

_MAX_PROBLEMS: Final = 5
_MAX_RULE: Final = 300
_SECRET_FIELDS: Final = frozenset({"headers", "signing_key", "report_signing_key"})
"""Fields whose values may be credentials, if only by mistake. Messages do not show them."""
_URL_FIELDS: Final = frozenset({"target", "report_to"})
"""Fields whose values may hold a user and password, or a secret in their query."""
_SCHEDULE_KINDS: Final = frozenset({"exponential", "fixed", "intervals"})

_Location = tuple[int | str, ...]


def explained(model: str, error: ValidationError) -> str:
    """One line on all problems of ``model``: each names the field, its value and the rule."""
    found = error.errors(include_url=False)
    problems = [each for each in found if not _is_consequence(each, found)]
    sentences = [_sentence(model, problem) for problem in problems[:_MAX_PROBLEMS]]
    if len(problems) > _MAX_PROBLEMS:
        sentences.append(f"and {len(problems) - _MAX_PROBLEMS} more")
    return "; ".join(sentences)


def _is_consequence(problem: ErrorDetails, problems: list[ErrorDetails]) -> bool:
    """True if a list is too short only because its refused items do not count."""
    location = problem["loc"]
    return problem["type"] == "too_short" and any(
        len(each["loc"]) > len(location) and each["loc"][: len(location)] == location
        for each in problems
    )


def _sentence(model: str, problem: ErrorDetails) -> str:
    kind, value = problem["type"], problem["input"]
    location = _without_kinds(problem["loc"])
    name = _path(model, location)
    rule = printable(problem["msg"].removeprefix("Value error, ")[:_MAX_RULE])
    if kind == "missing":
        return f"{name} is missing"
    if kind == "extra_forbidden":
        return f"{_path(model, location[:-1])} has no field {_quoted(location[-1])}"
    if _is_about_whole_model(kind, location, value) or _SECRET_FIELDS.intersection(location):
        return f"{name}: {rule}"
    text = _visible(location[-1] if location else None, value)
    if text is None:
        return f"{name}: {rule}"
    return f"{name} is {text}: {'it needs a kind' if kind == 'union_tag_not_found' else rule}"


def _without_kinds(location: _Location) -> _Location:
    """The path as JSON has it: pydantic adds the kind of a schedule behind ``retry``."""
    return tuple(
        part
        for before, part in pairwise(("", *location))
        if not (before == "retry" and part in _SCHEDULE_KINDS)
    )


def _path(model: str, location: _Location) -> str:
    path = dotted(location)
    return f"{model}.{path}" if path else model


def _quoted(name: int | str) -> str:
    return repr(dotted([name])) if is_secret(f"{name}") else brief(name)


def _is_about_whole_model(kind: str, location: _Location, value: object) -> bool:
    """True if fields that are valid alone break a rule together."""
    return kind == "value_error" and (not location or isinstance(value, BaseModel))


def _visible(field: int | str | None, value: object) -> str | None:
    """The value of ``field`` as a message may show it; ``None`` if it may hold a secret."""
    if field in _URL_FIELDS:
        if not isinstance(value, str | int | float | None):
            return None
        if isinstance(value, str):
            if "@" in value:
                return None
            address, query, _ = value.partition("?")
            value = f"{address}?…" if query else address
    text = brief(value)
    return None if any(map(is_secret, [text, *_shown_texts(value)])) else text


def _shown_texts(value: object) -> list[str]:
    """The texts of a list that a brief message quotes: of a long list, the first ones."""
    if not isinstance(value, list | tuple | set | frozenset):
        return []
    return [item for item in islice(value, 10) if isinstance(item, str)]
