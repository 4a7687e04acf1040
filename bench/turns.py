"""The rounds of a comparison, in which the sides take turns."""

import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final, TypeVar

ROUNDS: Final = 3
Side = TypeVar("Side")
Figures = TypeVar("Figures")


async def in_turn(
    sides: Mapping[str, Side],
    run: Callable[[Side, Path], Awaitable[Figures]],
    *,
    rounds: int = ROUNDS,
) -> dict[str, list[Figures]]:
    """The figures of each side, from ``run``, which gets a new directory each time.

    The sides take turns, so that what else the machine does meets all of them. Each figure goes to
    standard error as it comes.
    """
    figures: dict[str, list[Figures]] = {name: [] for name in sides}
    for round_ in range(1, rounds + 1):
        for name, side in sides.items():
            with tempfile.TemporaryDirectory(prefix="tidings-bench-") as directory:
                figures[name].append(await run(side, Path(directory)))
            print(f"round {round_}, {name}: {figures[name][-1]}", file=sys.stderr, flush=True)
    return figures
