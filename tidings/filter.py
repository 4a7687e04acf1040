"""The filter of lists, counts and batches; pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final, Self, TypedDict

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    model_validator,
)

from tidings.base import Model, default
from tidings.errors import InvalidInputError
from tidings.fields import target_filter
from tidings.fields.condition import Condition
from tidings.state import Status, WaitReason
from tidings.state.cause import Cause, is_meant
from tidings.state.moment import Moment, Subject

if TYPE_CHECKING:
    from tidings.base.model import Converted


def _quotable(text: str) -> str:
    if "'" in text or "\\" in text or not text.isprintable():
        raise ValueError("a filter cannot hold quotes, backslashes or control characters")
    return text


def _one_or_many(value: object) -> object:
    if value is None or isinstance(value, str) or not isinstance(value, Iterable):
        return None if value is None else (value,)
    return tuple(dict.fromkeys(value))


def _few_enough(ids: tuple[str, ...]) -> tuple[str, ...]:
    if len(ids) > MAX_IDS:
        raise ValueError(
            f"it has {len(ids):,} ids, and the limit is {MAX_IDS:,}; give them in several calls"
        )
    return ids


MAX_IDS: Final = 5000
"""The most ids of a filter: a batch with them has to fit into Temporal's 2 MiB."""
_OF_THE_WEB_UI: Final = "notification:"
"""What the Web UI shows in front of an id: the ``WORKFLOW_ID_PREFIX`` of ``contract``."""
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_\-:/]{1,200}$")]

if TYPE_CHECKING:
    StatusChoice = Converted[tuple[Status, ...] | None, Status | Iterable[Status] | None]
    IdChoice = Converted[tuple[str, ...] | None, str | Iterable[str] | None]
else:
    StatusChoice = Annotated[
        Annotated[tuple[Status, ...], Field(min_length=1)] | None, BeforeValidator(_one_or_many)
    ]
    IdChoice = Annotated[
        Annotated[tuple[Id, ...], Field(min_length=1), AfterValidator(_few_enough)] | None,
        BeforeValidator(_one_or_many),
    ]


class FilterFields(TypedDict, total=False):
    """The fields of a ``Filter``, as keyword arguments."""

    status: Status | Iterable[Status] | None
    ids: str | Iterable[str] | None
    id_prefix: str | None
    target: str | None
    type: str | None
    reason: WaitReason | None
    cause: str | None
    moment: Moment | None
    since: datetime | None
    until: datetime | None
    where: str | None


class Filter(Model):
    """The notifications that a call is about; a field that is ``None`` does not narrow them."""

    status: StatusChoice = default(None)
    """The status that they have now, or one of several."""
    ids: IdChoice = default(None)
    """Their ids, one or at most 5,000. Each may have ``notification:`` in front."""
    id_prefix: Id | None = None
    """The beginning of their ids, which may have ``notification:`` in front."""
    target: (
        Annotated[str, AfterValidator(_quotable), AfterValidator(target_filter.valid)] | None
    ) = None
    """The host that they go to (any port), a ``host:port``, or a URL. A URL with a path other than
    ``/`` means that path, with any query unless the URL has one."""
    type: Annotated[str, AfterValidator(_quotable)] | None = None
    """The type, exactly as it was sent: ``payment.succeeded``."""
    reason: WaitReason | None = None
    """The reason why they await intervention."""
    cause: Cause | None = None
    """The code of what went wrong with them. ``answered`` means every status that was answered,
    ``answered:500`` that one."""
    moment: Moment | None = None
    """The moment that ``since`` and ``until`` are about; ``None`` is that of acceptance."""
    since: AwareDatetime | None = None
    """The moment of each is this one, or after it."""
    until: AwareDatetime | None = None
    """The moment of each is before this one."""
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
        if self.moment is not None and self.since is None and self.until is None:
            raise ValueError(f"moment is {self.moment}, which needs a since or an until")
        stuck = Status.AWAITING_INTERVENTION
        if self.is_of_stuck and self.status is not None and stuck not in self.status:
            field = next(each for each in ("reason", "cause", "moment") if getattr(self, each))
            raise ValueError(
                f"status is {', '.join(self.status)}, and only {stuck} has a {field}; "
                f"leave the {field} or the status out"
            )
        return self

    @property
    def statuses(self) -> tuple[Status, ...]:
        """The statuses that it names; none if every status is meant."""
        return self.status or ()

    @property
    def id_prefixes(self) -> tuple[str, ...]:
        """The beginnings of ids that ``id_prefix`` means; none if it is ``None``.

        ``notification:`` alone means ids that begin so, and not every id.
        """
        given = self.id_prefix
        if given is None:
            return ()
        copied = given.removeprefix(_OF_THE_WEB_UI)
        return (given, copied) if copied not in ("", given) else (given,)

    @property
    def is_empty(self) -> bool:
        """True if it means every notification."""
        return not self.model_dump(exclude_none=True)

    @property
    def is_of_stuck(self) -> bool:
        """True if only what is stuck can have what it asks for."""
        is_moment = self.moment is Moment.STUCK
        return self.reason is not None or self.cause is not None or is_moment

    @property
    def is_exact(self) -> bool:
        """True if Temporal's lists can decide it alone.

        They know neither path nor reason, nor since when something is stuck.
        """
        return self.path is None and self.reason is None and self.moment is not Moment.STUCK

    @property
    def authority(self) -> str | None:
        """Host and port of ``target``; ``host:`` if it does not name a port."""
        return target_filter.authority_of(self.target) if self.target is not None else None

    @property
    def path(self) -> str | None:
        """The path and query of ``target``; ``None`` if it names neither."""
        return target_filter.path_of(self.target) if self.target is not None else None

    def unmet(self, subject: Subject) -> str | None:
        """The condition that ``subject`` does not meet, as a sentence; ``None`` if it meets all.

        ``where`` and ``ids`` are left out: only a query of Temporal decides these.
        """
        return next(self._unmet(subject), None)

    def _unmet(self, it: Subject) -> Iterator[str]:
        if self.status is not None and it.status not in self.status:
            yield f"it is {it.status}, and not {' or '.join(self.status)}"
        if self.reason is not None and it.reason is not self.reason:
            yield f"it is {it.reason or 'not stuck'}, and not {self.reason}"
        if self.id_prefix is not None and not it.id.startswith(self.id_prefixes):
            yield f"its id does not begin with {self.id_prefix}"
        if self.type is not None and it.type != self.type:
            yield f"its type is {it.type}, and not {self.type}"
        if self.cause is not None and not is_meant(self.cause, it.cause):
            yield f"its cause is {it.cause or 'none'}, and not {self.cause}"
        if self.target is not None and not target_filter.is_meant(self.target, it.target):
            yield f"its target is {it.target or 'not known yet'}, and not {self.target}"
        yield from self._out_of_time(it)

    def _out_of_time(self, it: Subject) -> Iterator[str]:
        moment = self.moment or Moment.ACCEPTED
        found = moment.of(it)
        if found is None and (self.since is not None or self.until is not None):
            yield f"it {moment.has_not_come}"
        if found is not None and self.since is not None and found < self.since:
            yield f"it {moment.has_come} before {self.since.isoformat()}"
        if found is not None and self.until is not None and found >= self.until:
            yield f"it {moment.has_not_come} before {self.until.isoformat()}"
