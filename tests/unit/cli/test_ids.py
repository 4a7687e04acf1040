"""The ids of a command line: its arguments, and a file of them."""

from pathlib import Path

import pytest

from tidings import InvalidInputError
from tidings.cli import ids
from tidings.temporal.query import unfound


@pytest.mark.parametrize(
    ("arguments", "lines", "expected"),
    [
        ([], "a\nb\n", ["a", "b"]),
        (["a"], "b", ["a", "b"]),
        (["b", "a", "b"], "a\nc", ["b", "a", "c"]),
        ([], "\n  a \r\n\n\tb", ["a", "b"]),
        ([], "notification:a\na", ["notification:a", "a"]),
        ([], "# a", ["# a"]),  # the filter refuses it, because no id is like that
    ],
)
def test_each_id_comes_once_in_its_order(
    tmp_path: Path, arguments: list[str], lines: str, expected: list[str]
) -> None:
    file = tmp_path / "ids"
    file.write_bytes(lines.encode())
    assert ids.read(arguments, file) == expected


def test_without_a_file_there_are_the_arguments() -> None:
    assert ids.read(["a", "a"], None) == ["a"]
    assert ids.read(None, None) == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [(b"", "has no ids"), (b" \n\n", "has no ids"), (b"a\n\xff\xfe", "is not in UTF-8")],
)
def test_a_file_without_ids_is_refused(tmp_path: Path, content: bytes, problem: str) -> None:
    file = tmp_path / "ids"
    file.write_bytes(content)
    with pytest.raises(InvalidInputError, match=problem):
        ids.read([], file)


@pytest.mark.parametrize(
    ("given", "found", "expected"),
    [
        (["a", "b"], {"b"}, ["a"]),
        (["notification:a"], {"a"}, []),
        (["notification:a"], {"notification:a"}, []),
        (["a"], {"notification:a"}, ["a"]),
        (["a"], set[str](), ["a"]),
        ([], {"a"}, []),
    ],
)
def test_an_id_without_a_notification_is_told(
    given: list[str], found: set[str], expected: list[str]
) -> None:
    assert unfound(given, found) == expected
