"""The notifications in a file, and the files that are refused as a whole."""

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
    """The number of each line, and True if there is an object in it."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return [(each.number, each.content == ONE) for each in file.read(path)]


def refusal(path: Path, text: str | bytes) -> str:
    with pytest.raises(InvalidInputError) as refused:
        read(path, text)
    return str(refused.value)


def words(text: str) -> str:
    """The words of this interpreter, which differ from version to version, on broken JSON."""
    with pytest.raises(json.JSONDecodeError) as broken:
        json.loads(text)
    return f"{broken.value.msg}: line {broken.value.lineno} column {broken.value.colno}"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(LINE, id="one line"),
        pytest.param(f"{LINE}\n", id="one line and its end"),
        pytest.param(PRETTY, id="many lines"),
        pytest.param(f"\n{PRETTY}\n\n", id="blank lines around"),
        pytest.param(f"\ufeff{PRETTY}", id="byte order mark"),
    ],
)
def test_one_object_may_be_written_over_many_lines(path: Path, text: str) -> None:
    assert read(path, text) == [(1, True)]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param(f"{LINE}\n{LINE}", [(1, True), (2, True)], id="all good"),
        pytest.param(f"\ufeff{LINE}\r\n\r\n{LINE}\r\n", [(1, True), (3, True)], id="blank between"),
        pytest.param(
            f"{LINE}\n{LINE[:-9]}\n[1]\n{LINE}",
            [(1, True), (2, False), (3, False), (4, True)],
            id="bad between",
        ),
        pytest.param(f"{LINE[:-9]}\n{LINE}", [(1, False), (2, True)], id="first cut off"),
        pytest.param(f'{{"id": a}}\n{LINE}', [(1, False), (2, True)], id="first not JSON"),
        pytest.param(f"[{LINE}]\n{LINE}", [(1, False), (2, True)], id="first an array"),
        pytest.param(
            f"[2026-11-22] begins\n{LINE}", [(1, False), (2, True)], id="first a log line"
        ),
        pytest.param(f"id,type,target\n\n{LINE}", [(1, False), (3, True)], id="first a header"),
        pytest.param("{'id': 'a'}\n{'id': 'b'}", [(1, False), (2, False)], id="no line is JSON"),
        pytest.param(b"\xff\n" + LINE.encode(), [(1, False), (2, True)], id="first not Unicode"),
        pytest.param(LINE[:-9], [(1, False)], id="the only one cut off"),
        pytest.param("5", [(1, False)], id="a number"),
    ],
)
def test_a_bad_line_is_one_line_and_the_others_are_read(
    path: Path, text: str | bytes, lines: list[tuple[int, bool]]
) -> None:
    assert read(path, text) == lines


def test_the_error_of_a_line_has_a_column_and_no_line(path: Path) -> None:
    """The number of the line in the file is ``Line.number``."""
    path.write_text(f'{LINE}\n{{"id": a}}')
    assert str(file.read(path)[1].content) == "not JSON: Expecting value: column 8"


EXACT: Final = "0.1000000000000000055"
LOSSY: Final = LINE.replace('[{"id": "c"}]', EXACT)


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        pytest.param(f"{LOSSY}\n{LINE}", ["body.n", None], id="first"),
        pytest.param(f"{LINE}\n{LOSSY}", [None, "body.n"], id="second"),
        pytest.param(LOSSY, ["body.n"], id="alone"),
        pytest.param(
            json.dumps(json.loads(LINE), indent=1).replace('"b"', EXACT), ["type"], id="long"
        ),
        pytest.param(f"{LINE[:-9]}\n{LOSSY}", ["not JSON", "body.n"], id="behind-a-broken-line"),
        pytest.param(f'{LINE}\n{{"a":1,"a":2}}', [None, "the name 'a' twice"], id="name-twice"),
    ],
)
def test_case_13_a_number_that_would_change_fails_its_line(
    path: Path, text: str, problems: list[str | None]
) -> None:
    path.write_text(text)
    lines = file.read(path)
    assert len(lines) == len(problems)
    for line, problem in zip(lines, problems, strict=True):
        if problem is None:
            assert line.content == ONE
        else:
            assert isinstance(line.content, InvalidInputError)
            assert str(line.content).startswith(problem) or problem in str(line.content)


def test_case_9_numbers_of_a_file_are_exact(path: Path) -> None:
    path.write_text('{"a": [18446744073709551615, 1.0, 12.5]}')
    (line,) = file.read(path)
    assert repr(line.content) == "{'a': [18446744073709551615, 1.0, 12.5]}"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            PRETTY.replace('"type":', '"type"'),
            "Expecting ':' delimiter: line 3 column 10",
            id="colon",
        ),
        pytest.param(
            PRETTY.replace('"b",', '"b"'), "Expecting ',' delimiter: line 4 column 3", id="comma"
        ),
        pytest.param(PRETTY[:-1], "line 12 column 1", id="cut off"),
        pytest.param(
            f"\ufeff\n{PRETTY[:-1]},}}", words(f"\n{PRETTY[:-1]},}}"), id="comma at the end"
        ),
        pytest.param(f"{PRETTY}\n{PRETTY}", "Extra data: line 13 column 1", id="two objects"),
        pytest.param(
            f"{LINE},\n{LINE},\n{LINE}",
            f"Extra data: line 1 column {len(LINE) + 1}",
            id="commas between",
        ),
        pytest.param(
            PRETTY.encode().replace(b'"b"', b'"\xff"'), "can't decode byte 0xff", id="not Unicode"
        ),
    ],
)
def test_a_broken_document_has_one_error_at_its_place(
    path: Path, text: str | bytes, problem: str
) -> None:
    message = refusal(path, text)
    assert message.startswith(f"{path} is not JSON: ")
    assert problem in message
    assert "JSON Lines" in message


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[]", id="empty"),
        pytest.param(f"[{LINE}]", id="one line"),
        pytest.param(f"[\n{LINE},\n{LINE}\n]", id="an object a line"),
        pytest.param(f"\ufeff[\n{LINE},\n{LINE}", id="an object a line, cut off"),
        pytest.param(f"[{LINE},\n{LINE}\n", id="two lines, cut off"),
        pytest.param(f"[{LINE},{LINE}", id="one line, cut off"),
        pytest.param(json.dumps([ONE, ONE], indent=2), id="many lines"),
        pytest.param(json.dumps([ONE, ONE], indent=2)[:-3], id="many lines, cut off"),
    ],
)
def test_an_array_is_refused_as_a_whole(path: Path, text: str) -> None:
    message = refusal(path, text)
    assert "is a JSON array" in message
    assert "JSON Lines" in message


def test_a_missing_or_empty_file_is_refused(path: Path) -> None:
    with pytest.raises(InvalidInputError, match="cannot be read: No such file"):
        file.read(path)
    assert "is empty" in refusal(path, "\n \n")
