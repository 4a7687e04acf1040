"""Sets of statuses, as a rule on answers writes them; pure."""

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer

from tidings.base.text import ranges

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


def _compact(statuses: tuple[int, ...]) -> list[int | str]:
    """Statuses with ranges, as people write them: 100 of them in one text."""
    return [int(part) if part.isdigit() else part for part in ranges(statuses).split(", ")]


def _ascending(statuses: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(set(statuses)))


if TYPE_CHECKING:
    from tidings.base.model import Converted

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
            PlainSerializer(_compact, when_used="json"),
        ]
        | None
    )
    """Statuses, and ranges of them such as ``"200-299"``."""
