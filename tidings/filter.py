"""The filter: which notifications are meant; pure."""

import re
from datetime import datetime
from typing import Annotated, Final, Self, TypedDict

from pydantic import AfterValidator, AwareDatetime, ValidationError, model_validator
from pydantic_core import Url

from tidings.base import Model
from tidings.errors import InvalidInputError
from tidings.state import Status

_QUOTED: Final = re.compile(r"""'[^']*'|"[^"]*"|`[^`]*`""")
_CONDITION: Final = re.compile(r"[\w .,=<>!()+-]*", re.ASCII)


def _quotable(text: str) -> str:
    if "'" in text or "\\" in text or not text.isprintable():
        raise ValueError("a filter cannot hold quotes, backslashes or control characters")
    return text


def _valid_target(target: str) -> str:
    if "://" not in target and re.split("[/?#]", target)[0].endswith(":"):
        raise ValueError("there is no port after its colon; without a colon, it is any port")
    url = _url(target)
    if url.scheme not in {"http", "https"}:
        raise ValueError("it is neither http nor https")
    if url.query or url.fragment or url.path not in {None, "/"}:
        raise ValueError(
            "a filter finds a host (any port), host:port, or a URL without path and query; "
            "leave the path out to mean every path of that host"
        )
    return target


def _url(target: str) -> Url:
    try:
        return Url(target if "://" in target else f"http://{target}")
    except ValidationError as error:
        problem = error.errors()[0]["msg"]
        raise ValueError(f"it is not a host, host:port or URL: {problem}") from None


def _enclosable(where: str) -> str:
    """Refuses a condition that could leave the parentheses around it, however Temporal reads it.

    Outside quotes there may only be characters of conditions. A comment could hide a parenthesis
    from this count, or end what stands around it; a backslash could hide a quote.
    """
    unquoted = _QUOTED.sub(" ", where)
    depth = 0
    for char in unquoted:
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth < 0:
            break
    if not where.strip():
        problem = "is empty"
    elif not where.isprintable() or "\\" in where:
        problem = "cannot hold backslashes or control characters"
    elif "'" in unquoted or '"' in unquoted or "`" in unquoted:
        problem = "has a quote without its end"
    elif "--" in unquoted or not _CONDITION.fullmatch(unquoted):
        problem = "holds, outside quotes, characters that no condition has (comments are refused)"
    elif depth != 0:
        problem = "has a parenthesis without its counterpart"
    else:
        return where
    raise ValueError(f"the condition {problem}")


class FilterFields(TypedDict, total=False):
    """The fields of a ``Filter``, as keyword arguments."""

    status: Status | None
    target: str | None
    type: str | None
    since: datetime | None
    until: datetime | None
    where: str | None


class Filter(Model):
    """Which notifications are meant; a field that is ``None`` does not narrow them."""

    status: Status | None = None
    target: Annotated[str, AfterValidator(_quotable), AfterValidator(_valid_target)] | None = None
    """A host (any port), ``host:port``, or a URL without path and query."""
    type: Annotated[str, AfterValidator(_quotable)] | None = None
    since: AwareDatetime | None = None
    """Accepted at this moment or later."""
    until: AwareDatetime | None = None
    """Accepted before this moment."""
    where: Annotated[str, AfterValidator(_enclosable)] | None = None
    """A condition in the language of Temporal's visibility queries, which narrows the rest."""

    @classmethod
    def of(cls, given: "Filter | None", fields: FilterFields) -> "Filter":
        """The filter of a call that takes one as an object or as keyword arguments.

        Raises ``InvalidInputError`` if a field breaks its rule, or both are given.
        """
        if given is None:
            return cls.model_validate(fields)
        if fields:
            names = ", ".join(fields)
            raise InvalidInputError(f"a Filter and {names} are given; put {names} into the Filter")
        return given

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise ValueError(
                f"until ({self.until.isoformat()}) must be later than since "
                f"({self.since.isoformat()})"
            )
        return self

    @property
    def is_empty(self) -> bool:
        """Whether it means every notification."""
        return not self.model_dump(exclude_none=True)

    @property
    def authority(self) -> str | None:
        """Host and port of ``target``; only ``host:`` if it names no port."""
        if self.target is None:
            return None
        url = _url(self.target)
        # If the port changes with the scheme (80 or 443), the caller gave none.
        if "://" in self.target or Url(f"https://{self.target}").port == url.port:
            return f"{url.host}:{url.port}"
        return f"{url.host}:"
