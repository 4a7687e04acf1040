"""The rule on which answers acknowledge a notification; pure."""

import math
import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Final, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from tidings.base import Model, default
from tidings.retry import Interval
from tidings.text import brief

_LOWEST, _HIGHEST = 200, 599
_ALL: Final = _HIGHEST - _LOWEST + 1
_RANGE: Final = re.compile(r"([0-9]{3})(?:-([0-9]{3}))?")


def _expanded(value: object) -> object:
    """The single statuses of ``[200, "202-204"]``; other items stay, and the field refuses them."""
    if isinstance(value, int | str):
        return _expanded([value])
    if not isinstance(value, Iterable) or isinstance(value, Mapping | bytes):
        raise ValueError("statuses are written as 200, '200-299', or a list of these")  # noqa: TRY004
    # A few bytes of ranges can name millions. Reading stops at one too many, which is refused.
    statuses = tuple(islice((status for part in value for status in _statuses(part)), _ALL + 1))
    if not statuses:
        raise ValueError("it holds no status; give one, or leave the field out")
    return statuses


def _statuses(part: object) -> Iterable[object]:
    if not isinstance(part, str):
        return (part,)
    match = _RANGE.fullmatch(part)
    if match is None:
        raise ValueError("a range of statuses reads '200-299'")
    first, last = int(match[1]), int(match[2] or match[1])
    if first > last:
        raise ValueError(f"the range {part} is empty: it ends before it begins")
    if first < _LOWEST or last > _HIGHEST:
        raise ValueError(f"the statuses of an answer go from {_LOWEST} to {_HIGHEST}")
    return range(first, last + 1)


def _ascending(statuses: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(set(statuses)))


if TYPE_CHECKING:
    from tidings.base import Converted

    StatusSet = Converted[tuple[int, ...] | None, Iterable[int | str] | int | str | None]
else:
    StatusSet = (
        Annotated[
            tuple[Annotated[int, Field(ge=_LOWEST, le=_HIGHEST)], ...],
            Field(max_length=_ALL),
            BeforeValidator(
                _expanded,
                json_schema_input_type=list[
                    int | Annotated[str, Field(pattern=f"^{_RANGE.pattern}$")]
                ]
                | int
                | str,
            ),
            AfterValidator(_ascending),
        ]
        | None
    )
    """Statuses, and ranges of them such as ``"200-299"``."""

_MAX_TEXT: Final = 1024
_MAX_INTEGER: Final = 2**64 - 1


def _pointer(value: object) -> object:
    if isinstance(value, str) and value and not value.startswith("/"):
        raise ValueError(f"a JSON pointer begins with '/'; did you mean {brief(f'/{value}')}?")
    return value


def _scalar(value: object) -> object:
    """Refuses in one sentence. A union of types would refuse once for each type."""
    match value:
        case None | bool():
            pass
        case str():
            value.encode()
            if len(value) > _MAX_TEXT:
                raise ValueError(f"a text has at most {_MAX_TEXT} characters")
        case int():
            if abs(value) > _MAX_INTEGER:
                raise ValueError("an integer has at most 64 bits")
        case float():
            if not math.isfinite(value):
                raise ValueError("a number has to be finite")
        case _:
            raise ValueError("only a text, a number, true, false and null can be compared")
    return value


Text = Annotated[str, Field(max_length=_MAX_TEXT)]
JsonPointer = Annotated[
    str,
    Field(max_length=200, pattern=r"^(?:/(?:[^~/\x00-\x1f]|~[01])*)*$"),
    BeforeValidator(_pointer),
]
"""A JSON pointer (RFC 6901), as ``/code`` or ``/data/0/state``. The empty one is the document."""
JsonScalar = Annotated[bool | int | float | Text | None, BeforeValidator(_scalar)]
ElementPath = Annotated[
    str, Field(max_length=200, pattern=r"^(?:\.|[^\W\d][\w.\-]*(?:/[^\W\d][\w.\-]*)*)$")
]
"""Names of elements below the root, without namespaces, as ``return_code`` or ``head/state``.
``.`` is the root itself."""


class Acknowledgement(Model):
    """The answer that the target has agreed to give; every condition that is set must hold."""

    status: StatusSet = default(None)
    """The statuses that acknowledge: a number, a range as ``"200-299"``, or a list of these.
    ``None`` is every 2xx that is in neither ``pending`` nor ``refused``."""
    body_equals: Text | None = None
    """The whole body that acknowledges, in UTF-8, at most 1024 characters. ``None`` is any body."""
    ignore_case_and_space: bool = False
    """Compare ``body_equals`` without regard to case and to white space around the body."""
    json_equals: dict[JsonPointer, JsonScalar] | None = Field(
        default=None, min_length=1, max_length=10
    )
    """The values that the body must have as JSON, by JSON pointer: ``{"/code": "SUCCESS"}``.
    At most 10."""
    xml_equals: dict[ElementPath, Text] | None = Field(default=None, min_length=1, max_length=10)
    """The texts that the body must have as XML, by element: ``{"return_code": "SUCCESS"}``.
    At most 10."""
    pending: StatusSet = default(None)
    """The statuses that mean "accepted, but not finished", as 202. The next attempt asks again."""
    pending_interval: Interval = default(timedelta(minutes=1))
    """The delay after a pending answer, in place of the schedule's: 1 ms to 365 days."""
    refused: StatusSet = default(None)
    """Further statuses that refuse for good. Every 4xx does so already, except 408, 425 and
    429."""

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        for status in self.status or ():
            if 300 <= status <= 399:
                raise ValueError(f"status holds {status}, a redirect, which never acknowledges")
        self._check_overlap("status", self.status, "pending", self.pending)
        self._check_overlap("status", self.status, "refused", self.refused)
        self._check_overlap("pending", self.pending, "refused", self.refused)
        if self.status is None and {*range(200, 300)} <= {*self.pending_or_refused}:
            raise ValueError("no status is left that acknowledges; give one in status")
        if self.ignore_case_and_space and self.body_equals is None:
            raise ValueError("ignore_case_and_space needs a body_equals to compare; give both")
        if self.json_equals and self.xml_equals:
            raise ValueError("a body is not JSON and XML at once; give json_equals or xml_equals")
        if self.status is not None and {*self.status} <= {204, 205}:
            for name in ("body_equals", "json_equals", "xml_equals"):
                if getattr(self, name):
                    raise ValueError(f"no answer of status 204 or 205 has a body for {name}")
        return self

    @property
    def pending_or_refused(self) -> tuple[int, ...]:
        """The statuses to which the rule gives another meaning than "acknowledged"."""
        return (*(self.pending or ()), *(self.refused or ()))

    @staticmethod
    def _check_overlap(
        name: str, ones: tuple[int, ...] | None, other: str, others: tuple[int, ...] | None
    ) -> None:
        both = sorted({*(ones or ())} & {*(others or ())})
        if both:
            raise ValueError(f"{both[0]} is in {name} and in {other}; it can mean one thing only")
