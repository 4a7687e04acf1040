"""What a file of notifications holds, and what it is refused for as a whole."""

import json
from pathlib import Path
from typing import Final

import pytest

from tidings import InvalidInputError
from tidings.cli import file

ONE: Final = {"id": "a", "type": "b", "target": "http://x.test/", "body": {"n": [{"id": "c"}]}}
LINE: Final = json.dumps(ONE)
PRETTY: Final = json.dumps(ONE, indent=2)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "notifications.json"


def read(path: Path, text: str | bytes) -> list[tuple[int, bool]]:
    """The numbers of the lines, and whether there is an object in each."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return [(each.number, each.content == ONE) for each in file.read(path)]


def refusal(path: Path, text: str | bytes) -> str:
    with pytest.raises(InvalidInputError) as refused:
        read(path, text)
    return str(refused.value)


@pytest.mark.parametrize("text", [LINE, f"{LINE}\n", PRETTY, f"\n{PRETTY}\n\n", f"\ufeff{PRETTY}"])
def test_one_object_may_be_written_over_many_lines(path: Path, text: str) -> None:
    assert read(path, text) == [(1, True)]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f"{LINE}\n{LINE}", [(1, True), (2, True)]),
        (f"\ufeff{LINE}\r\n\r\n{LINE}\r\n", [(1, True), (3, True)]),
        (f"{LINE}\n{LINE[:-9]}\n[1]\n{LINE}", [(1, True), (2, False), (3, False), (4, True)]),
        (f"{LINE[:-9]}\n{LINE}", [(1, False), (2, True)]),
        (f'{{"id": a}}\n{LINE}', [(1, False), (2, True)]),
        (f"[{LINE}]\n{LINE}", [(1, False), (2, True)]),
        (f"[2026-11-22] begins\n{LINE}", [(1, False), (2, True)]),
        (f"id,type,target\n\n{LINE}", [(1, False), (3, True)]),
        ("{'id': 'a'}\n{'id': 'b'}", [(1, False), (2, False)]),
        (b"\xff\n" + LINE.encode(), [(1, False), (2, True)]),
        (LINE[:-9], [(1, False)]),
        ("5", [(1, False)]),
    ],
    ids=[
        "all good", "blank between", "bad between", "first cut off", "first no JSON",
        "first an array", "first a log line", "first a header", "none JSON", "first no Unicode",
        "the only one cut off", "a number",
    ],
)  # fmt: skip
def test_a_bad_line_is_one_line_and_the_others_are_read(
    path: Path, text: str | bytes, lines: list[tuple[int, bool]]
) -> None:
    assert read(path, text) == lines


def test_a_bad_line_is_told_with_its_column_and_no_line_of_its_own(path: Path) -> None:
    path.write_text(f'{LINE}\n{{"id": a}}')
    assert str(file.read(path)[1].content) == "no JSON: Expecting value: column 8"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (PRETTY.replace('"type":', '"type"'), "Expecting ':' delimiter: line 3 column 10"),
        (PRETTY.replace('"b",', '"b"'), "Expecting ',' delimiter: line 4 column 3"),
        (PRETTY[:-1], "line 12 column 1"),
        (f"\ufeff\n{PRETTY[:-1]},}}", "line 13 column "),  # of the comma from Python 3.13 on
        (f"{PRETTY}\n{PRETTY}", "Extra data: line 13 column 1"),
        (f"{LINE},\n{LINE},\n{LINE}", f"Extra data: line 1 column {len(LINE) + 1}"),
        (PRETTY.encode().replace(b'"b"', b'"\xff"'), "can't decode byte 0xff"),
    ],
    ids=["colon", "comma", "cut off", "comma at the end", "two", "commas between", "no Unicode"],
)
def test_an_object_over_many_lines_has_one_error_where_it_is(
    path: Path, text: str | bytes, problem: str
) -> None:
    told = refusal(path, text)
    assert told.startswith(f"{path} is no JSON: ")
    assert problem in told
    assert "JSON Lines" in told


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        f"[{LINE}]",
        f"[\n{LINE},\n{LINE}\n]",
        f"\ufeff[\n{LINE},\n{LINE}",
        f"[{LINE},\n{LINE}\n",
        f"[{LINE},{LINE}",
        json.dumps([ONE, ONE], indent=2),
        json.dumps([ONE, ONE], indent=2)[:-3],
    ],
)
def test_an_array_is_refused_as_a_whole(path: Path, text: str) -> None:
    told = refusal(path, text)
    assert "is a JSON array" in told
    assert "JSON Lines" in told


def test_a_file_that_is_empty_or_not_there_is_refused(path: Path) -> None:
    with pytest.raises(InvalidInputError, match="cannot be read: No such file"):
        file.read(path)
    assert "is empty" in refusal(path, "\n \n")
