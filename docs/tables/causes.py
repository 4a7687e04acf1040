"""The table of the causes: their codes, and the words for them."""

from docs.tables.markdown import code, table
from tidings.state.cause import FAMILIES, WORDS


def causes() -> str:
    """All codes, those without a detail first."""
    rows = [*WORDS.items(), *FAMILIES.items()]
    return table(("code", "in words"), [(code(name), _escaped(words)) for name, words in rows])


def _escaped(words: str) -> str:
    """The words with their placeholders, which are no HTML."""
    return words.replace("<", "\\<")
