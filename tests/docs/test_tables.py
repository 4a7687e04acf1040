"""The tables of the reference pages are those of the code."""

from pathlib import Path

import pytest

from docs.generate import REFERENCE, filled

_PAGES = sorted(REFERENCE.glob("*.md"))


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.stem)
def test_tables_are_current(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert filled(text) == text, "run: .venv/bin/python -m docs.generate"
