"""The rooms: few imports between those of the library, and no circle anywhere.

A folder counts as one room, and so does a module beside it. In the version of 2026-11-22, when
every module of the library stood side by side, 103 pairs of modules imported each other.
"""

from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Final

import grimp
import pytest

PACKAGES: Final = ("tidings", "workflows", "activities", "service", "demo")
IMPORTS_BEFORE: Final = 103
Pairs = set[tuple[str, str]]


def imports(*packages: str, lazy: bool) -> Pairs:
    """Each pair of modules of which the first imports the second.

    ``lazy`` counts imports for type checkers, too. They stand for the names that
    ``tidings/__init__.py`` loads when they are used.
    """
    graph = grimp.build_graph(*packages, exclude_type_checking_imports=not lazy, cache_dir=None)
    return {
        (importer, imported)
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
    }


def room(module: str) -> str:
    return ".".join(module.split(".")[:2])


def between_rooms(modules: Pairs) -> Pairs:
    pairs = {(room(importer), room(imported)) for importer, imported in modules}
    return {(importer, imported) for importer, imported in pairs if importer != imported}


def circle(pairs: Pairs) -> list[str]:
    """The modules of a circle. An empty list means that there is no circle."""
    graph = defaultdict[str, set[str]](set)
    for importer, imported in pairs:
        graph[importer].add(imported)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize("lazy", [True, False], ids=["with-lazy-names", "without-them"])
def test_few_imports_lead_from_room_to_room(lazy: bool) -> None:  # noqa: FBT001
    pairs = between_rooms(imports("tidings", lazy=lazy))
    listed = "\n".join(f"{importer} -> {imported}" for importer, imported in sorted(pairs))
    assert 3 * len(pairs) < 2 * IMPORTS_BEFORE, f"{len(pairs)} imports between rooms:\n{listed}"
    assert len(pairs) > 40, "it has overlooked some"


@pytest.mark.parametrize("lazy", [True, False], ids=["with-lazy-names", "without-them"])
def test_no_imports_go_in_a_circle(lazy: bool) -> None:  # noqa: FBT001
    modules = imports(*PACKAGES, lazy=lazy)
    assert circle(modules) == []
    assert circle(between_rooms(modules)) == []


def test_a_circle_would_be_found() -> None:
    assert set(circle({("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")})) == {"a", "b", "c"}
    assert circle(set(pairwise("abcd"))) == []
