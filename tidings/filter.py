"""The filter of lists, counts and batches; pure."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Protocol, Self, TypedDict

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
from tidings.fields.condition import Condition
from tidings.fields.path import path
from tidings.fields.target import authority
from tidings.state import Status, WaitReason

if TYPE_CHECKING:
    from tidings.base.model import Converted


def _quotable(text: str) -> str:
    if "'" in text or "\\" in text or not text.isprintable():
        raise ValueError("a filter cannot hold quotes, backslashes or control characters")
    return text


def _valid_target(target: str) -> str:
    netloc = re.split("[/?#]", target.partition("://")[2] or target)[0]
    if "://" not in target and netloc.endswith(":"):
        raise ValueError("there is no port after its colon; leave the colon out to mean any port")
    url = _url(target)
    if url.scheme not in {"http", "https"}:
        raise ValueError("it is neither http nor https")
    if not netloc:
        raise ValueError("there is no host behind its scheme")
    if "@" in netloc:
        raise ValueError("a target has neither user nor password; leave them out")
    if "://" not in target and (url.query is not None or url.path not in {None, "/"}):
        raise ValueError("a path needs a whole URL in front of it, as in https://host/path")
    if url.fragment is not None:
        raise ValueError("a fragment (#…) is never sent to a target; leave it out")
    return target


def _one_or_many(value: object) -> object:
    if value is None or isinstance(value, str) or not isinstance(value, Iterable):
        return None if value is None else (value,)
    return tuple(dict.fromkeys(value))


def _url(target: str) -> Url:
    try:
        return Url(target if "://" in target else f"http://{target}")
    except ValidationError as error:
        problem = error.errors()[0]["msg"]
        raise ValueError(f"it is not a host, host:port or URL: {problem}") from None


if TYPE_CHECKING:
    StatusChoice = Converted[tuple[Status, ...] | None, Status | Iterable[Status] | None]
else:
    StatusChoice = Annotated[
        Annotated[tuple[Status, ...], Field(min_length=1)] | None, BeforeValidator(_one_or_many)
    ]


class Subject(Protocol):
    """A notification that a filter can decide about: its state, or its summary in a list."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def type(self) -> str | None:
        """Its type; ``None`` if no worker has seen it yet."""

    @property
    def target(self) -> str | None:
        """Its URL; ``None`` as for ``type``."""

    @property
    def status(self) -> Status:
        """Its status."""

    @property
    def reason(self) -> WaitReason | None:
        """The reason why it is stuck."""

    @property
    def accepted_at(self) -> datetime:
        """The moment at which it was accepted."""


class FilterFields(TypedDict, total=False):
    """The fields of a ``Filter``, as keyword arguments."""

    status: Status | Iterable[Status] | None
    id_prefix: str | None
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
    id_prefix: Annotated[str, Field(pattern=r"^[A-Za-z0-9_\-:/]{1,200}$")] | None = None
    """The beginning of their ids."""
    target: Annotated[str, AfterValidator(_quotable), AfterValidator(_valid_target)] | None = None
    """The host that they go to (any port), a ``host:port``, or a URL. A URL with a path other than
    ``/`` means that path, with any query unless the URL has one."""
    type: Annotated[str, AfterValidator(_quotable)] | None = None
    """The type, exactly as it was sent: ``payment.succeeded``."""
    reason: WaitReason | None = None
    """The reason why they await intervention."""
    since: AwareDatetime | None = None
    """The moment at which, or after which, they were accepted."""
    until: AwareDatetime | None = None
    """The moment before which they were accepted."""
    where: Condition | None = None
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
        stuck = Status.AWAITING_INTERVENTION
        if self.reason is not None and self.status is not None and stuck not in self.status:
            raise ValueError(
                f"status is {', '.join(self.status)}, and only {stuck} has a reason; "
                "leave the reason or the status out"
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
    def is_exact(self) -> bool:
        """True if Temporal's lists can decide it alone: they know neither path nor reason."""
        return self.path is None and self.reason is None

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
    def path(self) -> str | None:
        """The path and query of ``target``; ``None`` if it names neither."""
        if self.target is None or "://" not in self.target:
            return None
        return found if (found := path(self.target)) != "/" else None

    def unmet(self, subject: Subject) -> str | None:
        """The condition that ``subject`` does not meet, as a sentence; ``None`` if it meets all.

        ``where`` is left out, because only Temporal can decide it.
        """
        return next(self._unmet(subject), None)

    def _unmet(self, it: Subject) -> Iterator[str]:
        if self.status is not None and it.status not in self.status:
            yield f"it is {it.status}, and not {' or '.join(self.status)}"
        if self.reason is not None and it.reason is not self.reason:
            yield f"it is {it.reason or 'not stuck'}, and not {self.reason}"
        if self.id_prefix is not None and not it.id.startswith(self.id_prefix):
            yield f"its id does not begin with {self.id_prefix}"
        if self.type is not None and it.type != self.type:
            yield f"its type is {it.type}, and not {self.type}"
        if self.since is not None and it.accepted_at < self.since:
            yield f"it was accepted before {self.since.isoformat()}"
        if self.until is not None and it.accepted_at >= self.until:
            yield f"it was not accepted before {self.until.isoformat()}"
        if self.target is not None and not self._is_target(it.target):
            yield f"its target is {it.target or 'not known yet'}, and not {self.target}"

    def _is_target(self, target: str | None) -> bool:
        if target is None:
            return False
        wanted, found = f"{self.authority}", authority(target)
        is_host = found.startswith(wanted) if wanted.endswith(":") else found == wanted
        return is_host and (self.path is None or _is_path(self.path, path(target)))


def _is_path(wanted: str, found: str) -> bool:
    return found == wanted or ("?" not in wanted and found.partition("?")[0] == wanted)
