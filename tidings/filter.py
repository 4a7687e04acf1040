"""The filter of lists, counts and batches; pure."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final, Self, TypedDict
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import Url

from tidings.base import Model, default
from tidings.errors import InvalidInputError
from tidings.fields.target import authority
from tidings.results import NotificationSummary
from tidings.state import NotificationState, Status, WaitReason

if TYPE_CHECKING:
    from tidings.base.model import Converted

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
    if "://" not in target and (url.query or url.path not in {None, "/"}):
        raise ValueError("a path needs a whole URL in front of it, as in https://host/path")
    if url.fragment is not None:
        raise ValueError("a fragment (#…) is never sent to a target; leave it out")
    return target


def _one_or_many(value: object) -> object:
    return value if isinstance(value, tuple | list | None) else (value,)


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


if TYPE_CHECKING:
    StatusChoice = Converted[tuple[Status, ...] | None, Status | Iterable[Status] | None]
else:
    StatusChoice = Annotated[
        Annotated[tuple[Status, ...], Field(min_length=1, max_length=len(Status))] | None,
        BeforeValidator(_one_or_many),
    ]


class FilterFields(TypedDict, total=False):
    """The fields of a ``Filter``, as keyword arguments."""

    status: Status | tuple[Status, ...] | None
    target: str | None
    type: str | None
    reason: WaitReason | None
    since: datetime | None
    until: datetime | None
    where: str | None


class Filter(Model):
    """The notifications that a call is about; a field that is ``None`` does not narrow them."""

    status: StatusChoice = default(None)
    """The status that they have now, or one of several."""
    target: Annotated[str, AfterValidator(_quotable), AfterValidator(_valid_target)] | None = None
    """The host that they go to (any port), a ``host:port``, or a URL. A URL with a path means that
    path, with any query unless the URL has one."""
    type: Annotated[str, AfterValidator(_quotable)] | None = None
    """The type, exactly as it was sent: ``payment.succeeded``."""
    reason: WaitReason | None = None
    """The reason why they await intervention."""
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
    def statuses(self) -> tuple[Status, ...]:
        """The statuses that it names; none if every status is meant."""
        return self.status or ()

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

    @property
    def is_exact(self) -> bool:
        """True if Temporal's own lists can tell who meets it: they know host, port and status."""
        return self.path is None and self.reason is None

    @property
    def path(self) -> str | None:
        """The path and query of ``target``; ``None`` if it names neither."""
        if self.target is None or "://" not in self.target:
            return None
        return _path(self.target) if _path(self.target) != "/" else None

    def unmet(self, subject: NotificationState | NotificationSummary) -> str | None:
        """Why ``subject`` does not meet this filter, as the end of a sentence; ``None`` if it does.

        ``where`` is not looked at, because only Temporal can.
        """
        if self.status is not None and subject.status not in self.status:
            return f"it is {subject.status}, and not {' or '.join(self.status)}"
        if self.reason is not None and subject.reason is not self.reason:
            return f"it waits for the reason {subject.reason}, and not {self.reason}"
        if self.type is not None and subject.type != self.type:
            return f"its type is {subject.type}, and not {self.type}"
        if self.since is not None and subject.accepted_at < self.since:
            return f"it was accepted before {self.since.isoformat()}"
        if self.until is not None and subject.accepted_at >= self.until:
            return f"it was not accepted before {self.until.isoformat()}"
        return self._unmet_target(subject.target)

    def _unmet_target(self, target: str | None) -> str | None:
        if self.target is None:
            return None
        if target is None:
            return f"its target is not known, and {self.target} was meant"
        is_host = authority(target).startswith(f"{self.authority}")
        is_same = (
            is_host if f"{self.authority}".endswith(":") else authority(target) == self.authority
        )
        if is_same and (self.path is None or self._is_path(_path(target))):
            return None
        return f"its target is {target}, and not {self.target}"

    def _is_path(self, path: str) -> bool:
        wanted = self.path or ""
        return path == wanted or ("?" not in wanted and path.partition("?")[0] == wanted)


def _path(target: str) -> str:
    """The path and query of a URL, as they are sent."""
    parts = urlsplit(target)
    return f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
