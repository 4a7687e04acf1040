"""What a condition of a bulk action may be, and what it cannot widen."""

import random
import re
from typing import Any

import pytest

from tidings import InvalidInputError
from tidings.cli import many
from tidings.temporal import bulk, visibility

STUCK = "NotificationStatus = 'awaiting_intervention' AND ExecutionStatus = 'Running'"


def test_only_what_is_stuck_is_selected_and_a_condition_narrows_it() -> None:
    query = bulk.query(everything=False, target="a.example:80", where="StartTime > '2026'")
    assert query.endswith(
        f" AND {STUCK} AND NotificationTarget = 'a.example:80' AND (StartTime > '2026')"
    )
    assert bulk.query(everything=True, target=None, where=None).endswith(STUCK)


@pytest.mark.parametrize("everything", [True, False])
def test_everything_has_to_be_asked_for_and_excludes_a_filter(everything: bool) -> None:  # noqa: FBT001
    with pytest.raises(InvalidInputError, match=f"everything is {everything}"):
        bulk.query(everything=everything, target="a" if everything else None, where=None)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({}, "give an ID, or filters"),
        ({"everything": True, "type_": "a"}, "leave the filters out"),
        ({"everything": True, "where": ""}, "leave the filters out"),
        ({"where": ""}, "is empty"),
        ({"where": "a = 1) OR (a = 2"}, "parenthesis"),
        ({"type_": "x'"}, "cannot hold quotes"),
        ({"target": "://"}, "is no host"),
        ({"since": "yesterday"}, "yesterday"),
        ({"since": "2026-01-02", "until": "2026-01-01"}, "is not after"),
    ],
)
def test_a_command_line_that_selects_nothing_or_too_much_is_refused(
    options: dict[str, Any], problem: str
) -> None:
    nothing = dict.fromkeys(("where", "target", "type_", "since", "until"))
    with pytest.raises(InvalidInputError, match=problem):
        many.filters(**{**nothing, "everything": False, **options})


@pytest.mark.parametrize(
    "where",
    [
        "NotificationType = 'payment.succeeded'",
        "NotificationType = \"it's\" OR NotificationType IN ('a', 'b')",
        "`NotificationType` = 'a''b' AND NOT (StartTime < '2026-01-01T00:00:00+08:00')",
        "NotificationType = ') OR (' AND NotificationTarget STARTS_WITH '--/*'",
        "HistoryLength >= -1.5 AND StartTime BETWEEN '1' AND '2'",
        "NotificationType = '支付'",
    ],
)
def test_a_condition_is_taken_as_it_is(where: str) -> None:
    assert visibility.query(where=where) == f"{visibility.query()} AND ({where})"


@pytest.mark.parametrize(
    ("where", "problem"),
    [
        ("", "is empty"),
        ("  ", "is empty"),
        ("a = 1) OR (a = 2", "parenthesis"),
        (")(", "parenthesis"),
        ("(a = 1", "parenthesis"),
        ("a = 1)", "parenthesis"),
        # Temporal 1.32 reads these four as conditions that leave the parentheses.
        ("a = 1 /* ( */ ) OR (a = 2 /* ) */", "what no condition is made of"),
        ("a = 1) /* ( */ OR (a = 2 /* ) */", "what no condition is made of"),
        ("a = 1 -- ( \n ) OR (a = 2 -- ) \n", "control characters"),
        ("a = 1 -- ( ) OR (a = 2 -- )", "what no condition is made of"),
        ("a = 1 #", "what no condition is made of"),
        ("a = 1;", "what no condition is made of"),
        ("a = 'x\\') OR (b = \\'y'", "backslashes"),
        ("a = 'x", "a quote without its end"),
        ('a = \'x" OR "y\'"', "a quote without its end"),
        ("a = 'x\x00'", "control characters"),
        ("a = 支", "what no condition is made of"),
    ],
)
def test_what_could_leave_the_parentheses_is_refused(where: str, problem: str) -> None:
    with pytest.raises(InvalidInputError, match=problem):
        visibility.query(where=where)


def test_nothing_of_pieces_thrown_together_leaves_the_parentheses() -> None:
    """Read by another reader than the one that refuses: one character after the other."""
    source = random.Random(20260101)
    pieces = ["(", ")", "'", '"', "`", "--", "/*", "*/", "\\", "#", "\n", "a = 1", " OR ", "''"]
    taken = 0
    for _ in range(20_000):
        where = "".join(source.choices(pieces, k=source.randrange(1, 9)))
        try:
            query = visibility.query(where=where)
        except InvalidInputError:
            continue
        taken += 1
        assert query == f"{visibility.query()} AND ({where})"
        assert _deepest_exit(where) >= 0
        assert not re.search(r"--|/\*|#|\\", re.sub(r"'[^']*'|\"[^\"]*\"|`[^`]*`", "", where))
    assert taken > 100


def _deepest_exit(where: str) -> int:
    """How deep the parentheses go at the least, outside quotes; -9 where a quote is left open."""
    depth = lowest = 0
    quote = None
    for char in where:
        if quote is not None:
            quote = None if char == quote else quote
        elif char in "'\"`":
            quote = char
        else:
            depth += (char == "(") - (char == ")")
            lowest = min(lowest, depth)
    return lowest if quote is None and depth == 0 else -9
