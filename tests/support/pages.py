"""Pages of notifications in the Web UI, and the states that they show."""

import json
import re
from datetime import timedelta
from typing import Any, Final

from tests.support.samples import NOW, attempt, state
from tidings.state import NotificationState

HOSTILE: Final = (
    "<script>alert(1)</script> | **b** `c` [d](http://evil.example/) _e_ ~~f~~ $g$ &lt; \\\n"
)


def stuck(**fields: Any) -> NotificationState:
    """The state of a stuck notification."""
    defaults = {
        "status": "awaiting_intervention",
        "reason": "exhausted",
        "cause": "answered:500",
        "intervention_deadline": NOW + timedelta(days=30),
        "attempts": [attempt(1), attempt(2)],
        "round": 1,
    }
    return state(**{**defaults, **fields})


def examples(text: str) -> list[dict[str, Any]]:
    """The JSON of each block of code: what the page says to send."""
    blocks = re.findall(r"(?:^    .*\n?)+", text, re.MULTILINE)
    return [json.loads(block) for block in blocks]


def beginning(text: str) -> str:
    """The first paragraph of a page, as a person sees it."""
    first = text.partition("\n\n")[0].replace("\N{NON-BREAKING HYPHEN}", "-")
    return re.sub(r"&#(\d+);", lambda match: chr(int(match[1])), first)
