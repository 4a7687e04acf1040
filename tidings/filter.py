"""The filter of lists, counts and batches; pure."""

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
        raise ValueError("there is no port after its colon; leave the colon out to mean any port")
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
    """Refuses a condition that could close the parentheses around it.

    Temporal may read the text differently from this check, so that only plain characters may
    stand outside quotes. A comment could hide a parenthesis or end the query. A backslash could
    hide a quote.
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
        problem = "holds characters outside quotes that a condition cannot have, or a comment"
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
    """The notifications that a call is about; a field that is ``None`` does not narrow them."""

    status: Status | None = None
    """The status that they have now."""
    target: Annotated[str, AfterValidator(_quotable), AfterValidator(_valid_target)] | None = None
    """The host that they go to (any port), a ``host:port``, or a URL without path and query."""
    type: Annotated[str, AfterValidator(_quotable)] | None = None
    """The type, exactly as it was sent: ``payment.succeeded``."""
    since: AwareDatetime | None = None
    """The moment at which, or after which, they were accepted."""
    until: AwareDatetime | None = None
    """The moment before which they were accepted."""
    where: Annotated[str, AfterValidator(_enclosable)] | None = None
    """A further condition, in the language of Temporal's visibility queries."""

    @classmethod
    def of(cls, whole: Self | None, fields: FilterFields) -> Self:
        """The filter of a call: ``whole``, or one made of ``fields``.

        Raises ``InvalidInputError`` if a field breaks its rule, or if both are given.
        """
        if whole is not None and fields:
            names = ", ".join(fields)
            raise InvalidInputError(
                f"the call has a Filter and also {names}; put {names} into the Filter"
            )
        return cls.model_validate(fields if whole is None else whole)

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
        """True if it means every notification."""
        return not self.model_dump(exclude_none=True)

    @property
    def authority(self) -> str | None:
        """Host and port of ``target``; ``host:`` if it does not name a port."""
        if self.target is None:
            return None
        url = _url(self.target)
        # If the port changes with the scheme (80 or 443), the caller gave none.
        if "://" in self.target or Url(f"https://{self.target}").port == url.port:
            return f"{url.host}:{url.port}"
        return f"{url.host}:"
