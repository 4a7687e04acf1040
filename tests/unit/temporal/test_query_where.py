"""The free condition of a filter, which cannot widen the rest."""

import random
import re

import pytest

from tidings.errors import InvalidInputError
from tidings.filter import Filter
from tidings.temporal.query import query


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
    assert query(Filter(where=where)) == f"{query(Filter())} AND ({where})"


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
        (
            "a = 1 /* ( */ ) OR (a = 2 /* ) */",
            "characters outside quotes that a condition cannot have",
        ),
        (
            "a = 1) /* ( */ OR (a = 2 /* ) */",
            "characters outside quotes that a condition cannot have",
        ),
        ("a = 1 -- ( \n ) OR (a = 2 -- ) \n", "control characters"),
        ("a = 1 -- ( ) OR (a = 2 -- )", "characters outside quotes that a condition cannot have"),
        ("a = 1 #", "characters outside quotes that a condition cannot have"),
        ("a = 1;", "characters outside quotes that a condition cannot have"),
        ("a = 'x\\') OR (b = \\'y'", "backslashes"),
        ("a = 'x", "a quote without its end"),
        ('a = \'x" OR "y\'"', "a quote without its end"),
        ("a = 'x\x00'", "control characters"),
        ("a = 支", "characters outside quotes that a condition cannot have"),
    ],
)
def test_what_could_leave_the_parentheses_is_refused(where: str, problem: str) -> None:
    with pytest.raises(InvalidInputError, match=problem):
        query(Filter(where=where))


def test_no_random_text_leaves_the_parentheses() -> None:
    """Checked by another reader than the one that refuses: one character after the other."""
    source = random.Random(20260101)
    pieces = ["(", ")", "'", '"', "`", "--", "/*", "*/", "\\", "#", "\n", "a = 1", " OR ", "''"]
    taken = 0
    for _ in range(20_000):
        where = "".join(source.choices(pieces, k=source.randrange(1, 9)))
        try:
            text = query(Filter(where=where))
        except InvalidInputError:
            continue
        taken += 1
        assert text == f"{query(Filter())} AND ({where})"
        assert _deepest_exit(where) >= 0
        assert not re.search(r"--|/\*|#|\\", re.sub(r"'[^']*'|\"[^\"]*\"|`[^`]*`", "", where))
    assert taken > 100


def _deepest_exit(where: str) -> int:
    """The lowest depth of parentheses outside quotes; -9 if a quote has no end."""
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
