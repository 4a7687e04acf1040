"""The free condition of a filter, in the language of Temporal's visibility queries; pure."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator

_QUOTED: Final = re.compile(r"""'[^']*'|"[^"]*"|`[^`]*`""")
_CONDITION: Final = re.compile(r"[\w .,=<>!()+-]*", re.ASCII)


def _enclosable(where: str) -> str:
    """Refuses a condition that could close the parentheses around it.

    Temporal may read the text differently from this check, so that only plain characters may
    stand outside quotes. A comment could hide a parenthesis or end the query. A backslash could
    hide a quote.
    """
    unquoted = _QUOTED.sub(" ", where)
    depth = 0
    for char in unquoted:
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth < 0:
            break
    if not where.strip():
        problem = "is empty"
    elif not where.isprintable() or "\\" in where:
        problem = "cannot hold backslashes or control characters"
    elif "'" in unquoted or '"' in unquoted or "`" in unquoted:
        problem = "has a quote without its end"
    elif "--" in unquoted or not _CONDITION.fullmatch(unquoted):
        problem = "holds characters outside quotes that a condition cannot have, or a comment"
    elif depth != 0:
        problem = "has a parenthesis without its counterpart"
    else:
        return where
    raise ValueError(f"the condition {problem}")


Condition = Annotated[str, AfterValidator(_enclosable)]
"""A condition that stays inside the parentheses around it."""
