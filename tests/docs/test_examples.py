"""Every example of README and documentation runs, or says why it does not."""

from pathlib import Path

import pytest

from tests.docs.markdown import PAGES, Block, blocks
from tests.docs.stage import needs_service, stage

_LANGUAGES = {"python", "console", "json", "toml", "text", "setup", "{toctree}"}
_EXAMPLES = {page: list(blocks(page)) for page in PAGES}
_RUN = {
    page: found
    for page, found in _EXAMPLES.items()
    if any(each.language not in {"text", "{toctree}"} and each.not_run is None for each in found)
}
_NOT_RUN = [each for found in _EXAMPLES.values() for each in found if each.not_run is not None]


@pytest.mark.parametrize("page", _RUN)
async def test_examples_of_a_page_run_in_their_order(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They share one service, one directory and Python's names, as they do for a reader."""
    examples = [each for each in _RUN[page] if each.not_run is None]
    with_service = any(needs_service(each) for each in examples)
    async with stage(tmp_path, with_service=with_service) as made:
        monkeypatch.setenv("TEMPORAL_ADDRESS", made.address)
        for example in examples:
            try:
                await made.run(example)
            except Exception as error:
                raise AssertionError(f"{example.place}: {error!r}") from error


@pytest.mark.parametrize("block", _NOT_RUN, ids=lambda block: block.place)
def test_example_that_is_not_run_says_why(block: Block) -> None:
    assert block.not_run is not None
    assert len(block.not_run.split()) >= 3


@pytest.mark.parametrize("page", PAGES)
def test_blocks_are_of_languages_that_are_checked(page: str) -> None:
    """Otherwise an example could escape by being called ``sh`` or ``py``."""
    assert {each.language for each in _EXAMPLES[page]} <= _LANGUAGES
