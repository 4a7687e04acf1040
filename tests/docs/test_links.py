"""Links between the pages, and from the pages to files, lead somewhere."""

import re
from typing import Final
from urllib.parse import unquote

import pytest

from tests.docs.markdown import PAGES, ROOT, anchors, links

_PATH: Final = re.compile(r"`((?:[\w.-]+/)+[\w.-]*)`")
"""A path of the checkout, in a span of code."""


@pytest.mark.parametrize("page", PAGES)
def test_relative_links_and_anchors_exist(page: str) -> None:
    broken = []
    for link in links(page):
        if "://" in link or link.startswith("mailto:"):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert not broken


def test_every_page_is_reached_from_the_index() -> None:
    """Sphinx reports pages outside of a toctree; this holds for the links of README, too."""
    linked = {
        ((ROOT / page).parent / link.partition("#")[0]).resolve()
        for page in PAGES
        for link in links(page)
        if "://" not in link
    }
    unreached = [page for page in PAGES if (ROOT / page).resolve() not in linked]
    assert unreached == []


def test_paths_that_contributors_read_exist() -> None:
    """Modules move; the table of the rooms has to move with them."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    built = ("build/", "docs/reference/")
    paths = [path for path in _PATH.findall(text) if not path.startswith(built)]
    assert len(paths) > 20
    assert [path for path in paths if not (ROOT / path).exists()] == []
